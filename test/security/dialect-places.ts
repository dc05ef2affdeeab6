import type { MessagingOperation } from "../../src/domain/permission.ts"

/**
 * The place of every operation of the Backendless dialect in the authorisation matrix. Written by hand and on purpose a
 * second time: what a route demands is compared with this, so that neither a new route nor a weaker demand goes unnoticed.
 */
export interface DialectPlace {
  readonly needs: MessagingOperation
  /** The channel that decides besides the application; undefined: the application alone. */
  readonly channel?: string
  readonly path: string
  readonly body?: unknown
  /** The answer to who may do it: 200 unless said. Nothing may be used up by it. */
  readonly allowed?: { readonly status: number; readonly code: number }
  /** The user token of the request means nothing: it is how an app gets a new one. */
  readonly ignoresUserToken?: true
  /** The call ends the login that it is made with. */
  readonly endsLogin?: true
}

/** What the places speak of, in an application. */
export interface DialectThings {
  readonly deviceId: string
  readonly messageId: string
}

export const NEWS = "news"
const gone = (code: number) => ({ status: 400, code })

export function dialectPlaces({
  deviceId,
  messageId,
}: DialectThings): Readonly<Record<string, DialectPlace>> {
  const registration = { deviceToken: "token", deviceId: "newcomer", os: "ANDROID", osVersion: "16" }
  const credentials = { email: "new@example.com", password: "" }
  return {
    "POST /messaging/registrations": {
      needs: "device:register",
      channel: NEWS,
      path: "messaging/registrations",
      body: { ...registration, channels: [NEWS] },
    },
    "GET /messaging/registrations/{deviceId}": {
      needs: "device:retrieve",
      path: `messaging/registrations/${deviceId}`,
    },
    "DELETE /messaging/registrations/{deviceId}": {
      needs: "device:cancel",
      path: "messaging/registrations/nobody",
      allowed: gone(5001),
    },
    "POST /data/DeviceRegistration/find": {
      needs: "device:retrieve",
      path: "data/DeviceRegistration/find",
      body: { where: `deviceId='${deviceId}'` },
    },
    "DELETE /data/DeviceRegistration/{objectId}": {
      needs: "device:cancel",
      path: "data/DeviceRegistration/00000000-0000-4000-8000-000000000000",
      allowed: gone(5001),
    },
    "GET /messaging/pushtemplates": { needs: "template:list", path: "messaging/pushtemplates" },
    "GET /messaging/pushtemplates/{deviceType}": {
      needs: "template:list",
      path: "messaging/pushtemplates/android",
    },
    "POST /messaging/{channelOrMessageId}": {
      needs: "message:publish",
      channel: NEWS,
      path: `messaging/${NEWS}`,
      body: { message: "hello" },
    },
    "GET /messaging/{channelOrMessageId}": {
      needs: "message:read",
      channel: NEWS,
      path: `messaging/${messageId}`,
    },
    "DELETE /messaging/{channelOrMessageId}": {
      needs: "message:cancel",
      path: "messaging/message:00000000-0000-4000-8000-000000000000",
      allowed: gone(5040),
    },
    "POST /messaging/push/{template}": {
      needs: "message:publish-template",
      path: "messaging/push/greeting",
      body: {},
      allowed: { status: 400, code: 90016 },
    },
    "DELETE /messaging/channels/{channel}": {
      needs: "channel:delete",
      path: "messaging/channels/nowhere",
      allowed: { status: 404, code: 90011 },
    },
    "GET /info": { needs: "application:info", path: "info" },
    "POST /users/register": {
      needs: "user:register",
      path: "users/register",
      body: credentials,
      allowed: gone(3011),
      ignoresUserToken: true,
    },
    "POST /users/register/guest": {
      needs: "user:register",
      path: "users/register/guest",
      ignoresUserToken: true,
    },
    "POST /users/login": {
      needs: "user:login",
      path: "users/login",
      body: {},
      allowed: gone(3038),
      ignoresUserToken: true,
    },
    "GET /users/logout": { needs: "user:session", path: "users/logout", endsLogin: true },
    "GET /users/isvalidusertoken/{token}": {
      needs: "user:session",
      path: "users/isvalidusertoken/anything",
      ignoresUserToken: true,
    },
    "GET /users/userroles": { needs: "user:session", path: "users/userroles" },
  }
}
