import type { Connection } from "./connection.ts"
import { DEVICE_KEY_STATEMENTS, KeyIndex, TOKEN_KEY_STATEMENTS } from "./key-index.ts"
import type { Marks } from "./marks.ts"
import type { RegistrationNumbers } from "./registration-numbers.ts"

/** How much may wait in memory, and how it is worked off. Tests take tiny figures. */
export interface KeyFolding {
  /** Late registrations below which nothing is folded. Defaults to 16 384. */
  readonly least: number
  /** Late registrations from which on something is folded, however many there are in all. Defaults to 400 000. */
  readonly most: number
  /** In between: one late registration for so many in all. Defaults to 16. */
  readonly share: number
  /** Entries that are folded in one go, a few milliseconds. Defaults to 1024. */
  readonly slice: number
}

export const DEFAULT_KEY_FOLDING: KeyFolding = { least: 16_384, most: 400_000, share: 16, slice: 1024 }

/** Entries folded for each new registration: what came in while the fold went on is a quarter of what it took away. */
const FOLDED_PER_REGISTRATION = 4
const LOAD_PAGE = 10_000

export const REGISTRATION_INDEX_STATEMENTS = {
  load: `select number, device_key, token_key, receives from registrations where number > ? order by number limit ?`,
  devices: "select sum(count) from device_counts",
} as const

/**
 * Finds registrations by device and by token. At a million devices a new one would change a random page in the table of
 * device keys and another in that of token keys, and each page is written twice. So the latest registrations, a
 * sixteenth of all, are found through memory, and go to the tables in bulk, a slice with every group of writes. What is
 * in memory can be read again from the last rows: it needs no writing of its own, and a crash loses nothing.
 */
export class RegistrationIndex {
  readonly devices: KeyIndex
  readonly tokens: KeyIndex
  readonly #connection: Connection
  readonly #marks: Marks
  readonly #numbers: RegistrationNumbers
  readonly #folding: KeyFolding
  readonly #load
  readonly #devices
  #threshold = 0
  #isFolding = false
  /** Entries that may be folded: grows with each registration. */
  #allowance = 0

  constructor(connection: Connection, marks: Marks, numbers: RegistrationNumbers, folding: KeyFolding) {
    this.#connection = connection
    this.#marks = marks
    this.#numbers = numbers
    this.#folding = folding
    this.devices = new KeyIndex(connection, DEVICE_KEY_STATEMENTS)
    this.tokens = new KeyIndex(connection, TOKEN_KEY_STATEMENTS)
    this.#load = connection
      .prepare<[number, number], [number, number, number, number]>(REGISTRATION_INDEX_STATEMENTS.load)
      .raw()
    this.#devices = connection.prepare<[], number | null>(REGISTRATION_INDEX_STATEMENTS.devices).pluck()
  }

  /** A registration that receives for its token was inserted. */
  add(number: number, deviceKey: number, tokenKey: number): void {
    this.devices.add(deviceKey, number)
    this.tokens.add(tokenKey, number)
    this.#allowance += FOLDED_PER_REGISTRATION
  }

  /** Reads the late registrations again; after the marks and numbers were reloaded. */
  reload(): void {
    const folded = this.#marks.get("keys_folded")
    const target = this.#marks.get("keys_folding")
    this.devices.reset(folded, target)
    this.tokens.reset(folded, target)
    this.#connection.transaction(() => this.#loadAfter(folded)).deferred()
    this.#isFolding = target > folded
    this.#threshold = this.#chooseThreshold()
  }

  /** At the end of each transaction: folds a slice if one is due. */
  foldIfDue(): void {
    if (!this.#isFolding) {
      if (this.devices.late < this.#threshold) return
      this.#start()
    }
    for (; this.#isFolding && this.#allowance >= this.#folding.slice; this.#allowance -= this.#folding.slice) {
      const devicesDone = this.devices.fold(this.#folding.slice)
      if (this.tokens.fold(this.#folding.slice) && devicesDone) this.#end()
    }
  }

  committed(): void {
    this.devices.committed()
    this.tokens.committed()
  }

  /** After the marks were reloaded. */
  rolledBack(): void {
    this.devices.rolledBack()
    this.tokens.rolledBack()
    this.#isFolding = this.#marks.get("keys_folding") > this.#marks.get("keys_folded")
  }

  #loadAfter(folded: number): void {
    for (let after = folded; ; ) {
      const rows = this.#load.all(after, LOAD_PAGE)
      for (const [number, deviceKey, tokenKey, receives] of rows) {
        this.devices.load(deviceKey, number)
        if (receives === 1) this.tokens.load(tokenKey, number)
      }
      if (rows.length < LOAD_PAGE) return
      after = rows.at(-1)?.[0] as number
    }
  }

  #start(): void {
    const target = this.#numbers.latest
    this.#marks.set("keys_folding", target)
    this.devices.startFolding(target)
    this.tokens.startFolding(target)
    this.#isFolding = true
    this.#allowance = 0
  }

  #end(): void {
    this.#marks.set("keys_folded", this.#marks.get("keys_folding"))
    this.devices.endFolding()
    this.tokens.endFolding()
    this.#isFolding = false
    this.#threshold = this.#chooseThreshold()
  }

  #chooseThreshold(): number {
    const { least, most, share } = this.#folding
    return Math.max(least, Math.min(most, (this.#devices.get() ?? 0) / share))
  }
}
