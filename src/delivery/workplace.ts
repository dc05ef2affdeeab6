import type { Message } from "../domain/message.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { SegmentStore, SettledDevice } from "../store/message-store.ts"
import type { Carriers } from "./carrier.ts"
import type { Dispatchers } from "./dispatcher.ts"
import type { Leases } from "./lease.ts"
import type { LiveMessages } from "./live-messages.ts"
import type { Places } from "./places.ts"
import type { DeliverySettings } from "./settings.ts"
import type { Quarantine, TokenFeedback } from "./token-feedback.ts"

/** What the engine reports to whoever measures or shows it. Called synchronously: a hook must be quick and not throw. */
export interface EngineHooks {
  /** Progress of a message was stored. */
  readonly onCheckpoint?: (messageNumber: number) => void
  /** Final outcomes that were stored, in batches. */
  readonly onSettled?: (messageNumber: number, settled: readonly SettledDevice[]) => void
  /** Answers that came for a segment whose lease was lost: its next owner accounts for those devices. */
  readonly onAnswersDropped?: (count: number) => void
  readonly onCredentialPaused?: (credential: string, reason: string) => void
  readonly onQuarantine?: (quarantine: Quarantine) => void
}

/** How an engine is being stopped: first no new work, then not even waiting for answers. */
interface Shutdown {
  /** Nothing more is claimed or sent. */
  readonly isDraining: boolean
  /** Aborted when waiting is over, too. */
  readonly hurry: AbortSignal
}

/** What all runners of one engine share. */
export interface Workplace {
  readonly segments: SegmentStore
  readonly carriers: Carriers
  readonly toContent: (message: Message) => PushContent
  /** A nonce of this start of this process. */
  readonly owner: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly hooks: EngineHooks
  readonly settings: DeliverySettings
  readonly dispatchers: Dispatchers
  readonly messages: LiveMessages
  readonly leases: Leases
  readonly places: Places
  readonly feedback: TokenFeedback
  readonly shutdown: Shutdown
}
