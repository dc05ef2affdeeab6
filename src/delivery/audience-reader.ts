import type { Platform } from "../domain/platform.ts"
import type { AudienceDevice } from "../store/message-store.ts"
import type { Outlets } from "./outlets.ts"
import type { Pass } from "./pass.ts"
import { markSharedTokens } from "./shared-tokens.ts"
import type { Tenure } from "./tenure.ts"
import type { Workplace } from "./workplace.ts"

/** A device that unregistered or changed its token must not be sent to from a page that was read long ago. */
const PAGE_MS_MAX = 1_000
/** So many devices may be passed over in one go: then the runner has its turn, which renews the lease. */
const PASSED_OVER_MAX = 10_000

/** Reads those of a segment's audience whose turn is in its present pass, page by page, a little ahead of the runner. */
export class AudienceReader {
  readonly #workplace: Workplace
  readonly #tenure: Tenure
  readonly #outlets: Outlets
  readonly #pass: Pass
  readonly #platforms = new Set<Platform>()
  #rows: readonly AudienceDevice[] = []
  #next = 0
  #readAt = 0
  /** Registration numbers up to which devices were handed out, and read. */
  #handedOut: number
  #readTo: number
  #isLastPage = false
  #passedOver = 0

  constructor(workplace: Workplace, tenure: Tenure, outlets: Outlets, pass: Pass, after: number) {
    this.#workplace = workplace
    this.#tenure = tenure
    this.#outlets = outlets
    this.#pass = pass
    this.#handedOut = after
    this.#readTo = after
  }

  get isAtEnd(): boolean {
    return this.#isLastPage && this.#next === this.#rows.length
  }

  /** Whether every device up to this registration number was handed out. */
  isPast(registration: number): boolean {
    return this.isAtEnd || (this.peek !== undefined && this.peek.registration > registration)
  }

  /** The next device; undefined when there is none at hand. */
  get peek(): AudienceDevice | undefined {
    return this.#rows[this.#next]
  }

  /** Hands out the device that `peek` shows. */
  take(): void {
    this.#handedOut = this.peek?.registration ?? this.#handedOut
    this.#next += 1
  }

  /** Something more is left to the next pass: what is at hand of it is not handed out. */
  sift(): void {
    this.#rows = this.#rows.slice(this.#next).filter((device) => this.#pass.has(device))
    this.#next = 0
  }

  /**
   * Sees to it that `count` fresh devices are at hand, unless the segment ends or very many were passed over: then there
   * may be fewer, or none yet. False: the engine is being stopped.
   */
  async fill(count: number): Promise<boolean> {
    if (this.#workplace.clock.monotonic() - this.#readAt > PAGE_MS_MAX) this.#forget()
    this.#passedOver = 0
    while (this.#rows.length - this.#next < count && !this.#isLastPage) {
      if (this.#passedOver >= PASSED_OVER_MAX) break
      if (!(await this.#read())) return false
    }
    await this.#outlets.find(this.#platforms)
    return true
  }

  /** With nothing at hand, all that was read is done with. */
  #forget(): void {
    if (this.#next < this.#rows.length) {
      this.#isLastPage = false
      this.#readTo = this.#handedOut
    }
    this.#rows = []
    this.#next = 0
    this.#readAt = this.#workplace.clock.monotonic()
  }

  async #read(): Promise<boolean> {
    const { segments, settings } = this.#workplace
    const page = await this.#tenure.read(() =>
      segments.audiencePage(this.#tenure.claim, this.#readTo, settings.pageRows),
    )
    if (page === undefined) return false
    const taken = page.filter((device) => this.#pass.has(device))
    this.#passedOver += page.length - taken.length
    const devices = await markSharedTokens(taken, this.#tenure, segments)
    if (devices === undefined) return false
    for (const { platform } of devices) {
      if (platform !== undefined) this.#platforms.add(platform)
    }
    this.#rows = [...this.#rows.slice(this.#next), ...devices]
    this.#next = 0
    this.#readTo = page.at(-1)?.registration ?? this.#readTo
    this.#isLastPage = page.length < settings.pageRows
    return true
  }
}
