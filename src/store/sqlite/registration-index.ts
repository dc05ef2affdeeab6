import type { Connection } from "./connection.ts"
import { DEVICE_KEY_STATEMENTS, KeyIndex, TOKEN_KEY_STATEMENTS } from "./key-index.ts"
import type { Marks } from "./marks.ts"
import type { RegistrationNumbers } from "./registration-numbers.ts"

/** How much may wait in memory, and how it is worked off. Tests take tiny figures. */
export interface KeyFolding {
  /** Late registrations below which nothing is folded. Defaults to 65 536. */
  readonly least: number
  /** Late registrations from which on something is folded, however many there are in all. Defaults to 400 000. */
  readonly most: number
  /** In between: one late registration for so many in all. Defaults to 64. */
  readonly share: number
  /** Entries that are folded in one go, a few milliseconds. Defaults to 1024. */
  readonly slice: number
}

export const DEFAULT_KEY_FOLDING: KeyFolding = { least: 65_536, most: 400_000, share: 64, slice: 1024 }

/** Entries folded for each new registration: what came in while the fold went on is a quarter of what it took away. */
const FOLDED_PER_REGISTRATION = 4
const LOAD_PAGE = 1000
/** Keys that one step reads to fill a filter: less than a millisecond. */
const FILTER_PAGE = 2000

export const REGISTRATION_INDEX_STATEMENTS = {
  load: `select number, device_key, token_key, receives from registrations where number > ? order by number limit ?`,
  devices: "select sum(count) from device_counts",
} as const

/**
 * Finds registrations by device and by token. At a million devices a new one would change a random page in the table of
 * device keys and another in that of token keys, and each page is written twice. So the latest registrations, a
 * sixty-fourth of all, are found through memory, and go to the tables in bulk, a slice with every group of writes. What is
 * in memory can be read again from the last rows: it needs no writing of its own, and a crash loses nothing.
 */
export class RegistrationIndex {
  readonly #deviceKeys: KeyIndex
  readonly #tokenKeys: KeyIndex
  readonly #connection: Connection
  readonly #marks: Marks
  readonly #numbers: RegistrationNumbers
  readonly #folding: KeyFolding
  readonly #load
  readonly #devices
  #isLoaded = false
  #isLoadedInTransaction = false
  /** The mark index_version as this process knows it. */
  #version = 0
  #threshold = 0
  #isFolding = false
  /** Entries that may be folded: grows with each registration. */
  #allowance = 0

  constructor(connection: Connection, marks: Marks, numbers: RegistrationNumbers, folding: KeyFolding) {
    this.#connection = connection
    this.#marks = marks
    this.#numbers = numbers
    this.#folding = folding
    this.#deviceKeys = new KeyIndex(connection, DEVICE_KEY_STATEMENTS)
    this.#tokenKeys = new KeyIndex(connection, TOKEN_KEY_STATEMENTS)
    this.#load = connection
      .prepare<[number, number], [number, number, number, number]>(REGISTRATION_INDEX_STATEMENTS.load)
      .raw()
    this.#devices = connection.prepare<[], number | null>(REGISTRATION_INDEX_STATEMENTS.devices).pluck()
  }

  get devices(): KeyIndex {
    if (!this.#isLoaded) this.load()
    return this.#deviceKeys
  }

  /** Of the registrations that receive. */
  get tokens(): KeyIndex {
    if (!this.#isLoaded) this.load()
    return this.#tokenKeys
  }

  /** A registration that receives for its token was inserted. */
  add(number: number, deviceKey: number, tokenKey: number): void {
    this.devices.add(deviceKey, number)
    this.tokens.add(tokenKey, number)
    this.#allowance += FOLDED_PER_REGISTRATION
  }

  /** Reads the late registrations: a third of a second at five million devices. Otherwise done at the first use. */
  load(): void {
    const folded = this.#marks.get("keys_folded")
    const target = this.#marks.get("keys_folding")
    const devices = this.#devices.get() ?? 0
    const state = { folded, target, latest: this.#numbers.latest, keys: devices }
    this.#deviceKeys.reset(state)
    this.#tokenKeys.reset(state)
    this.#isLoadedInTransaction = this.#connection.inTransaction
    this.#connection.transaction(() => this.#loadAfter(folded)).deferred()
    this.#isFolding = target > folded
    this.#threshold = this.#chooseThreshold(devices)
    this.#version = this.#marks.get("index_version")
    this.#isLoaded = true
  }

  /** When another process has written, and after the marks were reloaded: what is in memory may be wrong. */
  forgetIfChanged(): void {
    if (this.#marks.get("index_version") !== this.#version) this.#isLoaded = false
  }

  /** At the end of each transaction: folds a slice if one is due, and tells other processes what has changed. */
  committing(): void {
    if (!this.#isLoaded) return
    this.#foldIfDue()
    if (!this.#deviceKeys.hasChanged && !this.#tokenKeys.hasChanged) return
    this.#version++
    this.#marks.set("index_version", this.#version)
  }

  #foldIfDue(): void {
    if (!this.#isFolding && this.#deviceKeys.late >= this.#threshold) this.#start()
    const { slice } = this.#folding
    for (; this.#isFolding && this.#allowance >= slice; this.#allowance -= slice) {
      const devicesDone = this.#deviceKeys.fold(slice)
      if (this.#tokenKeys.fold(slice) && devicesDone) this.#end()
    }
  }

  /** Work for moments when nobody waits: fills the filters. Returns whether there is more. */
  workInBackground(): boolean {
    if (!this.#isLoaded) return false
    const filling = [this.#deviceKeys, this.#tokenKeys].find((keys) => keys.isFillingFilter)
    filling?.fillFilter(FILTER_PAGE)
    return this.#deviceKeys.isFillingFilter || this.#tokenKeys.isFillingFilter
  }

  committed(): void {
    this.#isLoadedInTransaction = false
    this.#deviceKeys.committed()
    this.#tokenKeys.committed()
  }

  /** After the marks were rolled back. */
  rolledBack(): void {
    this.#deviceKeys.rolledBack()
    this.#tokenKeys.rolledBack()
    this.#isFolding = this.#marks.get("keys_folding") > this.#marks.get("keys_folded")
    this.#version = this.#marks.get("index_version")
    // What was read then may never have been committed.
    if (this.#isLoadedInTransaction) this.#isLoaded = false
    this.#isLoadedInTransaction = false
  }

  #loadAfter(folded: number): void {
    for (let after = folded; ; ) {
      const rows = this.#load.all(after, LOAD_PAGE)
      for (const [number, deviceKey, tokenKey, receives] of rows) {
        this.#deviceKeys.load(deviceKey, number)
        if (receives === 1) this.#tokenKeys.load(tokenKey, number)
      }
      if (rows.length < LOAD_PAGE) return
      after = rows.at(-1)?.[0] as number
    }
  }

  #start(): void {
    const target = this.#numbers.latest
    this.#marks.set("keys_folding", target)
    this.#deviceKeys.startFolding(target)
    this.#tokenKeys.startFolding(target)
    this.#isFolding = true
    this.#allowance = 0
  }

  #end(): void {
    this.#marks.set("keys_folded", this.#marks.get("keys_folding"))
    this.#deviceKeys.endFolding()
    this.#tokenKeys.endFolding()
    this.#isFolding = false
    this.#threshold = this.#chooseThreshold(this.#devices.get() ?? 0)
  }

  #chooseThreshold(devices: number): number {
    const { least, most, share } = this.#folding
    return Math.max(least, Math.min(most, devices / share))
  }
}
