import type { Outcome } from "../domain/outcome.ts"

const BUCKET_MS = 300_000
const BUCKETS = 12
const GONE_MAX = 1_000
const GONE_SHARE_MAX = 0.2

/**
 * Counts how many tokens a credential's provider called gone within the last hour. More than 1 000 and more than a fifth
 * of all answers is no ordinary turnover (reliability 4.2): a wrong project, or a provider in trouble. Monotonic times.
 */
export class InvalidationWatch {
  readonly #answers = new Float64Array(BUCKETS)
  readonly #gone = new Float64Array(BUCKETS)
  #bucket: number

  constructor(now: number) {
    this.#bucket = Math.floor(now / BUCKET_MS)
  }

  note(outcome: Outcome, now: number): void {
    const isGone = outcome.kind === "token_gone"
    if (!isGone && outcome.kind !== "accepted" && outcome.kind !== "token_changed") return
    this.#moveTo(now)
    const index = this.#bucket % BUCKETS
    this.#answers[index] = (this.#answers[index] as number) + 1
    if (isGone) this.#gone[index] = (this.#gone[index] as number) + 1
  }

  isMass(now: number): boolean {
    this.#moveTo(now)
    const gone = sum(this.#gone)
    return gone > GONE_MAX && gone > GONE_SHARE_MAX * sum(this.#answers)
  }

  #moveTo(now: number): void {
    const bucket = Math.floor(now / BUCKET_MS)
    for (let passed = Math.min(bucket - this.#bucket, BUCKETS); passed > 0; passed -= 1) {
      const index = (bucket - passed + 1) % BUCKETS
      this.#answers[index] = 0
      this.#gone[index] = 0
    }
    this.#bucket = Math.max(bucket, this.#bucket)
  }
}

function sum(buckets: Float64Array): number {
  let total = 0
  for (const count of buckets) total += count
  return total
}
