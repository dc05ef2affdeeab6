import { DomainError } from "../domain/errors.ts"
import type { Argon2Process } from "../runtime/argon2-process.ts"

/** Slow hashes of passwords (docs/adr/0022). */
export interface PasswordHashes {
  /**
   * A PHC string. Throws `too_many_requests` when too many wait already, in all or for the address. Without one, it is an
   * administrator's or the server's own wish, and goes first as that of a `turn` which `isFamiliar`.
   */
  hash(password: string, address?: string): Promise<string>
  /**
   * A place in the line for one comparison, kept from this call on: what is counted as a guess is then looked at. Throws as
   * `hash` does. Who `isFamiliar` goes first and has a place also when the line is full, unless too many have one.
   */
  turn(address: string, options?: { readonly isFamiliar: boolean }): PasswordTurn
  /** What both throw at the moment, whoever calls; undefined when they would not. */
  refusal(): DomainError | undefined
  /** Whether `hash` would make a stronger one today. */
  isWeak(hash: string): boolean
}

/** To be disposed of, used or not. */
export interface PasswordTurn extends Disposable {
  /** False for an undefined hash as well, after the same work. */
  matches(password: string, hash: string | undefined): Promise<boolean>
}

/** Argon2id, the library's own algorithm, in the strength of reliability 2.5: 64 MiB, three passes, about 160 ms. */
const STRENGTH = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }
/** The beginning of a PHC string: KiB and passes. */
const ARGON2ID = /^\$argon2id\$v=19\$m=([0-9]+),t=([0-9]+),p=[0-9]+\$/
const WAITING_MAX = 32
/** A quarter of the line: whoever floods it from one address leaves room for everybody else. */
const PER_ADDRESS_MAX = 8
/** Beside the line: whoever fills it must not keep out those who log in from where they are anyway. */
const FAMILIAR_MAX = 8
const RETRY_AFTER_MS = 2_000

/** Hashes passwords, a few at a time; beyond 32 that wait, and 8 of one address, further ones are refused. */
export class Argon2Hashes implements PasswordHashes {
  readonly #process: Argon2Process
  readonly #atOnceMax: number
  readonly #waiting: (() => void)[] = []
  readonly #familiarWaiting: (() => void)[] = []
  #running = 0
  /** Places that were given out, used yet or not. */
  #taken = 0
  #takenByFamiliar = 0
  readonly #takenByAddress = new Map<string, number>()
  /** Of no password: compared with for names that do not exist, so that they cost the same. */
  #nobodys: Promise<string> | undefined

  /** Each takes a core and 64 MiB: many at once would let anybody who guesses starve everything else. */
  constructor(atOnceMax: number, process: Argon2Process) {
    this.#process = process
    this.#atOnceMax = atOnceMax
  }

  async hash(password: string, address?: string): Promise<string> {
    const { leave, waiting } = this.#place(address, address === undefined)
    try {
      return await this.#inTurn(() => this.#process.hash(password, STRENGTH), waiting)
    } finally {
      leave()
    }
  }

  turn(address: string, { isFamiliar } = { isFamiliar: false }): PasswordTurn {
    const { leave, waiting } = this.#place(address, isFamiliar)
    return {
      matches: async (password, known) => {
        const compared = known ?? (await this.#nobodysHash())
        const isEqual = await this.#inTurn(() => this.#process.verify(compared, password, STRENGTH), waiting)
        return isEqual && known !== undefined
      },
      [Symbol.dispose]: leave,
    }
  }

  refusal(): DomainError | undefined {
    return this.#taken >= this.#atOnceMax + WAITING_MAX ? tooMany() : undefined
  }

  isWeak(hash: string): boolean {
    const [, memory = 0, passes = 0] = (ARGON2ID.exec(hash) ?? []).map(Number)
    return memory < STRENGTH.memoryCost || passes < STRENGTH.timeCost
  }

  /** How to give the place back, and where to wait. */
  #place(address: string | undefined, isFamiliar: boolean) {
    const isBeside = isFamiliar && this.#takenByFamiliar < FAMILIAR_MAX
    return {
      leave: isBeside ? this.#enterAsFamiliar() : this.#enter(address),
      waiting: isFamiliar ? this.#familiarWaiting : this.#waiting,
    }
  }

  /** As `#enter`, beside the line. */
  #enterAsFamiliar(): () => void {
    this.#takenByFamiliar++
    let isOver = false
    return () => {
      if (!isOver) this.#takenByFamiliar--
      isOver = true
    }
  }

  /** Takes a place; returns how to give it back. */
  #enter(address: string | undefined): () => void {
    const ofAddress = address === undefined ? 0 : (this.#takenByAddress.get(address) ?? 0)
    const refusal = ofAddress >= PER_ADDRESS_MAX ? tooMany() : this.refusal()
    if (refusal !== undefined) throw refusal
    this.#taken++
    if (address !== undefined) this.#takenByAddress.set(address, ofAddress + 1)
    let isOver = false
    return () => {
      if (!isOver) this.#leave(address)
      isOver = true
    }
  }

  #leave(address: string | undefined): void {
    this.#taken--
    if (address === undefined) return
    const left = (this.#takenByAddress.get(address) ?? 0) - 1
    if (left > 0) this.#takenByAddress.set(address, left)
    else this.#takenByAddress.delete(address)
  }

  #nobodysHash(): Promise<string> {
    this.#nobodys ??= this.#inTurn(() => this.#process.hash("", STRENGTH)).catch((error: unknown) => {
      this.#nobodys = undefined
      throw error
    })
    return this.#nobodys
  }

  async #inTurn<Result>(work: () => Promise<Result>, waiting = this.#waiting): Promise<Result> {
    if (this.#running >= this.#atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      // Who waited longest takes the place over, so that it is never free for a third one in between.
      const next = this.#familiarWaiting.shift() ?? this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}

function tooMany(): DomainError {
  return new DomainError("too_many_requests", "Too many logins at once; try again in a moment.", {
    retryAfterMs: RETRY_AFTER_MS,
  })
}
