import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { Message, MessageProgress, SoughtOutcome } from "../domain/message.ts"
import { RESENDABLE_KINDS, type ResendableKind } from "../domain/outcome.ts"
import type { PublishRequest } from "../domain/publish.ts"
import type { Store } from "../store/store.ts"
import type { Messages } from "./messages.ts"

export interface ResendsOptions {
  readonly store: Pick<Store, "messages">
  readonly messages: Pick<Messages, "progress" | "publishAgain">
}

export interface Resent {
  readonly message: Message
  /** Devices of the first message that had one of the outcomes. */
  readonly matched: number
  /** How many of them have left the channel or are not registered any more, also if they came back. */
  readonly departed: number
}

const DEFAULT_OUTCOMES: readonly ResendableKind[] = ["retries_exhausted", "credential_refused"]

/** Sends a message again to those that it failed for: a new message with the same content, for these devices. */
export class Resends {
  readonly #options: ResendsOptions

  constructor(options: ResendsOptions) {
    this.#options = options
  }

  /**
   * For any number of devices. Throws `not_found`, and `conflict` while the message is under way and when nobody is left
   * who had one of the outcomes.
   */
  async resend(
    application: Application,
    id: string,
    outcomes: unknown,
    { caller, idempotencyKey }: { readonly caller: string; readonly idempotencyKey: string | undefined },
  ): Promise<Resent> {
    const { store, messages } = this.#options
    const kinds = checkedOutcomes(outcomes)
    const progress = await messages.progress(application.number, id)
    if (progress.pending > 0) throw stillUnderWay(progress)
    const { message } = progress
    const sought = kinds.map(soughtOutcome)
    const { headers, messageJson, policy, delivery, publisherId, subtopic, audience } = message
    const request: PublishRequest = {
      ...{ headers, messageJson, policy, delivery, publisherId, subtopic, deviceIds: undefined },
      channel: audience.channel,
      platforms: audience.platforms,
      ttlSeconds: Math.round((message.expiresAt - message.acceptedAt) / 1000),
    }
    const again = { messageId: message.id, outcomes: sought }
    const sent = await messages.publishAgain(
      application,
      request,
      again,
      { caller, idempotencyKey },
      async () => {
        const { matched, slices } = await store.messages.failedDevices(message.number, sought)
        if (slices.length === 0) throw nobody(progress, kinds, matched)
        return slices
      },
    )
    const matched = matchedOf(progress, sought)
    return { message: sent, matched, departed: Math.max(0, matched - sent.audienceSize) }
  }
}

function checkedOutcomes(value: unknown): readonly ResendableKind[] {
  if (value === undefined || value === null) return DEFAULT_OUTCOMES
  const words: readonly unknown[] = Array.isArray(value) ? value : []
  const kinds = RESENDABLE_KINDS.filter((kind) => words.includes(kind))
  if (kinds.length > 0 && words.every((word) => kinds.includes(word as ResendableKind))) return kinds
  throw new DomainError(
    "invalid_property",
    `outcomes must have one or more of ${RESENDABLE_KINDS.join(", ")}. To devices that accepted the message, or may have, it is never sent again.`,
    { property: "outcomes" },
  )
}

/** Of what was suppressed on purpose, only a missing credential is something that another attempt can change. */
function soughtOutcome(kind: ResendableKind): SoughtOutcome {
  return kind === "suppressed" ? { kind, reason: "no_credential" } : { kind }
}

function stillUnderWay({ pending }: MessageProgress): DomainError {
  return new DomainError(
    "conflict",
    `The message is under way: ${pending} devices are pending. Wait until it has finished, or cancel it, then send again.`,
  )
}

function matchedOf({ counts, reasons }: MessageProgress, sought: readonly SoughtOutcome[]): number {
  const of = ({ kind, reason }: SoughtOutcome) => {
    if (reason === undefined) return counts[kind] ?? 0
    return reasons.find((row) => row.kind === kind && row.reason === reason)?.count ?? 0
  }
  return sought.reduce((sum, one) => sum + of(one), 0)
}

function nobody({ counts }: MessageProgress, kinds: readonly string[], matched: number): DomainError {
  const had = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  return new DomainError(
    "conflict",
    matched > 0
      ? `Of the ${matched} devices that had one of these outcomes none is registered and in the channel any more: nothing was sent.`
      : `No device had the outcome ${kinds.join(" or ")}: nothing was sent. The message had: ${had.join(", ") || "no devices"}.`,
  )
}
