import type { FieldViolation } from "./fcm-errors.ts"
import { isRecord } from "./field-rules.ts"

/**
 * The shape of a send request to FCM HTTP v1 (providers.md 1.4) and the violations that Google reports when a request
 * does not have it. Names are accepted as in the reference and in lowerCamelCase, as protobuf's JSON mapping does.
 */

type FieldType =
  | { readonly kind: "string" | "boolean" | "integer" | "number" | "duration" | "object" }
  | { readonly kind: "stringMap" | "stringList" | "durationList" }
  | { readonly kind: "enumeration"; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: "message"; readonly name: string; readonly fields: MessageFields }

type MessageFields = Readonly<Record<string, FieldType>>

const string: FieldType = { kind: "string" }
const boolean: FieldType = { kind: "boolean" }
const integer: FieldType = { kind: "integer" }
const number: FieldType = { kind: "number" }
const duration: FieldType = { kind: "duration" }
const durationList: FieldType = { kind: "durationList" }
const stringMap: FieldType = { kind: "stringMap" }
const stringList: FieldType = { kind: "stringList" }
const object: FieldType = { kind: "object" }

const FCM = "type.googleapis.com/google.firebase.fcm.v1."

function message(name: string, fields: MessageFields): FieldType {
  return { kind: "message", name: FCM + name, fields }
}

function enumeration(name: string, ...words: readonly string[]): FieldType {
  return { kind: "enumeration", name: FCM + name, words }
}

const lightSettings = message("LightSettings", {
  color: message("Color", { red: number, green: number, blue: number, alpha: number }),
  light_on_duration: duration,
  light_off_duration: duration,
})

const androidNotification = message("AndroidNotification", {
  title: string,
  body: string,
  icon: string,
  color: string,
  sound: string,
  tag: string,
  click_action: string,
  body_loc_key: string,
  body_loc_args: stringList,
  title_loc_key: string,
  title_loc_args: stringList,
  channel_id: string,
  ticker: string,
  sticky: boolean,
  event_time: string,
  local_only: boolean,
  notification_priority: enumeration(
    "AndroidNotification.NotificationPriority",
    "PRIORITY_UNSPECIFIED",
    "PRIORITY_MIN",
    "PRIORITY_LOW",
    "PRIORITY_DEFAULT",
    "PRIORITY_HIGH",
    "PRIORITY_MAX",
  ),
  default_sound: boolean,
  default_vibrate_timings: boolean,
  default_light_settings: boolean,
  vibrate_timings: durationList,
  visibility: enumeration(
    "AndroidNotification.Visibility",
    "VISIBILITY_UNSPECIFIED",
    "PRIVATE",
    "PUBLIC",
    "SECRET",
  ),
  notification_count: integer,
  light_settings: lightSettings,
  image: string,
  proxy: enumeration(
    "AndroidNotification.Proxy",
    "PROXY_UNSPECIFIED",
    "ALLOW",
    "DENY",
    "IF_PRIORITY_LOWERED",
  ),
  bypass_proxy_notification: boolean,
})

const analytics = { analytics_label: string }

const android = message("AndroidConfig", {
  collapse_key: string,
  priority: enumeration("AndroidMessagePriority", "NORMAL", "HIGH", "normal", "high"),
  ttl: duration,
  restricted_package_name: string,
  data: stringMap,
  notification: androidNotification,
  fcm_options: message("AndroidFcmOptions", analytics),
  direct_boot_ok: boolean,
  bandwidth_constrained_ok: boolean,
  restricted_satellite_ok: boolean,
})

const apns = message("ApnsConfig", {
  headers: stringMap,
  payload: object,
  fcm_options: message("ApnsFcmOptions", { analytics_label: string, image: string }),
  live_activity_token: string,
})

const webpush = message("WebpushConfig", {
  headers: stringMap,
  data: stringMap,
  notification: object,
  fcm_options: message("WebpushFcmOptions", { link: string, analytics_label: string }),
})

const SEND_REQUEST: MessageFields = {
  validate_only: boolean,
  message: message("Message", {
    name: string,
    data: stringMap,
    notification: message("Notification", { title: string, body: string, image: string }),
    android,
    webpush,
    apns,
    fcm_options: message("FcmOptions", analytics),
    token: string,
    topic: string,
    condition: string,
    fid: string,
  }),
}

const VIOLATIONS_MAX = 20
const DURATION = /^-?\d{1,12}(\.\d{1,9})?s$/

/** A request with the names of the reference, or everything that is wrong with its shape. */
export function readSendRequest(
  value: unknown,
):
  | { readonly fields: Record<string, unknown>; readonly violations?: never }
  | { readonly violations: readonly FieldViolation[]; readonly fields?: never } {
  const violations: FieldViolation[] = []
  if (!isRecord(value)) {
    return { violations: [{ field: "", description: "Invalid JSON payload received. Not an object." }] }
  }
  const fields = readMessage(value, SEND_REQUEST, "", violations)
  return violations.length > 0 ? { violations: violations.slice(0, VIOLATIONS_MAX) } : { fields }
}

function readMessage(
  value: Readonly<Record<string, unknown>>,
  fields: MessageFields,
  path: string,
  violations: FieldViolation[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [givenName, field] of Object.entries(value)) {
    const name = givenName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (type === undefined) {
      const where = path === "" ? "" : ` at '${path}'`
      const description = `Invalid JSON payload received. Unknown name "${givenName}"${where}: Cannot find field.`
      violations.push({ field: path, description })
    } else if (field !== null && field !== undefined) {
      read[name] = readField(field, type, path === "" ? name : `${path}.${name}`, violations)
    }
  }
  return read
}

function readField(field: unknown, type: FieldType, path: string, violations: FieldViolation[]): unknown {
  if (type.kind === "message" && isRecord(field)) return readMessage(field, type.fields, path, violations)
  if (type.kind === "stringMap" && isRecord(field)) return readStringMap(field, path, violations)
  const isList = type.kind === "stringList" || type.kind === "durationList"
  if (isList && Array.isArray(field)) {
    const element = type.kind === "stringList" ? string : duration
    return field.map((entry, index) => readField(entry, element, `${path}[${index}]`, violations))
  }
  if (!isScalarOf(field, type)) violations.push(violationOf(field, type, path))
  return field
}

function readStringMap(
  map: Readonly<Record<string, unknown>>,
  path: string,
  violations: FieldViolation[],
): unknown {
  for (const [index, entry] of Object.values(map).entries()) {
    if (typeof entry !== "string") violations.push(violationOf(entry, string, `${path}[${index}].value`))
  }
  return map
}

function isScalarOf(field: unknown, type: FieldType): boolean {
  switch (type.kind) {
    case "string":
    case "boolean":
    case "number":
      return typeof field === type.kind
    case "integer":
      return Number.isInteger(field) || (typeof field === "string" && /^-?\d{1,10}$/.test(field))
    case "duration":
      return typeof field === "string" && DURATION.test(field)
    case "enumeration":
      return typeof field === "string" && type.words.includes(field)
    case "object":
      return isRecord(field)
    default:
      return false
  }
}

const TYPE_NAMES: { readonly [K in FieldType["kind"]]: string } = {
  string: "TYPE_STRING",
  boolean: "TYPE_BOOL",
  integer: "TYPE_INT32",
  number: "TYPE_FLOAT",
  duration: "type.googleapis.com/google.protobuf.Duration",
  object: "type.googleapis.com/google.protobuf.Struct",
  stringMap: "Map",
  stringList: "List",
  durationList: "List",
  enumeration: "",
  message: "",
}

function violationOf(field: unknown, type: FieldType, path: string): FieldViolation {
  const typeName = "name" in type ? type.name : TYPE_NAMES[type.kind]
  const lastName = path.slice(path.lastIndexOf(".") + 1)
  const shown =
    type.kind === "duration"
      ? `Field '${lastName}', Illegal duration format; duration must end with 's'`
      : JSON.stringify(field)
  return { field: path, description: `Invalid value at '${path}' (${typeName}), ${shown}` }
}
