import type { ProviderName } from "../domain/platform.ts"
import { APNS_REJECTIONS } from "./apns-rejections.ts"
import type { ApnsEnvironment } from "./device-states.ts"
import { FCM_ERRORS } from "./fcm-errors.ts"
import {
  anyText,
  type Checked,
  either,
  type FieldRule,
  type FieldRules,
  fraction,
  isRecord,
  oneOf,
  problemWith,
  required,
  shape,
  text,
  truth,
  wholeNumber,
} from "./field-rules.ts"
import { WNS_ANSWERS } from "./wns-answers.ts"

/**
 * Scripted faults as plain JSON. A *fault* says when (all of its conditions must hold) and what happens instead of, or
 * on top of, the provider's normal conduct. The *endpoint* is where: pushes, the OAuth token endpoint, or the accepting
 * of connections.
 */

export type FaultEndpoint = "send" | "token" | "connection"

/** HTTP/2 error codes by name (RFC 9113 section 7). */
export const HTTP2_CODES = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const

type Http2Code = keyof typeof HTTP2_CODES

/** An answer of one's own: a reason word of the provider, or status and body by hand, or a reason with changes. */
export interface ScriptedAnswer {
  /** An APNs reason, an FCM error code or a WNS reason word; not for token endpoints. */
  readonly reason?: string
  readonly status?: number
  readonly statusText?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type FaultAction =
  /** Answers this; the push is not processed. */
  | ({ readonly do: "answer" } & ScriptedAnswer)
  /** Answers as usual, `ms` later. The push is processed on arrival, or after the wait with `processAfter`. */
  | {
      readonly do: "delay"
      readonly ms: number | { readonly min: number; readonly max: number }
      readonly processAfter?: boolean
    }
  /** The usual answer (or the one given) in several DATA frames with pauses; the head may come late as well. */
  | {
      readonly do: "slow_body"
      readonly parts: number
      readonly gapMs: number
      readonly headAfterMs?: number
      readonly answer?: ScriptedAnswer
    }
  /** The usual answer's head, then this many bytes of text. */
  | { readonly do: "huge_body"; readonly bytes: number; readonly status?: number }
  /** The usual answer (or the one given) with a body that cannot be used. */
  | {
      readonly do: "mangle"
      readonly how: "truncated_json" | "invalid_json" | "html" | "empty" | "wrong_content_type"
      readonly answer?: ScriptedAnswer
    }
  /** RST_STREAM; on HTTP/1.1 the connection is reset. Not processed unless asked for. */
  | { readonly do: "reset_stream"; readonly code: Http2Code; readonly processed?: boolean }
  /** RST_STREAM with REFUSED_STREAM: certainly not processed. */
  | { readonly do: "refuse_stream" }
  /**
   * GOAWAY. `lastStream`: "this" (the default) processes this push, "before" does not, both never disown a push that was
   * processed; "zero", "max" and numbers are sent as they are. `times` frames are sent; then the connection stays open,
   * or ends with FIN or RST.
   */
  | {
      readonly do: "goaway"
      readonly code?: Http2Code
      readonly lastStream?: "before" | "this" | "zero" | "max" | number
      readonly reason?: string
      readonly times?: number
      readonly afterwards?: "stay" | "fin" | "reset"
      readonly answer?: ScriptedAnswer
    }
  /** FIN while streams are open. */
  | { readonly do: "fin"; readonly processed?: boolean }
  /** TCP RST. "before_headers": nothing was done. The other two: the push was processed. */
  | { readonly do: "reset"; readonly when: "before_headers" | "after_headers" | "after_processed" }
  /** The connection falls silent: no answers, no PING replies, TCP stays up. */
  | { readonly do: "black_hole"; readonly processed?: boolean }
  /** Announces another SETTINGS_MAX_CONCURRENT_STREAMS, then goes on as usual. */
  | { readonly do: "stream_limit"; readonly limit: number }
  /** Answers as usual, then closes the connection without having said so. */
  | { readonly do: "close_keep_alive" }
  /** Token endpoint: hands out an access token that has expired already. */
  | { readonly do: "expired_access_token" }

export interface FaultConditions {
  /** The n-th request since the fault was set (counted among those that meet the other conditions), or a range of them. */
  readonly nth?: number | { readonly from?: number; readonly to?: number; readonly every?: number }
  /** 0 to 1. */
  readonly probability?: number
  /** Milliseconds since the fault was set: from inclusive, until exclusive. */
  readonly window?: { readonly fromMs?: number; readonly untilMs?: number }
  /** Only pushes to this device. */
  readonly token?: string
}

export interface Fault {
  readonly provider: ProviderName
  /** APNs: only there. Defaults to both. */
  readonly environment?: ApnsEnvironment
  /** Defaults to "send". */
  readonly endpoint?: FaultEndpoint
  /** Defaults to every request. */
  readonly when?: FaultConditions
  /** How often it strikes at most. Defaults to no limit. */
  readonly times?: number
  readonly action: FaultAction
}

const LONGEST_MS = 24 * 3_600_000
const milliseconds = wholeNumber(0, LONGEST_MS)
const count = wholeNumber(1, Number.MAX_SAFE_INTEGER)
const status = wholeNumber(200, 599)
const headerLine: FieldRule = {
  accepts: (value) => typeof value === "string" && /^[\x20-\x7e]+$/.test(value),
  expected: "printable ASCII characters",
}
const headerFields: FieldRule = {
  accepts: (value) =>
    isRecord(value) &&
    Object.entries(value).every(
      ([name, line]) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && headerLine.accepts(line),
    ),
  expected: "an object of lower-case header names and values of printable ASCII characters",
}
const http2Code = oneOf(Object.keys(HTTP2_CODES))

const FAULT_RULES: FieldRules = {
  provider: required(oneOf(["apns", "fcm", "wns"])),
  environment: oneOf(["production", "sandbox"]),
  endpoint: oneOf(["send", "token", "connection"]),
  when: shape({
    nth: either(count, shape({ from: count, to: count, every: count })),
    probability: fraction,
    window: shape({ fromMs: milliseconds, untilMs: milliseconds }),
    token: text,
  }),
  times: count,
  action: required({ accepts: isRecord, expected: `an object such as {"do":"answer","status":503}` }),
}

const REASONS: { readonly [P in ProviderName]: readonly string[] } = {
  apns: Object.keys(APNS_REJECTIONS),
  fcm: Object.keys(FCM_ERRORS),
  wns: Object.keys(WNS_ANSWERS),
}

const ANY_ENDPOINT: readonly FaultEndpoint[] = ["send", "token", "connection"]
const REQUESTS: readonly FaultEndpoint[] = ["send", "token"]

interface ActionRule {
  readonly at: readonly FaultEndpoint[]
  readonly fields: (answer: FieldRules) => FieldRules
}

const ACTION_RULES: { readonly [A in FaultAction["do"]]: ActionRule } = {
  answer: { at: REQUESTS, fields: (answer) => answer },
  delay: {
    at: REQUESTS,
    fields: () => ({
      ms: required(either(milliseconds, shape({ min: required(milliseconds), max: required(milliseconds) }))),
      processAfter: truth,
    }),
  },
  slow_body: {
    at: REQUESTS,
    fields: (answer) => ({
      parts: required(wholeNumber(1, 10_000)),
      gapMs: required(milliseconds),
      headAfterMs: milliseconds,
      answer: shape(answer),
    }),
  },
  huge_body: {
    at: REQUESTS,
    fields: () => ({ bytes: required(wholeNumber(1, 1_073_741_824)), status }),
  },
  mangle: {
    at: REQUESTS,
    fields: (answer) => ({
      how: required(oneOf(["truncated_json", "invalid_json", "html", "empty", "wrong_content_type"])),
      answer: shape(answer),
    }),
  },
  reset_stream: { at: REQUESTS, fields: () => ({ code: required(http2Code), processed: truth }) },
  refuse_stream: { at: ["send"], fields: () => ({}) },
  goaway: {
    at: REQUESTS,
    fields: (answer) => ({
      code: http2Code,
      lastStream: either(oneOf(["before", "this", "zero", "max"]), wholeNumber(0, 0x7fff_ffff)),
      reason: text,
      times: wholeNumber(1, 100),
      afterwards: oneOf(["stay", "fin", "reset"]),
      answer: shape(answer),
    }),
  },
  fin: { at: ANY_ENDPOINT, fields: () => ({ processed: truth }) },
  reset: {
    at: ANY_ENDPOINT,
    fields: () => ({ when: required(oneOf(["before_headers", "after_headers", "after_processed"])) }),
  },
  black_hole: { at: ANY_ENDPOINT, fields: () => ({ processed: truth }) },
  stream_limit: { at: ["send"], fields: () => ({ limit: required(wholeNumber(0, 100_000)) }) },
  close_keep_alive: { at: REQUESTS, fields: () => ({}) },
  expired_access_token: { at: ["token"], fields: () => ({}) },
}

function answerRules(provider: ProviderName, endpoint: FaultEndpoint): FieldRules {
  const byHand = { status, statusText: headerLine, headers: headerFields, body: anyText }
  if (endpoint !== "send") return byHand
  const reason: FieldRule = oneOf(REASONS[provider])
  return { reason, ...byHand }
}

/** Plain JSON to a fault, or what is wrong with it. */
export function checkFault(value: unknown): Checked<Fault> {
  const problem = problemWith(value, FAULT_RULES, "") ?? problemWithAction(value as Fault)
  return problem === undefined ? { ok: true, value: value as Fault } : { ok: false, problem }
}

function problemWithAction(fault: Fault): string | undefined {
  const { provider, endpoint = "send" } = fault
  if (provider === "apns" && endpoint === "token") {
    return 'endpoint must be "send" or "connection": APNs has no token endpoint'
  }
  if (provider !== "apns" && fault.environment !== undefined) return "environment is known to APNs only"
  if (fault.when?.token !== undefined && endpoint !== "send") return "when.token is for pushes only"
  const { do: name, ...fields } = fault.action
  if (!Object.hasOwn(ACTION_RULES, name)) {
    return `action.do must be ${oneOf(Object.keys(ACTION_RULES)).expected}`
  }
  const rule = ACTION_RULES[name]
  if (!rule.at.includes(endpoint)) {
    const possible = Object.entries(ACTION_RULES).filter(([, { at }]) => at.includes(endpoint))
    return `action.do "${name}" is not possible at the endpoint "${endpoint}"; possible are ${possible.map(([other]) => other).join(", ")}`
  }
  return problemWith(fields, rule.fields(answerRules(provider, endpoint)), "action")
}
