import type { Outcome } from "../domain/outcome.ts"

const WINDOW = 500

/**
 * Tells a wrong credential (sandbox key against production, another app's project) from single wrong tokens: more than
 * half of the last 500 answers refuse the pairing of token and credential (reliability 4.2). Before there are 500, the
 * missing ones count as good ones, so a full window of refusals is noticed after 251.
 */
export class PairingWatch {
  readonly #refused = new Uint8Array(WINDOW)
  #next = 0
  #count = 0

  /** Notes an answer that says something about the pairing; true when the credential is to be paused. */
  note(outcome: Outcome): boolean {
    switch (outcome.kind) {
      case "accepted":
      case "token_gone":
      case "token_changed":
      case "payload_rejected":
        this.#put(0)
        return false
      case "credential_refused":
        this.#put(1)
        return this.#count * 2 > WINDOW
      default:
        return false
    }
  }

  /** The credential was set or resumed. */
  reset(): void {
    this.#refused.fill(0)
    this.#next = 0
    this.#count = 0
  }

  #put(refused: 0 | 1): void {
    this.#count += refused - (this.#refused[this.#next] as number)
    this.#refused[this.#next] = refused
    this.#next = (this.#next + 1) % WINDOW
  }
}
