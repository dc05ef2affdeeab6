import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"

const ISSUED_MAX = 10_000

/** Opaque OAuth access tokens that expire on the injected clock; the oldest of more than 10 000 are forgotten. */
export class AccessTokens<Grant> {
  readonly #clock: Clock
  readonly #random: Random
  readonly #prefix: string
  readonly #issued = new Map<string, { readonly grant: Grant; readonly expiresAt: number }>()
  #count = 0

  constructor(clock: Clock, random: Random, prefix: string) {
    this.#clock = clock
    this.#random = random
    this.#prefix = prefix
  }

  issue(grant: Grant, lifetimeMs: number): string {
    this.#count += 1
    const token = this.#prefix + this.#random.bytes(48).toString("base64url")
    if (this.#issued.size >= ISSUED_MAX) {
      const oldest = this.#issued.keys().next().value
      if (oldest !== undefined) this.#issued.delete(oldest)
    }
    this.#issued.set(token, { grant, expiresAt: this.#clock.now() + lifetimeMs })
    return token
  }

  /** What the bearer of an Authorization header may do; undefined when it is missing, unknown or expired. */
  grantOf(authorization: string | undefined): Grant | undefined {
    const token = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1]
    const issued = token === undefined ? undefined : this.#issued.get(token)
    return issued !== undefined && this.#clock.now() < issued.expiresAt ? issued.grant : undefined
  }

  /** How many were issued. */
  get count(): number {
    return this.#count
  }

  /** All issued tokens are refused from now on. */
  revokeAll(): void {
    this.#issued.clear()
  }
}
