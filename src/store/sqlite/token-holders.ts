import type { Connection } from "./connection.ts"
import type { DeviceRow } from "./device-statements.ts"
import type { RegistrationIndex } from "./registration-index.ts"

export const TOKEN_HOLDER_STATEMENTS = {
  holder: `select number, application, token, platform, receives, newer_holder, older_holder, expires_at
    from registrations where number = ?`,
  setNewer: "update registrations set newer_holder = ?, receives = ? where number = ?",
  setOlder: "update registrations set older_holder = ? where number = ?",
  leaveOut: "update registrations set newer_holder = null, older_holder = null where number = ?",
} as const

type Holder = Pick<
  DeviceRow,
  | "number"
  | "application"
  | "token"
  | "platform"
  | "receives"
  | "newer_holder"
  | "older_holder"
  | "expires_at"
>

/** A token as a registration has it. */
export interface HeldToken {
  readonly key: number
  readonly application: number
  readonly platform: number
  readonly token: string
}

/**
 * Which of the registrations with one token receives (design D9): the latest. They form a list, from the latest to the
 * earliest, so that a token with a hundred thousand registrations costs each of them no more than a token with two.
 */
export class TokenHolders {
  readonly #index: RegistrationIndex
  readonly #holder
  readonly #setNewer
  readonly #setOlder
  readonly #leaveOut

  constructor(connection: Connection, index: RegistrationIndex) {
    this.#index = index
    this.#holder = connection.prepare<[number], Holder>(TOKEN_HOLDER_STATEMENTS.holder)
    this.#setNewer = connection.prepare<[number | null, number, number]>(TOKEN_HOLDER_STATEMENTS.setNewer)
    this.#setOlder = connection.prepare<[number | null, number]>(TOKEN_HOLDER_STATEMENTS.setOlder)
    this.#leaveOut = connection.prepare<[number]>(TOKEN_HOLDER_STATEMENTS.leaveOut)
  }

  /**
   * The registration `number` will receive for the token; its row and its entry in the index are the caller's to write.
   * Returns the registration that received so far, its older neighbour now.
   */
  take(held: HeldToken, number: number): number | null {
    const receiver = this.receiver(held)
    if (receiver === undefined) return null
    this.#setNewer.run(number, 0, receiver)
    this.#index.tokens.remove(held.key, receiver)
    return receiver
  }

  /** The registration that receives for the token. */
  receiver(held: HeldToken): number | undefined {
    return this.#index.tokens.numbers(held.key).find((number) => {
      const row = this.#holder.get(number)
      // The key is a hash: another token may share it.
      if (row === undefined || row.receives === 0 || row.token !== held.token) return false
      return row.application === held.application && row.platform === held.platform
    })
  }

  /** The registration gives its token up: if it received, the next latest that has not expired receives again. */
  release(row: DeviceRow, now: number): void {
    if (row.receives === 0) {
      if (row.newer_holder !== null) this.#setOlder.run(row.older_holder, row.newer_holder)
      if (row.older_holder !== null) this.#setNewer.run(row.newer_holder, 0, row.older_holder)
      return
    }
    this.#index.tokens.remove(row.token_key, row.number)
    const heir = this.#firstValid(row.older_holder, now)
    if (heir === null) return
    this.#setNewer.run(null, 1, heir)
    this.#index.tokens.add(row.token_key, heir)
  }

  /** The other registrations with the token of this one, as far as they are known. */
  *others(number: number): Iterable<number> {
    const self = this.#holder.get(number)
    for (let next = self?.newer_holder ?? null; next !== null; ) {
      yield next
      next = this.#holder.get(next)?.newer_holder ?? null
    }
    for (let next = self?.older_holder ?? null; next !== null; ) {
      yield next
      next = this.#holder.get(next)?.older_holder ?? null
    }
  }

  /** Leaves out what has expired: it never receives again, and is removed sooner or later. */
  #firstValid(from: number | null, now: number): number | null {
    for (let next = from; next !== null; ) {
      const row = this.#holder.get(next)
      if (row === undefined) return null
      if (row.expires_at === null || row.expires_at > now) return next
      this.#leaveOut.run(next)
      next = row.older_holder
    }
    return null
  }
}
