import type { Outcome } from "../../src/domain/outcome.ts"
import type { OutcomeSink, PreparedPush, Provider } from "../../src/provider/provider.ts"
import { systemClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openProvider } from "../../src/server/providers.ts"
import { tokenOf } from "./bench-tokens.ts"
import { benchMessage, TITLE } from "./contender.ts"
import { scriptSetup, serveRuns } from "./serve-runs.ts"

/** A bare loop over the provider port, given tokens in memory: what sending costs without engine and store. */

/** As many at once, and in flight, as the engine offers from one segment. */
const BATCH = 64
const IN_FLIGHT = 128

class Loop implements OutcomeSink {
  readonly #provider: Provider
  readonly #push: PreparedPush
  readonly #tokens: readonly string[]
  readonly #end: number
  readonly #done: (failed: number) => void
  #next = 0
  #inFlight = 0
  #failed = 0
  #isPumpDue = false

  constructor(
    provider: Provider,
    push: PreparedPush,
    tokens: readonly string[],
    end: number,
    done: (failed: number) => void,
  ) {
    this.#provider = provider
    this.#push = push
    this.#tokens = tokens
    this.#end = end
    this.#done = done
  }

  settle(_ticket: number, outcome: Outcome): void {
    this.#inFlight -= 1
    if (outcome.kind !== "accepted") this.#failed += 1
    if (this.#next === this.#end && this.#inFlight === 0) this.#done(this.#failed)
    else this.room()
  }

  /** Once for the answers of one read. */
  room(): void {
    if (this.#isPumpDue) return
    this.#isPumpDue = true
    queueMicrotask(() => {
      this.#isPumpDue = false
      this.#pump()
    })
  }

  #pump(): void {
    while (this.#next < this.#end && this.#inFlight < IN_FLIGHT) {
      const count = Math.min(BATCH, this.#end - this.#next, IN_FLIGHT - this.#inFlight)
      const tickets = Array.from({ length: count }, (_, index) => this.#next + index)
      const tokens = this.#tokens.slice(this.#next, this.#next + count)
      this.#inFlight += count
      const taken = this.#provider.offer({ push: this.#push, tickets, tokens }, 0, () => undefined, this)
      this.#inFlight -= count - taken
      this.#next += taken
      if (taken < count) return
    }
  }
}

const { origin, ca, apns, tokens } = scriptSetup()
const { privateKey: key, ...fields } = apns
const surroundings = { clock: systemClock, random: systemRandom, log: silentLog }
const provider = openProvider("apns", { fields: { ...fields, key }, origin, ca }, surroundings)
const push = provider.prepare(
  {
    messageId: "message:6ED94D19-172B-48AE-BB2C-7AA8E305CD31",
    text: benchMessage(),
    headers: new Map([["ios-alert-title", TITLE]]),
    expiresAt: systemClock.now() + 86_400_000,
  },
  "ios",
)
const all = Array.from({ length: tokens }, (_, index) => tokenOf(index))

serveRuns(async (pushes) => {
  const failed = await new Promise<number>((resolve) => {
    new Loop(provider, push, all, pushes, resolve).room()
  })
  return { failed }
})
