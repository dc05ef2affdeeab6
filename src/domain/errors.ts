/**
 * The one table of errors. Numbers below 90000 keep the meaning that the Backendless documentation gives them
 * (contract 6.3), because SDKs act on them; numbers from 90000 up are Belfry's own (design D13). The HTTP status of each
 * is in http/errors.ts; docs/errors.md is generated from both.
 */

export interface ErrorDefinition {
  readonly code: number
  /** What the error means, for the documentation. The message of an occurrence is more specific. */
  readonly meaning: string
  /** What the caller can do about it. */
  readonly remedy: string
}

export const ERRORS = {
  no_permission: {
    code: 1011,
    meaning: "The caller lacks the permission for the operation.",
    remedy: "Use a key or a user whose roles grant the operation, or grant it to one of the roles named.",
  },
  wrong_application_or_key: {
    code: 2002,
    meaning:
      "The application id or the API key is wrong, the host name is bound to no application, or the key is not accepted from the caller's address. Nothing says which.",
    remedy:
      "Copy both from the App Settings, or run `belfry app show`; `belfry app key list` says from where a key is accepted.",
  },
  login_by_id_refused: {
    code: 2014,
    meaning: "A login by object id was tried with a key that is not of the type BL.",
    remedy: "Log in with identity and password, or from the server with a BL key.",
  },
  login_disabled_for_user: {
    code: 3000,
    meaning: "The user may not log in yet: the e-mail address is not confirmed.",
    remedy: "Confirm the address, or set the user's status to ENABLED.",
  },
  already_logged_in: {
    code: 3002,
    meaning: "The user is logged in already, and the application refuses a second login.",
    remedy: "Log out first, or allow multiple logins in the application's user settings.",
  },
  bad_login: {
    code: 3003,
    meaning: "The login or the password is wrong. Nothing says which.",
    remedy: "Try again with the right ones.",
  },
  empty_login: {
    code: 3006,
    meaning: "The login or the password is empty.",
    remedy: "Send both.",
  },
  user_registration_disabled: {
    code: 3009,
    meaning: "The application does not let users register.",
    remedy: "Turn registration on in the application's user settings, or create the user in the Console.",
  },
  unknown_user_property: {
    code: 3010,
    meaning: "The user has a property that the application does not know.",
    remedy: "Leave it out, or let the application keep unknown properties.",
  },
  missing_password: {
    code: 3011,
    meaning: "The user has no password.",
    remedy: "Send a password that is not empty.",
  },
  missing_user_property: {
    code: 3012,
    meaning: "A property is missing that the application requires of its users.",
    remedy: "Send the property that the message names.",
  },
  missing_identity: {
    code: 3013,
    meaning: "The user lacks the property that identifies users.",
    remedy: "Send the property that the message names.",
  },
  user_exists: {
    code: 3033,
    meaning: "There is a user with this identity already.",
    remedy: "Log in, or register with another identity.",
  },
  login_disabled: {
    code: 3034,
    meaning: "The application does not let users log in.",
    remedy: "Turn logins on in the application's user settings.",
  },
  login_locked: {
    code: 3036,
    meaning: "Too many wrong passwords came for this login from this address.",
    remedy: "Wait for the time in `Retry-After`; logins from elsewhere are not affected.",
  },
  missing_login_parameter: {
    code: 3038,
    meaning: "A login lacks a parameter.",
    remedy: "Send `login` and `password`.",
  },
  user_id_not_allowed: {
    code: 3039,
    meaning: "A user was registered with the property `id`, which is reserved.",
    remedy: "Leave it out: the server gives ids.",
  },
  bad_email: {
    code: 3040,
    meaning: "The e-mail address is none.",
    remedy: "Correct the property `email`.",
  },
  too_many_logins: {
    code: 3044,
    meaning: "The user is logged in as often as the application allows.",
    remedy: "Log out elsewhere, or raise maxConcurrentLogins.",
  },
  bad_user_token: {
    code: 3064,
    meaning: "The user token is unknown, expired or of another application.",
    remedy: "Log in again and send the new user token, or leave the header out.",
  },
  user_disabled: {
    code: 3090,
    meaning: "The user is disabled.",
    remedy: "Enable the user in the Console.",
  },
  unknown_device: {
    code: 5000,
    meaning: "No registration exists for the device id.",
    remedy: "Register the device first. An expired registration is gone.",
  },
  unknown_device_to_cancel: {
    code: 5001,
    meaning: "No registration exists for the device id that is to be cancelled.",
    remedy: "Nothing is left to cancel.",
  },
  invalid_expiration: {
    code: 5004,
    meaning: "The expiration date is not after the current time.",
    remedy: "Send a later time, or none for a registration that does not expire.",
  },
  cannot_cancel_message: {
    code: 5040,
    meaning: "The message was cancelled already, has finished, or never existed.",
    remedy: "Read the message's status.",
  },
  property_too_long: {
    code: 8000,
    meaning: "A property exceeds its length limit.",
    remedy: "Shorten the property that the message names.",
  },
  internal_error: {
    code: 90000,
    meaning: "The server failed to do something that it should have been able to do.",
    remedy: "Look for the error id in the server's log.",
  },
  malformed_request: {
    code: 90001,
    meaning: "The request is not well-formed HTTP for this server.",
    remedy: "Correct what the message names.",
  },
  malformed_json: {
    code: 90002,
    meaning: "The body is not JSON, or JSON that no store can keep faithfully.",
    remedy: "Correct the body at the place that the message names.",
  },
  unsupported_content_type: {
    code: 90003,
    meaning: "The body is not declared as application/json.",
    remedy: "Send the header `Content-Type: application/json`, uncompressed.",
  },
  body_too_large: {
    code: 90004,
    meaning: "The body is larger than the operation takes.",
    remedy: "Send less in one request.",
  },
  invalid_property: {
    code: 90005,
    meaning: "A property is missing, of the wrong type or has a value that is not allowed.",
    remedy: "Correct the property that the message names.",
  },
  no_such_route: {
    code: 90006,
    meaning: "No operation has this path.",
    remedy:
      "Compare the path with openapi/backendless.json or openapi/admin.json; docs/backendless.md says what is not served.",
  },
  method_not_allowed: {
    code: 90007,
    meaning: "The path exists, but not with this method.",
    remedy: "Use a method that the `Allow` header lists.",
  },
  unavailable: {
    code: 90008,
    meaning: "The server is starting, stopping or cannot write at the moment. Nothing was changed.",
    remedy: "Repeat the request after the time in `Retry-After`.",
  },
  request_timeout: {
    code: 90009,
    meaning: "The request did not arrive completely in time.",
    remedy: "Send the request without pauses.",
  },
  not_authenticated: {
    code: 90010,
    meaning: "The management API needs an administrator's token or session.",
    remedy: "Create a token with `belfry token create` and send it as `Authorization: Bearer …`.",
  },
  not_found: {
    code: 90011,
    meaning: "The thing that the path names does not exist.",
    remedy: "List what exists first.",
  },
  conflict: {
    code: 90012,
    meaning: "The request contradicts the present state.",
    remedy: "Read the present state and decide again.",
  },
  idempotency_key_reused: {
    code: 90013,
    meaning: "The Idempotency-Key was used before with another request.",
    remedy: "Use a new key for a new request.",
  },
  too_many_requests: {
    code: 90014,
    meaning:
      "A limit is reached: of requests a second, of connections or requests at once, of logins that wait, or of wrong passwords.",
    remedy: "Repeat the request after the time in `Retry-After`; the message says which limit it is.",
  },
  payload_too_large_for_provider: {
    code: 90015,
    meaning: "The notification would be larger than a provider takes.",
    remedy: "Shorten the message or its headers.",
  },
  not_supported: {
    code: 90016,
    meaning: "The operation or option is not supported.",
    remedy: "Leave out the option that the message names.",
  },
  invalid_credential: {
    code: 90017,
    meaning: "The provider credential cannot work as it is.",
    remedy: "Correct what the message names.",
  },
  secrets_locked: {
    code: 90018,
    meaning:
      "The server runs without the right master key: stored secrets can be neither opened nor added. Devices still register.",
    remedy:
      "Restore the file master.key of the data directory or set BELFRY_MASTER_KEY, and restart the server.",
  },
} as const satisfies { readonly [name: string]: ErrorDefinition }

export type ErrorName = keyof typeof ERRORS

export interface ErrorDetails {
  /** The property or header that is wrong, as the caller wrote it: `channels[3]`. */
  readonly property?: string
  /** The limit that was exceeded, and by what. */
  readonly limit?: number
  readonly length?: number
  /** After how many milliseconds a repetition makes sense. */
  readonly retryAfterMs?: number
  readonly [more: string]: string | number | boolean | readonly string[] | undefined
}

/** A declared error: its message says what was wrong, where, and what would be right. Never holds a secret. */
export class DomainError extends Error {
  readonly error: ErrorName
  readonly details: ErrorDetails

  constructor(error: ErrorName, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = "DomainError"
    this.error = error
    this.details = details
  }

  get code(): number {
    return ERRORS[this.error].code
  }
}
