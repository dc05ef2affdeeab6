import type { SoughtOutcome } from "../../domain/message.ts"
import { OUTCOMES } from "../../domain/outcome.ts"
import type { AudienceDevice, AudienceSlice, FailedDevices } from "../message-store.ts"
import type { SqliteContext } from "./context.ts"
import { decodePage } from "./outcome-pages.ts"
import { AudienceReader, NO_END } from "./sqlite-audience.ts"
import type { MessageCourse } from "./sqlite-message-course.ts"
import type { MessageBoundary } from "./sqlite-message-rows.ts"
import type { SegmentRow } from "./sqlite-segment-rows.ts"

/** Members of the first message that one step looks at: a few milliseconds, then others have their turn. */
const WINDOW = 1_000

export const RESENT_STATEMENTS = {
  codes: "select code, kind, reason, count from outcome_reasons where message = ?",
  segments:
    "select number, kind, low, high, is_listed as isListed, rest_code as restCode from segments where message = ?",
  pages: `select first_registration as first, entries from outcome_pages
    where segment = ? and first_registration <= ? and last_registration > ?`,
} as const

type LoggedSegment = Pick<SegmentRow, "number" | "kind" | "low" | "high" | "isListed" | "restCode">

/** A message of whose audience those are sought whose outcome has one of the codes. */
interface Source {
  readonly boundary: MessageBoundary
  readonly codes: ReadonlySet<number>
  readonly segments: readonly LoggedSegment[]
}

/**
 * The audience of a message that is sent again: members that the first message was for, narrowed by what became of it for
 * them, and so on where it was sent again several times. Nothing is stored for a device: members and outcome logs are
 * read side by side, in windows, in the order of the registration numbers. It only ever shrinks, as every audience.
 */
export class ResentAudience {
  readonly #course: MessageCourse
  readonly #audience: AudienceReader
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext, course: MessageCourse) {
    this.#course = course
    this.#audience = new AudienceReader(context)
    this.#statements = prepareStatements(context)
  }

  /** For a message of which nothing is pending. Slices have at most `sliceDevices`. */
  async failed(
    message: number,
    outcomes: readonly SoughtOutcome[],
    sliceDevices: number,
  ): Promise<FailedDevices> {
    const matched = this.#codes(message, outcomes).reduce((sum, { count }) => sum + count, 0)
    const slices: AudienceSlice[] = []
    if (matched === 0) return { matched, slices }
    const sources = [...this.#sourcesOf(message), this.#source(message, outcomes)]
    let slice = { after: 0, devices: 0, unsupported: 0 }
    for await (const window of this.#windows(sources, 0, NO_END)) {
      for (const { registration, platform } of window) {
        if (slice.devices === sliceDevices) {
          slices.push({ ...slice, last: registration - 1 })
          slice = { after: registration - 1, devices: 0, unsupported: 0 }
        }
        slice.devices += 1
        if (platform === undefined) slice.unsupported += 1
      }
    }
    if (slice.devices > 0) slices.push({ ...slice, last: NO_END })
    return { matched, slices }
  }

  /** Whether a message's audience is narrowed by the outcomes of another one. */
  has(message: number): boolean {
    return this.#course.messages.source(message) !== undefined
  }

  /** Devices after `after` up to `high`, fewer than `limit` only at the end. */
  async page(message: number, after: number, high: number, limit: number): Promise<AudienceDevice[]> {
    const found: AudienceDevice[] = []
    for await (const window of this.#windows(this.#sourcesOf(message), after, high)) {
      for (const device of window) {
        found.push(device)
        if (found.length === limit) return found
      }
    }
    return found
  }

  /** Whether a device is in the audience of a message that is sent again. */
  includes(message: number, registration: number): boolean {
    const source = this.#course.messages.source(message)
    if (source === undefined) return true
    const code = this.#codeOf(source.message, registration)
    return code !== undefined && this.#codes(source.message, source.outcomes).some((row) => row.code === code)
  }

  #codeOf(message: number, registration: number): number | undefined {
    const { outcomes, segments, messages } = this.#course
    const logged = outcomes.findCode(segments.holding(message, registration), registration)
    if (logged !== undefined) return logged
    const boundary = messages.boundary(message)
    const segment = segments.covering(message, registration)
    if (boundary === undefined || segment === undefined || segment.restCode === null) return undefined
    if (this.#audience.whyNotMember(boundary, registration) !== undefined) return undefined
    const isNamed = segment.isListed === 0 || segments.list(segment.number).includes(registration)
    return isNamed && this.includes(message, registration) ? segment.restCode : undefined
  }

  /** What narrows the audience of a message, the first message's outcomes first. */
  #sourcesOf(message: number): Source[] {
    const sources: Source[] = []
    for (let next = this.#course.messages.source(message); next !== undefined; ) {
      sources.unshift(this.#source(next.message, next.outcomes))
      next = this.#course.messages.source(next.message)
    }
    return sources
  }

  #source(message: number, outcomes: readonly SoughtOutcome[]): Source {
    return {
      boundary: this.#course.messages.boundary(message) as MessageBoundary,
      codes: new Set(this.#codes(message, outcomes).map(({ code }) => code)),
      segments: this.#statements.segments.all(message),
    }
  }

  #codes(message: number, outcomes: readonly SoughtOutcome[]): readonly ReasonRow[] {
    const isSought = (row: ReasonRow) =>
      outcomes.some(
        ({ kind, reason }) => OUTCOMES[kind].code === row.kind && (reason ?? row.reason) === row.reason,
      )
    return this.#statements.codes.all(message).filter(isSought)
  }

  async *#windows(
    sources: readonly Source[],
    after: number,
    high: number,
  ): AsyncGenerator<readonly AudienceDevice[]> {
    const first = sources[0] as Source
    const listed = first.segments.find(({ isListed }) => isListed === 1)
    const list = listed === undefined ? undefined : this.#course.segments.list(listed.number)
    for (let from = after; ; ) {
      const window = await this.#members(first, list, from, high)
      const last = window.last
      yield sources.reduce((devices, source) => this.#narrowed(devices, source, from, last), window.devices)
      if (last >= high) return
      from = last
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Members of the first audience after `from`, and up to which number that are all. */
  async #members(
    { boundary }: Source,
    list: readonly number[] | undefined,
    from: number,
    high: number,
  ): Promise<{ readonly devices: readonly AudienceDevice[]; readonly last: number }> {
    if (list === undefined) {
      const devices = await this.#audience.page(boundary, from, high, WINDOW)
      return {
        devices,
        last: devices.length < WINDOW ? high : (devices.at(-1) as AudienceDevice).registration,
      }
    }
    const named = list.filter((registration) => registration > from && registration <= high).slice(0, WINDOW)
    const last = named.length < WINDOW ? high : (named.at(-1) as number)
    return { devices: this.#audience.listedPage(boundary, named), last }
  }

  #narrowed(
    devices: readonly AudienceDevice[],
    { codes, segments }: Source,
    from: number,
    last: number,
  ): readonly AudienceDevice[] {
    if (devices.length === 0) return devices
    const near = segments.filter(({ low, high }) => low < last && high > from)
    const logged = new Map<number, number>()
    for (const { number } of near) {
      for (const page of this.#statements.pages.all(number, last, from)) {
        for (const { registration, code } of decodePage(page.first, page.entries)) {
          if (registration > from && registration <= last) logged.set(registration, code)
        }
      }
    }
    const slices = near.filter(({ kind }) => kind === "audience")
    return devices.filter(({ registration }) => {
      const rest = slices.find(({ low, high }) => low < registration && registration <= high)?.restCode
      const code = logged.get(registration) ?? rest
      return code !== undefined && code !== null && codes.has(code)
    })
  }
}

interface ReasonRow {
  readonly code: number
  readonly kind: number
  readonly reason: string
  readonly count: number
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = RESENT_STATEMENTS
  return {
    codes: connection.prepare<[number], ReasonRow>(sql.codes),
    segments: connection.prepare<[number], LoggedSegment>(sql.segments),
    pages: connection.prepare<[number, number, number], { readonly first: number; readonly entries: Buffer }>(
      sql.pages,
    ),
  }
}
