/**
 * The catalogue of operations. Every route names one; a route without one does not start. Operations on messaging are
 * granted or denied to the roles of an application; operations of management need an administrator's scope.
 */
export const MESSAGING_OPERATIONS = {
  "device:register": "register a device",
  "device:retrieve": "retrieve a registration",
  "device:cancel": "cancel a registration",
  "message:publish": "publish a message",
  "message:publish-template": "publish from a template",
  "message:read": "read the status of a message",
  "message:cancel": "cancel a message",
  "channel:create": "create a channel",
  "channel:delete": "delete a channel",
  "template:list": "list the push templates for devices",
  "application:info": "read the application's public information",
  "user:register": "register a user or a guest",
  "user:login": "log in",
  "user:session": "check or end a login, and list the roles of the request",
} as const

export type MessagingOperation = keyof typeof MESSAGING_OPERATIONS

export function isMessagingOperation(name: string): name is MessagingOperation {
  return Object.hasOwn(MESSAGING_OPERATIONS, name)
}

/**
 * The operations that are decided for a channel, so that rules of a channel may speak of them. A route with one of them
 * must ask `authorize` again when it knows the channel. `device:cancel` is both: a device leaves one channel, or all.
 */
export const CHANNEL_OPERATIONS: ReadonlySet<MessagingOperation> = new Set<MessagingOperation>([
  "device:register",
  "device:cancel",
  "message:publish",
  "message:publish-template",
  "message:read",
  "message:cancel",
  "channel:create",
  "channel:delete",
])

/** What an administrator's token or session may do, from least to most. */
export const MANAGEMENT_SCOPES = ["read", "operate", "administer"] as const

export type ManagementScope = (typeof MANAGEMENT_SCOPES)[number]

/**
 * What a route demands of its caller: an operation, a scope, or nothing. "open" is for health checks; "admin:anyone" for
 * becoming an administrator (login and first setup), which the table of routes allows on those paths only.
 */
export type Permission = MessagingOperation | `admin:${ManagementScope}` | "admin:anyone" | "open"

/** The security preset of an application (design D14): what its roles may do where no rule says otherwise. */
export type Preset = "locked" | "compatible"

export const PRESETS: readonly Preset[] = ["locked", "compatible"]
