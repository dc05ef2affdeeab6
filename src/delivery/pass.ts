import { type ProviderName, providerOf } from "../domain/platform.ts"
import type { AudienceDevice, ProviderStarts, SegmentPass } from "../store/message-store.ts"

/** Which devices of a segment have their turn on its present way, and what is left to the next (ADR 28). */
export class Pass {
  readonly #only: ProviderStarts | undefined
  #later: ProviderStarts

  constructor({ only, later }: SegmentPass) {
    this.#only = only
    this.#later = later
  }

  get stored(): SegmentPass {
    return { only: this.#only, later: this.#later }
  }

  /** Whether something is left to the next pass. */
  get leavesOut(): boolean {
    return Object.keys(this.#later).length > 0
  }

  isFor(provider: ProviderName): boolean {
    return this.#only === undefined || this.#only[provider] !== undefined
  }

  has({ platform, registration }: AudienceDevice): boolean {
    const provider = providerOf(platform)
    if (provider === undefined) return this.#only === undefined
    const start = this.#only === undefined ? 0 : this.#only[provider]
    if (start === undefined || registration <= start) return false
    return registration <= (this.#later[provider] ?? Number.POSITIVE_INFINITY)
  }

  /** Leaves the provider's devices after this number to the next pass: none of them may have been taken up in this one. */
  leaveOut(provider: ProviderName, after: number): void {
    this.#later = { ...this.#later, [provider]: after }
  }

  /** The pass after this one, and the cursor that it begins with. */
  next(): { readonly pass: SegmentPass; readonly cursor: number } {
    return { pass: { only: this.#later, later: {} }, cursor: Math.min(...Object.values(this.#later)) }
  }
}
