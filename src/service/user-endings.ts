const REMEMBERED_MAX = 10_000

/**
 * When this process last ended logins of a user, counted instead of timed. Whoever remembers who sent a token compares, so
 * that a logout is in force here at once; other nodes learn of it when their memory ends, two seconds later.
 */
export class UserEndings {
  readonly #last = new Map<string, number>()
  #count = 0

  /** How many there were so far: take it before asking the store. */
  get count(): number {
    return this.#count
  }

  /** Logins of the user have ended, or their rights have changed; call it when that is stored. */
  note(userId: string): void {
    if (this.#last.size >= REMEMBERED_MAX) this.#last.clear()
    this.#last.set(userId, ++this.#count)
  }

  /** Whether what the store said when the count was `since` may be wrong by now. */
  hasEndedSince(userId: string, since: number): boolean {
    return (this.#last.get(userId) ?? 0) > since
  }
}
