/** Uses are written down at most once a minute: what is shown as last used may be that old. */
const EVERY_MS = 60_000
const REMEMBERED_MAX = 10_000

/** Decides whether a use of a session or token is worth a write, also when many requests come at once. */
export class NotedUses {
  readonly #notedAt = new Map<number, number>()

  /** True at most once in `everyMs`, a minute, for each number. Times in milliseconds since 1970. */
  isDue(number: number, lastUsedAt: number | undefined, now: number, everyMs = EVERY_MS): boolean {
    const notedAt = Math.max(lastUsedAt ?? 0, this.#notedAt.get(number) ?? 0)
    // A clock that was set back must not stop the writing for as long as it was ahead.
    if (now - notedAt < everyMs && now >= notedAt) return false
    if (this.#notedAt.size >= REMEMBERED_MAX) this.#notedAt.clear()
    this.#notedAt.set(number, now)
    return true
  }
}
