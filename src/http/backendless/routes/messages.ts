import { checkedChannelName } from "../../../domain/channel.ts"
import { authorize, authorizeChannels } from "../../../policy/authorize.ts"
import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { decodePublish } from "../decode-publish.ts"
import { encodeMessageStatus } from "../encode.ts"
import { ChannelParams, MessageIdParams, MessageStatus, PublishBody } from "../schemas.ts"

/** First path segments that are no channels (contract 3.6). */
const RESERVED_SEGMENTS = [
  "registrations",
  "registration",
  "push",
  "pushtemplates",
  "channels",
  "email",
] as const

const NO_CHANNELS: ReadonlyMap<string, string> = new Map(
  RESERVED_SEGMENTS.map((name) => [name, `messaging/${name} is no channel that can be published to.`]),
)

/** A call that forgot the rest of another operation's path is not told about a message. */
const NO_MESSAGES: ReadonlyMap<string, string> = new Map(
  RESERVED_SEGMENTS.map((name) => [
    name,
    name.startsWith("registration")
      ? `A device id belongs behind messaging/${name}/.`
      : `messaging/${name} is no message.`,
  ]),
)

const publishMessage: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/:channel",
  reserved: NO_CHANNELS,
  permission: "message:publish",
  summary: "Publishes a message to the devices of a channel.",
  params: ChannelParams,
  body: PublishBody,
  bodyLimit: "publishBodyBytes",
  reply: MessageStatus,
  errors: [
    "invalid_property",
    "property_too_long",
    "payload_too_large_for_provider",
    "idempotency_key_reused",
    "not_supported",
  ],
  handle: async ({ services, principal, params, body, headers }) => {
    const request = services.devices.decoded((now, limits) => {
      const channel = checkedChannelName(params["channel"], "channel", limits)
      return decodePublish(channel, body, now, limits)
    })
    await authorizeChannels(principal, "message:publish", [request.channel], services.permissions)
    const { keyNumber, user } = principal
    // Users of one app share its key, and must not meet under an Idempotency-Key.
    const caller = user === undefined ? `key ${keyNumber}` : `key ${keyNumber} user ${user.id}`
    const message = await services.messages.publish(
      principal.application,
      request,
      caller,
      headers["idempotency-key"],
    )
    return encodeMessageStatus(message.id, "scheduled")
  },
  audit: {
    action: "message.publish",
    target: (_request, result) => (result as { readonly messageId: string }).messageId,
  },
}

const readStatus: Route<KeyPrincipal> = {
  method: "GET",
  path: "messaging/:messageId",
  reserved: NO_MESSAGES,
  permission: "message:read",
  summary: "Returns the status of a message.",
  params: MessageIdParams,
  reply: MessageStatus,
  errors: [],
  handle: async ({ services, principal, params }) => {
    const id = params["messageId"] ?? ""
    const message = await services.messages.find(principal.application.number, id)
    authorize(principal, "message:read", message?.audience.channel)
    return encodeMessageStatus(id, message === undefined ? "unknown" : STATUS_WORDS[message.state])
  },
}

/** The dialect's words (contract 3.4): lower case when read, and nothing between scheduled and published. */
const STATUS_WORDS = {
  running: "scheduled",
  paused: "scheduled",
  finished: "published",
  cancelled: "cancelled",
  failed: "failed",
} as const

const cancelMessage: Route<KeyPrincipal> = {
  method: "DELETE",
  path: "messaging/:messageId",
  reserved: NO_MESSAGES,
  permission: "message:cancel",
  summary: "Cancels a message that is not sent completely.",
  params: MessageIdParams,
  reply: MessageStatus,
  errors: ["cannot_cancel_message"],
  handle: async ({ services, principal, params }) => {
    const { number } = principal.application
    const id = params["messageId"] ?? ""
    const found = await services.messages.find(number, id)
    authorize(principal, "message:cancel", found?.audience.channel)
    const message = await services.messages.cancel(number, id)
    return encodeMessageStatus(message.id, "CANCELLED")
  },
  audit: { action: "message.cancel" },
}

export const messageRoutes: readonly Route<KeyPrincipal>[] = [publishMessage, readStatus, cancelMessage]
