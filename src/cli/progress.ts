import type { Clock } from "../runtime/clock.ts"
import type { LiveStream } from "./terminal.ts"

export interface ProgressOptions {
  readonly stream: LiveStream
  readonly clock: Clock
  readonly label: string
}

/** How far something is, on standard error. */
export interface Progress {
  /** `note` follows the figures, such as what failed so far. */
  update(done: number, total: number, note?: string): void
  /** Shows the last state for good. */
  end(): void
}

/** A terminal redraws a bar; anything else gets a plain line now and then. */
const REDRAW_MS = 100
const PLAIN_LINE_MS = 5_000
const BAR_WIDTH_MAX = 40
const BAR_WIDTH_MIN = 10

export function openProgress(options: ProgressOptions): Progress {
  return new ProgressLine(options)
}

class ProgressLine implements Progress {
  readonly #options: ProgressOptions
  #shownAt = Number.NEGATIVE_INFINITY
  #latest: { readonly done: number; readonly total: number; readonly note: string } | undefined
  #isShown = true

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  update(done: number, total: number, note = ""): void {
    const { clock, stream } = this.#options
    this.#latest = { done, total, note }
    this.#isShown = false
    const everyMs = stream.isTTY ? REDRAW_MS : PLAIN_LINE_MS
    if (clock.monotonic() - this.#shownAt >= everyMs) this.#show()
  }

  end(): void {
    if (!this.#isShown) this.#show()
    if (this.#latest !== undefined && this.#options.stream.isTTY) this.#options.stream.write("\n")
    this.#latest = undefined
    this.#isShown = true
  }

  #show(): void {
    const { stream, clock, label } = this.#options
    if (this.#latest === undefined) return
    const { done, total, note } = this.#latest
    this.#shownAt = clock.monotonic()
    this.#isShown = true
    // An empty audience is done from the start.
    const share = total === 0 ? 1 : Math.min(done / total, 1)
    const figures = `${Math.floor(share * 100)} %  ${done}/${total}${note === "" ? "" : `  ${note}`}`
    if (!stream.isTTY) {
      stream.write(`${label}  ${figures}\n`)
      return
    }
    const room = stream.columns - label.length - figures.length - 6
    const bar = room < BAR_WIDTH_MIN ? "" : `${barOf(share, Math.min(room, BAR_WIDTH_MAX))}  `
    stream.write(`\r\u001b[2K${`${label}  ${bar}${figures}`.slice(0, Math.max(stream.columns - 1, 1))}`)
  }
}

function barOf(share: number, width: number): string {
  const filled = Math.floor(share * width)
  return `[${"#".repeat(filled)}${".".repeat(width - filled)}]`
}
