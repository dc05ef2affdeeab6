import type { MessageProgress, MessageState } from "../domain/message.ts"
import type { Clock } from "../runtime/clock.ts"
import { devicesText } from "./terminal.ts"

type Watched = Pick<MessageProgress, "pending" | "retrying"> & {
  readonly message: Pick<MessageProgress["message"], "state" | "audienceSize">
}

/** A server finds a message of another process within a second or two. */
const NOTHING_MOVES_MS = 10_000

/** Tells somebody who watches a message what it waits for when nothing changes, once for each of its states. */
export class StandstillNotes {
  readonly #clock: Clock
  readonly #tell: (text: string) => void
  readonly #told = new Set<MessageState>()
  #seen = ""
  #changedAt = 0

  constructor(clock: Clock, tell: (text: string) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  note(progress: Watched): void {
    const { state } = progress.message
    const seen = JSON.stringify([state, progress.pending, progress.retrying])
    const now = this.#clock.monotonic()
    if (seen !== this.#seen) this.#changedAt = now
    this.#seen = seen
    if (this.#told.has(state) || now - this.#changedAt < NOTHING_MOVES_MS) return
    const text = standstillText(progress)
    if (text === undefined) return
    this.#told.add(state)
    this.#tell(text)
  }
}

/** Undefined for a message that goes on: what its devices wait for beyond their turn is an obstacle. */
function standstillText({ message, pending, retrying }: Watched): string | undefined {
  const { audienceSize, state } = message
  if (state === "paused") return "the message is paused, and goes on when somebody resumes it."
  if (state !== "running") {
    return `the message is ${state}, which a server that runs on this data directory has yet to note for ${devicesText(pending)}.`
  }
  const hasMoved = pending < audienceSize || retrying > 0
  return hasMoved ? undefined : "nothing moves yet; does a server run on this data directory?"
}
