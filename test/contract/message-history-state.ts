import type { Message, MessageState } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import { type Platform, type ProviderName, providerOf } from "../../src/domain/platform.ts"
import type {
  AudienceDevice,
  ClaimedSegment,
  ProviderCounts,
  RetryEntry,
  SettledDevice,
} from "../../src/store/message-store.ts"
import { OUTCOME_CHOICES } from "./message-steps.ts"
import { retryOf } from "./message-world.ts"

export interface Member {
  readonly registration: number
  readonly platform: Platform | undefined
}

/** What the model knows of a message. */
export interface Published {
  readonly message: Message
  readonly isNamed: boolean
  /** Everybody it is for. */
  readonly audience: ReadonlySet<number>
  /** Of those, who has left since. */
  readonly gone: Set<number>
  /** What was said of single devices. */
  readonly settled: Map<number, Outcome["kind"]>
  readonly retrying: Map<number, RetryEntry>
  /** The retry list's devices that its owner has reserved, with the epoch. */
  readonly reserved: Map<number, number>
  state: MessageState
}

/** A claim with what its engine has done so far. */
export interface Held {
  readonly claimed: ClaimedSegment
  cursor: number
  doneAbove: Set<number>
  /** Until it is given back. */
  isLive: boolean
}

/** What a checkpoint has to answer. */
export function retryingOf({ retrying }: Published): ProviderCounts {
  const of = (name: ProviderName) => [...retrying.values()].filter(({ provider }) => provider === name).length
  return { apns: of("apns"), fcm: of("fcm"), wns: of("wns") }
}

/** What the engine of the model says of the devices that it looks at. */
export function decide(
  page: readonly Pick<AudienceDevice, "registration" | "platform">[],
  pattern: readonly number[],
  now: number,
) {
  const settled: SettledDevice[] = []
  const retries: RetryEntry[] = []
  for (const [at, { registration, platform }] of page.entries()) {
    const choice = OUTCOME_CHOICES[pattern[at % pattern.length]!]!
    const notBefore = now + (registration % 3)
    const provider = providerOf(platform)
    if (choice === "retry") retries.push(retryOf(registration, { notBefore, provider }))
    else if (choice !== "skip") settled.push({ registration, outcome: choice })
  }
  return { settled, retries }
}

/** Moves the cursor over everything that is done in one piece. */
export function advance(held: Held, page: readonly AudienceDevice[], decided: ReadonlySet<number>): void {
  for (const registration of decided) held.doneAbove.add(registration)
  const firstOpen = page.find(({ registration }) => !held.doneAbove.has(registration))
  const bound = firstOpen?.registration ?? (page.at(-1)?.registration ?? held.cursor) + 1
  for (const registration of [...held.doneAbove].sort((a, b) => a - b)) {
    if (registration >= bound) break
    held.doneAbove.delete(registration)
    held.cursor = Math.max(held.cursor, registration)
  }
}
