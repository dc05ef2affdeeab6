import type { ProviderAnswer } from "./provider-exchange.ts"

/** The error answers of FCM HTTP v1 and of its token endpoint, in the envelopes of providers.md 1.2 and 1.6. */

const FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
const APNS_ERROR = "type.googleapis.com/google.firebase.fcm.v1.ApnsError"
const BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
const QUOTA_FAILURE = "type.googleapis.com/google.rpc.QuotaFailure"

interface ErrorRow {
  readonly status: number
  readonly grpcStatus: string
  readonly message: string
  /** False for errors that Google's front end gives before FCM sees the request: they carry no FcmError. */
  readonly isFcmError: boolean
  readonly details?: readonly object[]
}

/** Reason words: the FcmError codes, and google.rpc codes for what carries none. */
export const FCM_ERRORS = {
  INVALID_ARGUMENT: {
    status: 400,
    grpcStatus: "INVALID_ARGUMENT",
    message: "Request contains an invalid argument.",
    isFcmError: true,
  },
  UNAUTHENTICATED: {
    status: 401,
    grpcStatus: "UNAUTHENTICATED",
    message:
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    isFcmError: false,
  },
  THIRD_PARTY_AUTH_ERROR: {
    status: 401,
    grpcStatus: "UNAUTHENTICATED",
    message: "Auth error from APNS or Web Push Service",
    isFcmError: true,
    details: [{ "@type": APNS_ERROR, statusCode: 403, reason: "InvalidProviderToken" }],
  },
  PERMISSION_DENIED: {
    status: 403,
    grpcStatus: "PERMISSION_DENIED",
    message: "Permission 'cloudmessaging.messages.create' denied on resource (or it may not exist).",
    isFcmError: false,
  },
  SENDER_ID_MISMATCH: {
    status: 403,
    grpcStatus: "PERMISSION_DENIED",
    message: "SenderId mismatch",
    isFcmError: true,
  },
  NOT_FOUND: {
    status: 404,
    grpcStatus: "NOT_FOUND",
    message: "Requested entity was not found.",
    isFcmError: false,
  },
  UNREGISTERED: {
    status: 404,
    grpcStatus: "NOT_FOUND",
    message: "Requested entity was not found.",
    isFcmError: true,
  },
  QUOTA_EXCEEDED: {
    status: 429,
    grpcStatus: "RESOURCE_EXHAUSTED",
    message: "Quota exceeded.",
    isFcmError: true,
  },
  INTERNAL: {
    status: 500,
    grpcStatus: "INTERNAL",
    message: "Internal error encountered.",
    isFcmError: true,
  },
  UNAVAILABLE: {
    status: 503,
    grpcStatus: "UNAVAILABLE",
    message: "The service is currently unavailable.",
    isFcmError: true,
  },
  UNSPECIFIED_ERROR: {
    status: 500,
    grpcStatus: "UNKNOWN",
    message: "No more information is available about this error.",
    isFcmError: true,
  },
} as const satisfies Record<string, ErrorRow>

export type FcmReason = keyof typeof FCM_ERRORS

const JSON_HEADERS = { "content-type": "application/json; charset=UTF-8" }

export interface FieldViolation {
  readonly field: string
  readonly description: string
}

interface FcmErrorOptions {
  readonly message?: string
  /** Adds a google.rpc.BadRequest detail. */
  readonly violations?: readonly FieldViolation[]
  /** Adds a google.rpc.QuotaFailure detail about this subject. */
  readonly quotaSubject?: string
  readonly headers?: Readonly<Record<string, string>>
}

export function fcmError(reason: FcmReason, options: FcmErrorOptions = {}): ProviderAnswer {
  const row: ErrorRow = FCM_ERRORS[reason]
  const details: object[] = row.isFcmError ? [{ "@type": FCM_ERROR, errorCode: reason }] : []
  details.push(...(row.details ?? []))
  if (options.violations !== undefined) {
    details.push({ "@type": BAD_REQUEST, fieldViolations: options.violations })
  }
  if (options.quotaSubject !== undefined) {
    const description = options.message ?? row.message
    details.push({ "@type": QUOTA_FAILURE, violations: [{ subject: options.quotaSubject, description }] })
  }
  return errorAnswer(row, details, reason, options)
}

/** 400 about the shape of the request: a BadRequest detail and no FcmError, so it says nothing about the token. */
export function malformedRequest(violations: readonly FieldViolation[], message?: string): ProviderAnswer {
  const text = message ?? violations.map(({ description }) => description).join("\n")
  return errorAnswer(
    FCM_ERRORS.INVALID_ARGUMENT,
    [{ "@type": BAD_REQUEST, fieldViolations: violations }],
    "BadRequest",
    { message: text },
  )
}

function errorAnswer(
  row: ErrorRow,
  details: readonly object[],
  reason: string,
  options: FcmErrorOptions,
): ProviderAnswer {
  const error = {
    code: row.status,
    message: options.message ?? row.message,
    status: row.grpcStatus,
    ...(details.length > 0 && { details }),
  }
  return {
    status: row.status,
    headers: { ...JSON_HEADERS, ...options.headers },
    body: `${JSON.stringify({ error }, null, 2)}\n`,
    reason,
  }
}

/** What Google's front end says to a path that is no API of its own, the retired /fcm/send among them. */
export function htmlNotFound(path: string): ProviderAnswer {
  const shown = path.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return {
    status: 404,
    headers: { "content-type": "text/html; charset=UTF-8" },
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That's an error.</ins>\n<p>The requested URL <code>${shown}</code> was not found on this server. <ins>That's all we know.</ins>\n`,
    reason: "NotFoundHtml",
  }
}

export function jsonAnswer(status: number, value: object): ProviderAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value, null, 2) }
}

/** An error of an OAuth 2 token endpoint (RFC 6749 5.2). */
export function oauthError(status: number, error: string, description: string): ProviderAnswer {
  return { ...jsonAnswer(status, { error, error_description: description }), reason: error }
}
