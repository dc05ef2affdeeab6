import type { Outcome } from "../../src/domain/outcome.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import type { Reaction } from "./fake-provider.ts"
import type { SimulatedWorld } from "./simulated-node.ts"

/** What goes wrong at the providers of one story: with single pushes, and in an outage of one of them or of both. */
export class ProviderFaults {
  readonly #dice: Pick<SimulatedWorld, "integer" | "chance" | "pick">
  readonly #bad: { readonly [kind: string]: number }
  readonly #outage: {
    readonly from: number
    readonly to: number
    readonly of: readonly ProviderName[]
    readonly isAmbiguous: boolean
  }

  /** The outage begins within so many milliseconds. */
  constructor(dice: Pick<SimulatedWorld, "integer" | "chance" | "pick">, withinMs: number) {
    this.#dice = dice
    this.#bad = {
      ambiguous: dice.pick([0, 0.02, 0.2]),
      retry_later: dice.pick([0, 0.05, 0.3]),
      throttled: dice.pick([0, 0.02]),
      token_gone: dice.pick([0, 0.05]),
      payload_rejected: dice.pick([0, 0.05]),
      slow: dice.pick([0, 0.01, 0.1]),
    }
    const from = dice.integer(withinMs)
    const to = from + dice.pick([0, 0, 5_000, 30_000])
    const of = dice.pick<readonly ProviderName[]>([["apns"], ["fcm"], ["apns", "fcm"]])
    this.#outage = { from, to, of, isAmbiguous: dice.chance(0.5) }
  }

  /** Of a provider, so many milliseconds after the beginning of the story. */
  reaction(name: ProviderName, passedMs: number): Reaction {
    const { from, to, of, isAmbiguous } = this.#outage
    const afterMs = 5 + this.#dice.integer(60)
    if (passedMs >= from && passedMs < to && of.includes(name)) {
      const kind = isAmbiguous ? "ambiguous" : "retry_later"
      return { outcome: { kind, reason: "outage" }, afterMs, isAccepted: false }
    }
    const outcome = this.#outcome()
    const isAccepted = outcome.kind === "accepted" || (outcome.kind === "ambiguous" && this.#dice.chance(0.5))
    const isSlow = this.#has("slow")
    return { outcome, afterMs: isSlow ? 1_000 + this.#dice.integer(28_000) : afterMs, isAccepted }
  }

  #has(kind: string): boolean {
    return this.#dice.chance(this.#bad[kind] as number)
  }

  #outcome(): Outcome {
    const reason = "simulated"
    if (this.#has("ambiguous")) return { kind: "ambiguous", reason }
    if (this.#has("retry_later")) {
      return { kind: "retry_later", reason, ...(this.#dice.chance(0.3) && { afterMs: 3_000 }) }
    }
    if (this.#has("throttled")) {
      const scope = this.#dice.pick(["device", "credential"] as const)
      return { kind: "throttled", reason, scope, afterMs: this.#dice.integer(15_000) }
    }
    if (this.#has("token_gone")) return { kind: "token_gone", reason }
    if (this.#has("payload_rejected")) return { kind: "payload_rejected", reason }
    return { kind: "accepted" }
  }
}
