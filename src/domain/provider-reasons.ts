import type { OutcomeKind } from "./outcome.ts"

/**
 * What the answers of providers mean that people meet most, and what to do about them: finer than the outcome they end in.
 * Source of the rules: the error tables of APNs, FCM v1 and WNS. docs/outcomes.md is generated from this file.
 */
export interface ReasonWords {
  /** As the outcome names it. */
  readonly reason: string
  /** The outcomes for which this is what it means: WNS has only numbers, and they mean something else elsewhere. */
  readonly kinds: readonly OutcomeKind[]
  /** A sentence. */
  readonly meaning: string
  /** A sentence that says what to do. */
  readonly next: string
}

const REFUSED: readonly OutcomeKind[] = ["credential_refused", "retries_exhausted"]
const REJECTED: readonly OutcomeKind[] = ["payload_rejected"]
const GONE: readonly OutcomeKind[] = ["token_gone"]
const GIVEN_UP: readonly OutcomeKind[] = ["retries_exhausted"]

const APNS: readonly ReasonWords[] = [
  {
    reason: "BadDeviceToken",
    kinds: REFUSED,
    meaning: "APNs does not know the token: it is of the other environment, or is none.",
    next: "Set the environment of the APNs credential: sandbox for builds from Xcode, production for TestFlight and the App Store.",
  },
  {
    reason: "DeviceTokenNotForTopic",
    kinds: REFUSED,
    meaning: "The token belongs to another app than the bundle id of the APNs credential.",
    next: "Correct the bundle id (topic) of the credential, or let the app register with the application that is meant for it.",
  },
  {
    reason: "TopicDisallowed",
    kinds: [...REFUSED, ...REJECTED],
    meaning: "The APNs key may not send to this bundle id.",
    next: "Correct the bundle id (topic), or use a key of the team that owns the app.",
  },
  {
    reason: "BadTopic",
    kinds: [...REFUSED, ...REJECTED],
    meaning: "APNs knows no app with this bundle id.",
    next: "Correct the bundle id (topic) of the APNs credential.",
  },
  {
    reason: "InvalidProviderToken",
    kinds: REFUSED,
    meaning:
      "APNs does not accept the key: key, key id and team id do not belong together, or the key was revoked.",
    next: "Set the APNs credential again, with the ids from Apple's developer account, and send again.",
  },
  {
    reason: "ExpiredProviderToken",
    kinds: REFUSED,
    meaning: "APNs takes the proof of identity for too old: the clock of the server is wrong.",
    next: "Set the clock of the server, and send again.",
  },
  {
    reason: "Unregistered",
    kinds: GONE,
    meaning: "The app was removed from the device, or does not want notifications any more.",
    next: "Nothing: the app registers again when it is next opened.",
  },
]

const FCM: readonly ReasonWords[] = [
  {
    reason: "SENDER_ID_MISMATCH",
    kinds: REFUSED,
    meaning: "The token was made for another Firebase project than that of the credential.",
    next: "Use the service account of the project that the app is built with (its google-services.json names it).",
  },
  {
    reason: "THIRD_PARTY_AUTH_ERROR",
    kinds: REFUSED,
    meaning: "The Firebase project lacks the credential of the platform that the token belongs to.",
    next: "Add the APNs key, or the web push key, in the settings of the Firebase project.",
  },
  {
    reason: "PERMISSION_DENIED",
    kinds: REFUSED,
    meaning: "The service account may not send messages.",
    next: "Give it the role Firebase Cloud Messaging API Admin, and enable that API in the project.",
  },
  {
    reason: "UNAUTHENTICATED",
    kinds: REFUSED,
    meaning:
      "Google does not accept the service account: its key was removed, or the clock of the server is wrong.",
    next: "Upload a new key of the service account, and send again.",
  },
  {
    reason: "INVALID_ARGUMENT: token",
    kinds: REFUSED,
    meaning: "The token is none that FCM gives out.",
    next: "Look at what the app registers as its device token; the other devices are not affected.",
  },
  {
    reason: "QUOTA_EXCEEDED",
    kinds: GIVEN_UP,
    meaning: "More was sent than Google allows the project in a minute.",
    next: "Send again to those that failed, or ask Google for a higher quota.",
  },
  {
    reason: "UNREGISTERED",
    kinds: GONE,
    meaning: "The app was removed from the device, or got a new token.",
    next: "Nothing: the app registers again when it is next opened.",
  },
]

const WNS: readonly ReasonWords[] = [
  {
    reason: "status 401",
    kinds: REFUSED,
    meaning: "The provider does not accept the credential.",
    next: "Set the credential again; for WNS, tenant, client id and secret as the app registration has them.",
  },
  {
    reason: "status 403",
    kinds: REFUSED,
    meaning:
      "The provider does not let this credential send to the device: for WNS, its channel belongs to another app.",
    next: "Use the credential of the app that the device registers from.",
  },
  {
    reason: "Domain Blocked",
    kinds: REFUSED,
    meaning: "Microsoft blocked this sender because of abuse.",
    next: "Ask Microsoft's developer support to lift it.",
  },
  {
    reason: "dropped",
    kinds: REJECTED,
    meaning:
      "WNS dropped it: the device does not take this type of notification, or it was switched off there.",
    next: "Look at the type (wp-type), and at the settings of the device.",
  },
]

export const PROVIDER_REASONS: readonly ReasonWords[] = [...APNS, ...FCM, ...WNS]

/** What an outcome's reason means; undefined for one that speaks for itself, or that nobody has met. */
export function reasonWords(kind: OutcomeKind, reason: string): ReasonWords | undefined {
  return PROVIDER_REASONS.find((words) => words.reason === reason && words.kinds.includes(kind))
}
