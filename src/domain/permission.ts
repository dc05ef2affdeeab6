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
} as const

/** What an administrator's token or session may do, from least to most. */
export const MANAGEMENT_SCOPES = ["read", "operate", "administer"] as const

export type ManagementScope = (typeof MANAGEMENT_SCOPES)[number]

export type MessagingOperation = keyof typeof MESSAGING_OPERATIONS

/** What a route demands of its caller: an operation, a scope, or nothing (health checks). */
export type Permission = MessagingOperation | `admin:${ManagementScope}` | "open"

/** The security preset of an application (design D14). */
export type Preset = "locked" | "compatible"

export const PRESETS: readonly Preset[] = ["locked", "compatible"]
