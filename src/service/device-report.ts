import type { Registration } from "../domain/device.ts"
import { isTerminal, type Message } from "../domain/message.ts"
import { obstacleSentence, obstacleWords } from "../domain/obstacle.ts"
import { OUTCOMES, SUPPRESSED_NEXT, SUPPRESSED_REASONS, type SuppressedReason } from "../domain/outcome.ts"
import { reasonWords } from "../domain/provider-reasons.ts"
import type { Clock } from "../runtime/clock.ts"
import type { DeviceOutcome, SettledOutcome } from "../store/message-store.ts"
import { CHANNEL_DELETED, type Departure, type Store } from "../store/store.ts"

/** The answer to "why did this phone not get it?": facts, and the same in words. Times in milliseconds since 1970. */
export interface DeviceReport {
  readonly messageId: string
  readonly deviceId: string
  readonly verdict: "settled" | "retrying" | "pending" | "not_in_audience" | "not_registered"
  /** One sentence. */
  readonly summary: string
  /** What happens next, or what to do. */
  readonly next: string
  readonly outcome?: { readonly kind: string; readonly reason: string }
  /** The message was settled for the device between these two times. */
  readonly settledBetween?: readonly [number, number]
  readonly retry?: { readonly attempts: number; readonly notBefore: number; readonly lastReason: string }
  readonly registration?: {
    readonly registeredAt: number
    readonly createdAt: number
    readonly os: string
    readonly channels: readonly string[]
    readonly expiresAt: number | null
    readonly receives: boolean
  }
  /** Earlier registrations of the device id that are gone, the latest first. */
  readonly departures: readonly Pick<Departure, "leftAt" | "reason" | "detail">[]
}

/** What became of one message for the device. */
export type Verdict = Pick<
  DeviceReport,
  "verdict" | "summary" | "next" | "outcome" | "settledBetween" | "retry"
>

type InWords = Pick<Verdict, "summary" | "next">

export class DeviceReports {
  readonly #store: Store
  readonly #clock: Clock
  readonly #standstill: string

  /** `standstill`: the obstacle that keeps this server from delivering anything at all; empty for none. */
  constructor(store: Store, clock: Clock, standstill = "") {
    this.#store = store
    this.#clock = clock
    this.#standstill = standstill
  }

  async of(message: Message, deviceId: string): Promise<DeviceReport> {
    const registration = await this.#store.devices.byDeviceId(
      message.application,
      deviceId,
      this.#clock.now(),
    )
    const departures = await this.#store.devices.departures(message.application, deviceId)
    const verdict = await this.#verdict(message, deviceId, registration, departures)
    return {
      messageId: message.id,
      deviceId,
      ...verdict,
      ...(registration === undefined ? {} : { registration: registrationFacts(registration) }),
      departures: departures.map(({ leftAt, reason, detail }) => ({ leftAt, reason, detail })),
    }
  }

  /** What became of several messages of one application for the device, in their order. */
  async verdicts(
    application: number,
    deviceId: string,
    messages: readonly Message[],
  ): Promise<readonly Verdict[]> {
    const [registration, departures] = await Promise.all([
      this.#store.devices.byDeviceId(application, deviceId, this.#clock.now()),
      this.#store.devices.departures(application, deviceId),
    ])
    return Promise.all(messages.map((message) => this.#verdict(message, deviceId, registration, departures)))
  }

  #now(outcome: DeviceOutcome): DeviceOutcome {
    const isStill = this.#standstill !== "" && outcome.state === "pending"
    return isStill ? { ...outcome, obstacle: this.#standstill } : outcome
  }

  /** The registration that was in the audience may be gone since: then its trace is asked. */
  async #verdict(
    message: Message,
    deviceId: string,
    registration: Registration | undefined,
    departures: readonly Departure[],
  ): Promise<Verdict> {
    const numbers = [registration?.number, ...departures.map((departure) => departure.registration)]
    let last: DeviceOutcome | undefined
    for (const number of numbers) {
      if (number === undefined) continue
      const outcome = await this.#store.messages.deviceOutcome(message.number, number)
      if (outcome.state !== "not_in_audience") return inWords(this.#now(outcome), message)
      last ??= outcome
    }
    if (registration !== undefined && last !== undefined) return inWords(last, message)
    return notRegistered(message, deviceId, departures)
  }
}

function registrationFacts(registration: Registration): NonNullable<DeviceReport["registration"]> {
  return {
    registeredAt: registration.registeredAt,
    createdAt: registration.createdAt,
    os: registration.os,
    channels: registration.channels.map(({ name }) => name),
    expiresAt: registration.expiresAt ?? null,
    receives: registration.receives,
  }
}

function inWords(outcome: DeviceOutcome, message: Message): Verdict {
  switch (outcome.state) {
    case "settled": {
      const rule = OUTCOMES[outcome.outcome.kind]
      return {
        verdict: "settled",
        summary: `The message ${rule.meaning}${reasonInWords(outcome.outcome)}`,
        next: nextOf(outcome.outcome),
        outcome: outcome.outcome,
        settledBetween: [outcome.from, outcome.to],
      }
    }
    case "retrying":
      return {
        verdict: "retrying",
        summary: triedInWords(outcome.attempts, outcome.lastReason),
        next: nextAttemptInWords(outcome.lastReason, message),
        retry: { attempts: outcome.attempts, notBefore: outcome.notBefore, lastReason: outcome.lastReason },
      }
    case "pending":
      return { verdict: "pending", ...pendingInWords(outcome.obstacle, message) }
    case "not_in_audience":
      return { verdict: "not_in_audience", ...whyNotInAudience(outcome.because, message) }
  }
}

function triedInWords(attempts: number, lastReason: string): string {
  if (attempts === 0) return `The message was not tried yet. ${obstacleSentence(lastReason)}`
  const times = `The message was tried ${attempts} time(s) without success`
  if (obstacleWords(lastReason) !== undefined) return `${times}. ${obstacleSentence(lastReason)}`
  return `${times}; the last answer was: ${lastReason}.`
}

function nextAttemptInWords(lastReason: string, { state }: Message): string {
  if (state === "paused") return "The message is paused: it is tried again when the message is resumed."
  if (isTerminal(state)) return "Nothing more is sent. What came of it is told here."
  return `It is tried again at the time in retry.notBefore.${remedyOf(lastReason)}`
}

function pendingInWords(obstacle: string, { state }: Message): InWords {
  if (state === "paused") {
    return {
      summary: "The device is in the audience, and the message is paused.",
      next: "Resume the message.",
    }
  }
  // The store does not tell those apart.
  const summary = "The device is in the audience: its turn has not come, or its push is under way."
  const whether = isTerminal(state) ? "Nothing more is sent." : "It is sent when its turn comes."
  const next = `${whether} What came of it is told here.`
  if (obstacle === "") return { summary, next }
  return { summary: `${summary} ${obstacleSentence(obstacle)}`, next: `${next}${remedyOf(obstacle)}` }
}

function remedyOf(obstacle: string): string {
  const words = obstacleWords(obstacle)
  return words === undefined ? "" : ` ${words.next}`
}

type NotInAudience = Extract<DeviceOutcome, { state: "not_in_audience" }>["because"]

/** The same publish once more would mostly end as this one did: says what has to be different. */
function whyNotInAudience(because: NotInAudience, { policy, audience }: Message): InWords {
  if (policy === "PUBSUB") return PUSHED_TO_NOBODY
  const isForNone = because === "other_platform" && audience.platforms?.length === 0
  return isForNone ? FOR_NO_PLATFORM : NOT_IN_AUDIENCE[because]
}

const TO_ITS_PLATFORM =
  "Publish again to its operating system as well (pushBroadcast; platforms in the management API)."

const PUSHED_TO_NOBODY: InWords = {
  summary: "The message was published with the policy PUBSUB, which pushes to nobody.",
  next: "Publish again with the policy PUSH or BOTH.",
}

const FOR_NO_PLATFORM: InWords = {
  summary: "The message was published to no operating system at all.",
  next: TO_ITS_PLATFORM,
}

const NOT_IN_AUDIENCE: { readonly [Because in NotInAudience]: InWords } = {
  registered_later: {
    summary: "The device registered, or joined the channel, after the message was published.",
    next: "Publish again to reach the device.",
  },
  not_in_channel: {
    summary: "The device is not in the channel that the message was published to.",
    next: "If it was when the message was published, it is counted as left_audience. Publish again to a channel that the device is in, or let the app register with this one.",
  },
  other_platform: {
    summary: "The message was published to other operating systems.",
    next: TO_ITS_PLATFORM,
  },
  not_named: {
    summary: "The message was published to certain devices, and this was none of them.",
    next: "Publish again to this device id, or to the whole channel.",
  },
}

function nextOf({ kind, reason }: SettledOutcome): string {
  const words = reasonWords(kind, reason)
  if (words !== undefined) return `${words.meaning} ${words.next}`
  if (kind === "expired") return `${remedyOf(reason)} ${OUTCOMES.expired.next}`.trimStart()
  const special = kind === "suppressed" ? SUPPRESSED_NEXT[reason as SuppressedReason] : undefined
  return special ?? OUTCOMES[kind].next
}

function reasonInWords({ kind, reason }: { readonly kind: string; readonly reason: string }): string {
  if (reason === "") return ""
  if (kind === "expired") return ` ${obstacleSentence(reason)}`
  if (kind === "suppressed") return ` ${SUPPRESSED_REASONS[reason as SuppressedReason] ?? reason}`
  return ` The answer was: ${reason}.`
}

function notRegistered(message: Message, deviceId: string, departures: readonly Departure[]): Verdict {
  const departure = departures[0]
  const isLater = departure !== undefined && departure.leftAt >= message.acceptedAt
  const wasNamed = message.unknownDeviceIds.includes(deviceId)
  return {
    verdict: "not_registered",
    summary:
      departure === undefined
        ? `No device is registered with this device id${wasNamed ? "; the publish named it, and nothing could be sent" : ""}.`
        : `${departureInWords(departure)}${isLater ? REMOVED_LATER : ""}`,
    next: `${isLater ? LEFT_LATER : ""}Open the app on the device so that it registers, then publish again.`,
  }
}

/** Said of the row: what it stood for may have ended before, as a registration that expires or a channel that is deleted does. */
const REMOVED_LATER = " It was removed after the message was published."
/** In which channels it was is not kept, so whether it was in the audience is not known. */
const LEFT_LATER =
  "If the device was in the audience, it is not sent to any more and counted as left_audience; a push that was under way is told here once it is answered. "

function departureInWords({ reason, detail }: Departure): string {
  if (detail === CHANNEL_DELETED)
    return "The only channel of the device was deleted, and its registration with it."
  return DEPARTED[reason]
}

const DEPARTED: { readonly [R in Departure["reason"]]: string } = {
  unregistered: "The device cancelled its registration.",
  expired: "The registration of the device expired.",
  token_gone:
    "The provider said that the device's token is no longer valid, and the registration was removed.",
}
