import { DomainError, type ErrorDetails, type ErrorName } from "../domain/errors.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import { SealError } from "../runtime/sealer.ts"

/**
 * The one translation of errors into HTTP: the only place that knows status codes. Backendless answers its business
 * errors with 400 and one envelope (contract 1.4, 1.5); Belfry's own errors take the status that fits.
 */
export const STATUS: { readonly [K in ErrorName]: number } = {
  no_permission: 403,
  wrong_application_or_key: 400,
  login_by_id_refused: 400,
  login_disabled_for_user: 400,
  already_logged_in: 400,
  bad_login: 401,
  empty_login: 400,
  user_registration_disabled: 403,
  unknown_user_property: 400,
  missing_password: 400,
  missing_user_property: 400,
  missing_identity: 400,
  user_exists: 400,
  login_disabled: 400,
  login_locked: 400,
  missing_login_parameter: 400,
  user_id_not_allowed: 400,
  bad_email: 400,
  too_many_logins: 400,
  bad_user_token: 400,
  user_disabled: 400,
  unknown_device: 400,
  unknown_device_to_cancel: 400,
  invalid_expiration: 400,
  cannot_cancel_message: 400,
  property_too_long: 400,
  internal_error: 500,
  malformed_request: 400,
  malformed_json: 400,
  unsupported_content_type: 415,
  body_too_large: 413,
  invalid_property: 400,
  no_such_route: 404,
  method_not_allowed: 405,
  unavailable: 503,
  request_timeout: 408,
  not_authenticated: 401,
  not_found: 404,
  conflict: 409,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  payload_too_large_for_provider: 422,
  not_supported: 400,
  invalid_credential: 422,
  secrets_locked: 503,
}

/**
 * Reasons for `malformed_request` that have a status of their own in HTTP, named by `details.reason`. A 417 that ends its
 * connection, as it must with a body under way, is not repeated by curl: the message says what to do.
 */
const STATUS_OF_REASON: { readonly [reason: string]: number } = {
  expectation: 417,
  header_size: 431,
  target_length: 414,
}

/** The body of every error, on every surface. */
export interface ErrorEnvelope {
  readonly code: number
  readonly message: string
  readonly errorData: { readonly [name: string]: string | number | boolean | readonly string[] }
}

export interface ErrorReply {
  readonly status: number
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorEnvelope
}

/** Records an undeclared error where operators find it, and returns the id under which they do. */
export type IncidentReporter = (error: unknown) => string

export function incidentReporter(log: Log, random: Random): IncidentReporter {
  return (error) => {
    const errorId = random.bytes(8).toString("hex")
    log.error({ errorId, err: error }, "internal error")
    return errorId
  }
}

/** Where docs/errors.md explains an error. */
function errorAnchor(error: ErrorName): string {
  return `docs/errors.md#${error}`
}

/**
 * The answer for whatever was thrown. A declared error says what it says; anything else is reported and becomes
 * `internal_error`, of which the caller learns nothing but the id.
 */
export function errorReply(error: unknown, report: IncidentReporter): ErrorReply {
  if (error instanceof DomainError) return declaredReply(error)
  if (error instanceof SealError) return declaredReply(new DomainError("secrets_locked", error.message))
  const errorId = report(error)
  return declaredReply(
    new DomainError("internal_error", `The server failed. The log explains it under the id ${errorId}.`, {
      errorId,
    }),
  )
}

function declaredReply(error: DomainError): ErrorReply {
  const reason = error.details["reason"]
  const special =
    error.error === "malformed_request" && typeof reason === "string" ? STATUS_OF_REASON[reason] : undefined
  return {
    status: special ?? STATUS[error.error],
    headers: headersOf(error),
    body: { code: error.code, message: error.message, errorData: errorData(error.error, error.details) },
  }
}

function headersOf(error: DomainError): Record<string, string> {
  const headers: Record<string, string> = {}
  const { retryAfterMs, allow } = error.details
  // Retry-After counts whole seconds; rounding down would invite a repetition that is too early.
  if (retryAfterMs !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)))
  if (error.error === "method_not_allowed" && Array.isArray(allow)) headers["allow"] = allow.join(", ")
  if (STATUS[error.error] === 401) headers["www-authenticate"] = "Bearer"
  return headers
}

function errorData(error: ErrorName, details: ErrorDetails): ErrorEnvelope["errorData"] {
  const data: Record<string, string | number | boolean | readonly string[]> = {}
  for (const [name, value] of Object.entries(details)) {
    if (value !== undefined) data[name] = value
  }
  data["docs"] = errorAnchor(error)
  return data
}
