/** Reason words of the WNS simulator with the answer each stands for (providers.md 3.3). */
export interface WnsAnswerRow {
  readonly status: number
  readonly statusText?: string
  /** The X-WNS-Status of the answer. */
  readonly wnsStatus: "received" | "dropped" | "channelthrottled"
  /** Goes out as X-WNS-Error-Description. */
  readonly description?: string
}

export const WNS_ANSWERS = {
  received: { status: 200, wnsStatus: "received" },
  dropped: { status: 200, wnsStatus: "dropped" },
  channelthrottled: { status: 200, wnsStatus: "channelthrottled" },
  BadRequest: {
    status: 400,
    wnsStatus: "dropped",
    description: "One or more headers were specified incorrectly or conflict with another header.",
  },
  Unauthorized: {
    status: 401,
    wnsStatus: "dropped",
    description: "The cloud service did not present a valid authentication ticket.",
  },
  Forbidden: {
    status: 403,
    wnsStatus: "dropped",
    description: "The cloud service is not authorized to send a notification to this URI.",
  },
  NotFound: {
    status: 404,
    wnsStatus: "dropped",
    description: "The channel URI is not valid or is not recognized by WNS.",
  },
  MethodNotAllowed: {
    status: 405,
    wnsStatus: "dropped",
    description: "Invalid method. Only POST is allowed.",
  },
  NotAcceptable: {
    status: 406,
    wnsStatus: "channelthrottled",
    description: "The cloud service exceeded its throttle limit.",
  },
  Gone: { status: 410, wnsStatus: "dropped", description: "The channel expired." },
  DomainBlocked: {
    status: 410,
    statusText: "Domain Blocked",
    wnsStatus: "dropped",
    description: "Domain Blocked",
  },
  LengthRequired: {
    status: 411,
    wnsStatus: "dropped",
    description: "The Content-Length header is mandatory.",
  },
  DeviceUnreachable: {
    status: 412,
    wnsStatus: "dropped",
    description: "The device is temporarily not connected.",
  },
  PayloadTooLarge: {
    status: 413,
    wnsStatus: "dropped",
    description: "The notification payload exceeds the 5000 byte size limit.",
  },
  InternalServerError: {
    status: 500,
    wnsStatus: "dropped",
    description: "An internal failure caused notification delivery to fail.",
  },
  ServiceUnavailable: {
    status: 503,
    wnsStatus: "dropped",
    description: "The server is currently unavailable.",
  },
} as const satisfies Record<string, WnsAnswerRow>

export type WnsReason = keyof typeof WNS_ANSWERS
