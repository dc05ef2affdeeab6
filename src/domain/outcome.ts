/**
 * Terms: an *outcome* is what became of one message for one device: the provider's answer, its silence, or the
 * engine's own verdict. Accepted by a provider is not delivered to a person.
 * Source of the rules: docs/outcomes.md is generated from this file; design D6.
 */

/** What became of one message for one device. Expected answers are values; only bugs and I/O failures throw. */
export type Outcome =
  // What a provider's answer, or its silence, means.
  | { readonly kind: "accepted"; readonly providerMessageId?: string }
  /** `since`: when the provider knew (ms since 1970). A registration renewed later than that is kept. */
  | { readonly kind: "token_gone"; readonly reason: string; readonly since?: number }
  | { readonly kind: "token_changed"; readonly to: string }
  /** This message can never go to this device; another message may. */
  | { readonly kind: "payload_rejected"; readonly reason: string }
  /** Never says anything about the token. "pairing": this token with this credential; "credential": all of it. */
  | { readonly kind: "credential_refused"; readonly reason: string; readonly scope: "credential" | "pairing" }
  /** `scope` says who is to slow down: this device alone or everything sent with the credential. */
  | {
      readonly kind: "throttled"
      readonly reason: string
      readonly scope: "device" | "credential"
      readonly afterMs?: number
    }
  /** Certainly not processed by the provider: free to send again. */
  | { readonly kind: "retry_later"; readonly reason: string; readonly afterMs?: number }
  /** Written, no answer: the provider may have accepted it. */
  | { readonly kind: "ambiguous"; readonly reason: string }
  // The engine's own verdicts.
  /** `reason`: what kept the device from being sent to until then (see obstacle.ts), or what its last attempt was answered. */
  | { readonly kind: "expired"; readonly reason: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "suppressed"; readonly reason: SuppressedReason }
  | { readonly kind: "retries_exhausted"; readonly reason: string }
  | { readonly kind: "outcome_unknown"; readonly reason: string }

export type OutcomeKind = Outcome["kind"]

/** Why a device of the audience was not sent to on purpose. */
export type SuppressedReason =
  | "unsupported_os"
  | "shared_token"
  | "left_audience"
  | "registration_expired"
  | "no_credential"
  | "invalid_token"

export interface OutcomeRule {
  /** What the outcome log stores for the kind (1 to 15); 0 for kinds that are never stored because they are not final. */
  readonly code: number
  readonly final: boolean
  /** True when another attempt may be a second copy on the phone. */
  readonly spendsCopy: boolean
  readonly token: "keep" | "remove_unless_newer"
  readonly credential: "none" | "slow_down" | "pause"
  /** For people: completes the sentence "The message …". */
  readonly meaning: string
  /** For people: what happens next, or what to do. */
  readonly next: string
}

/** One row per kind: a new kind without a row does not compile. */
export const OUTCOMES: { readonly [K in OutcomeKind]: OutcomeRule } = {
  accepted: {
    code: 1,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "was accepted by the provider.",
    next: "Nothing more is sent. What the provider and the phone do with it is out of Belfry's sight.",
  },
  token_gone: {
    code: 2,
    final: true,
    spendsCopy: false,
    token: "remove_unless_newer",
    credential: "none",
    meaning: "could not be sent: the provider says that the token is no longer valid.",
    next: "The registration was removed unless it was renewed since. The app registers again when it is next opened.",
  },
  token_changed: {
    code: 3,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "was accepted by the provider, which gave the device a new token.",
    next: "The app registers with its new token when it is next opened.",
  },
  payload_rejected: {
    code: 4,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "was rejected by the provider because of its content.",
    next: "Correct the message or its headers and publish it again.",
  },
  credential_refused: {
    code: 5,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "pause",
    meaning: "was refused because of the provider credential, not because of the device.",
    next: "Correct the credential, then send again to the devices that this outcome names.",
  },
  throttled: {
    code: 0,
    final: false,
    spendsCopy: false,
    token: "keep",
    credential: "slow_down",
    meaning: "was put off: the provider asked for a pause.",
    next: "It is tried again after the pause.",
  },
  retry_later: {
    code: 0,
    final: false,
    spendsCopy: false,
    token: "keep",
    credential: "slow_down",
    meaning: "was not processed by the provider.",
    next: "It is tried again.",
  },
  ambiguous: {
    code: 0,
    final: false,
    spendsCopy: true,
    token: "keep",
    credential: "slow_down",
    meaning: "was sent, but the answer was lost: it may have been accepted.",
    next: "It is sent again while the copy budget lasts.",
  },
  expired: {
    code: 6,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "expired before it could be sent.",
    next: "Send it again to those that it expired for, if it still matters.",
  },
  cancelled: {
    code: 7,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "was cancelled before it was sent.",
    next: "Nothing more is sent, unless somebody sends it again to those that it was cancelled for.",
  },
  suppressed: {
    code: 8,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "was not sent on purpose.",
    next: "Nothing more is sent.",
  },
  retries_exhausted: {
    code: 9,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "could not be sent within the attempts or the time allowed.",
    next: "Publish again once the provider answers.",
  },
  outcome_unknown: {
    code: 10,
    final: true,
    spendsCopy: false,
    token: "keep",
    credential: "none",
    meaning: "may have been accepted: every answer was lost and the copy budget is spent.",
    next: "It is never sent again.",
  },
}

/** The reasons for `suppressed`, in the words that people read. */
export const SUPPRESSED_REASONS: { readonly [K in SuppressedReason]: string } = {
  unsupported_os: "The operating system of the device has no push provider.",
  shared_token: "A later registration has the same token; a token is pushed once per message.",
  left_audience: "The device left the channel or unregistered before its turn came.",
  registration_expired: "The registration of the device had expired.",
  no_credential: "The application has no credential for the platform, and the sandbox is off.",
  invalid_token: "The stored token is no address of the provider.",
}

/** What can be done about a device that was suppressed, where it is more than what OUTCOMES says of them all. */
export const SUPPRESSED_NEXT: { readonly [R in SuppressedReason]?: string } = {
  registration_expired: "Open the app on the device so that it registers again, then publish again.",
  no_credential: "Set the credential of the platform, then send again to those that had none.",
  invalid_token: "Look at what the app registers as its device token.",
}

/** Final kinds are counted and logged; their counts add up to the audience. */
export function isFinal(outcome: Outcome): boolean {
  return OUTCOMES[outcome.kind].final
}

/** Outcomes whose devices a message can be sent to again: those that certainly did not get it. */
export const RESENDABLE_KINDS = [
  "retries_exhausted",
  "credential_refused",
  "expired",
  "cancelled",
  "payload_rejected",
  "suppressed",
] as const satisfies readonly OutcomeKind[]

export type ResendableKind = (typeof RESENDABLE_KINDS)[number]

export const FINAL_KINDS: readonly OutcomeKind[] = (Object.keys(OUTCOMES) as OutcomeKind[]).filter(
  (kind) => OUTCOMES[kind].final,
)
