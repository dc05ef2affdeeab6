import { hash } from "node:crypto"
import { DomainError } from "../../src/domain/errors.ts"
import type { PasswordHashes, PasswordTurn } from "../../src/service/password-hashes.ts"

/** Hashes of passwords that cost nothing, where a test is not about them. */
export class QuickHashes implements PasswordHashes {
  /** How often a password was hashed or compared. */
  count = 0
  /** True: as busy as the real ones can be. */
  isBusy = false

  async hash(password: string): Promise<string> {
    this.#work()
    return `quick ${hash("sha256", password, "hex")}`
  }

  turn(_address: string, { isFamiliar } = { isFamiliar: false }): PasswordTurn {
    if (!isFamiliar) this.#mustHaveRoom()
    return {
      matches: async (password, known) => {
        this.count++
        return known?.replace(/^weak /, "quick ") === `quick ${hash("sha256", password, "hex")}`
      },
      [Symbol.dispose]: () => {},
    }
  }

  refusal(): DomainError | undefined {
    return this.isBusy ? new DomainError("too_many_requests", "busy", { retryAfterMs: 2000 }) : undefined
  }

  isWeak(hash: string): boolean {
    return hash.startsWith("weak ")
  }

  #mustHaveRoom(): void {
    const refusal = this.refusal()
    if (refusal !== undefined) throw refusal
  }

  #work(): void {
    this.#mustHaveRoom()
    this.count++
  }
}
