import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import type { Message, MessageProgress } from "../domain/message.ts"
import { RESENDABLE_KINDS, type ResendableKind } from "../domain/outcome.ts"
import type { Clock } from "../runtime/clock.ts"
import type { SoughtOutcome } from "../store/message-store.ts"
import type { Store } from "../store/store.ts"
import type { Messages } from "./messages.ts"

export interface ResendsOptions {
  readonly store: Pick<Store, "messages">
  readonly clock: Clock
  readonly limits: Limits
  readonly messages: Pick<Messages, "progress" | "publish">
}

export interface Resent {
  readonly message: Message
  /** Devices of the first message that had one of the outcomes. */
  readonly matched: number
  /** How many of them are not registered any more. */
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
   * Throws `not_found`, and `conflict` while the message is under way, when no device had one of the outcomes, and when more
   * had it than one publish may name.
   */
  async resend(
    application: Application,
    id: string,
    outcomes: unknown,
    { caller, idempotencyKey }: { readonly caller: string; readonly idempotencyKey: string | undefined },
  ): Promise<Resent> {
    const { store, clock, limits, messages } = this.#options
    const kinds = checkedOutcomes(outcomes)
    const progress = await messages.progress(application.number, id)
    if (progress.pending > 0) throw stillUnderWay(progress)
    const { message } = progress
    const max = limits.deviceIdsPerPublish
    const { matched, deviceIds } = await store.messages.devicesWith(
      message.number,
      kinds.map(soughtOutcome),
      max,
      clock.now(),
    )
    if (matched > max) throw tooMany(message, matched, max)
    if (deviceIds.length === 0) throw nobody(progress, kinds, matched)
    const { headers, messageJson, policy, delivery, publisherId, subtopic, audience } = message
    const sent = await messages.publish(
      application,
      {
        ...{ headers, messageJson, policy, delivery, publisherId, subtopic, deviceIds },
        channel: audience.channel,
        platforms: audience.platforms,
        ttlSeconds: Math.round((message.expiresAt - message.acceptedAt) / 1000),
      },
      caller,
      idempotencyKey,
      { operation: "resend", canonical: JSON.stringify([id, kinds]) },
    )
    return { message: sent, matched, departed: matched - deviceIds.length }
  }
}

function checkedOutcomes(value: unknown): readonly ResendableKind[] {
  if (value === undefined || value === null) return DEFAULT_OUTCOMES
  const words: readonly unknown[] = Array.isArray(value) ? value : []
  const kinds = RESENDABLE_KINDS.filter((kind) => words.includes(kind))
  if (kinds.length > 0 && words.every((word) => kinds.includes(word as ResendableKind))) return kinds
  throw new DomainError(
    "invalid_property",
    `outcomes must have one or more of ${RESENDABLE_KINDS.join(", ")}. To devices that accepted the message, or may have, it is never sent again; what was cancelled or has expired is published again instead.`,
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

function tooMany({ audience }: Message, matched: number, max: number): DomainError {
  return new DomainError(
    "conflict",
    `${matched} devices had one of these outcomes, and one call sends to at most ${max} again. Send again with fewer outcomes, or publish the message to the channel ${audience.channel} again, narrowed by platform if only one failed.`,
    { limit: max, length: matched },
  )
}

function nobody({ counts }: MessageProgress, kinds: readonly string[], matched: number): DomainError {
  const had = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  return new DomainError(
    "conflict",
    matched > 0
      ? `Of the ${matched} devices that had one of these outcomes none is registered any more: nothing was sent.`
      : `No device had the outcome ${kinds.join(" or ")}: nothing was sent. The message had: ${had.join(", ") || "no devices"}.`,
  )
}
