import { isDeepStrictEqual } from "node:util"
import type { SegmentProgress } from "../../src/store/message-store.ts"
import type { MemoryDevices } from "./memory-devices.ts"
import { type Segment, type StoredMessage, turnOf } from "./memory-records.ts"

/** Audiences up to this size are looked at device by device after every checkpoint. */
const LOOKED_AT_MAX = 2_000

/** The rules of the port that the step from a segment's position to the next one breaks. */
export function brokenByStep({ cursor, pass }: Segment, next: SegmentProgress): string[] {
  const broken: string[] = []
  const check = (isKept: boolean, rule: string) => {
    if (!isKept) broken.push(rule)
  }
  check(next.reserved >= next.cursor, "the reservation ends before the cursor")
  const isAnother =
    Object.keys(pass.later).length > 0 && isDeepStrictEqual(next.pass, { only: pass.later, later: {} })
  if (!isAnother) {
    check(next.cursor >= cursor, "the cursor went back")
    check(isDeepStrictEqual(next.pass.only, pass.only), "a pass is not for those left out")
    for (const [provider, after] of Object.entries(pass.later)) {
      const isKept = Object.entries(next.pass.later).some(([name, at]) => name === provider && at <= after)
      check(isKept, `less of ${provider} is left out within a pass`)
    }
    return broken
  }
  check(
    next.cursor === Math.min(...Object.values(pass.later)),
    "a pass does not begin with the first left out",
  )
  check(next.reserved === next.cursor && next.doneAbove.length === 0, "a pass begins with devices in doubt")
  check(next.settled.length + next.retries.length === 0, "the cursor returned together with outcomes")
  return broken
}

/** What is behind the cursor, over, or named as done is done, unless the device left; what was left out is not. */
export function brokenByPosition(stored: StoredMessage, segment: Segment, devices: MemoryDevices): string[] {
  const broken: string[] = []
  const { planned, cursor, doneAbove, pass } = segment
  const isDone = (registration: number) =>
    stored.outcomes.has(registration) || stored.retries.has(registration)
  for (const registration of doneAbove) {
    if (registration <= cursor) broken.push(`${registration} is done above the cursor, but not above it`)
    if (!isDone(registration)) broken.push(`${registration} is called done and is not`)
  }
  if (stored.message.audienceSize > LOOKED_AT_MAX) return broken
  for (const registration of planned) {
    if (devices.member(stored.message, registration) === undefined) continue
    const turn = turnOf(pass, devices.provider(registration), registration)
    const mustBeDone = turn === "over" || (turn === "now" && registration <= cursor)
    if (mustBeDone && !isDone(registration)) broken.push(`${registration} is passed by and not done`)
    if (turn === "later" && isDone(registration)) broken.push(`${registration} is left out and done`)
  }
  return broken
}
