import { checkedChannelName } from "../../../domain/channel.ts"
import { DomainError } from "../../../domain/errors.ts"
import { authorize, authorizeChannels } from "../../../policy/authorize.ts"
import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { decodePublish } from "../decode-publish.ts"
import { encodeMessageStatus } from "../encode.ts"
import { ChannelParams, MessageIdParams, MessageStatus, PublishBody } from "../schemas.ts"

/** First path segments that are no channels (contract 3.6). */
const RESERVED_SEGMENTS: ReadonlySet<string> = new Set([
  "registrations",
  "registration",
  "push",
  "pushtemplates",
  "channels",
  "email",
])

function refuseReserved(segment: string, what: string): void {
  if (RESERVED_SEGMENTS.has(segment)) {
    throw new DomainError("no_such_route", `messaging/${segment} is ${what}.`)
  }
}

/** The id of the path: a call that forgot the rest of another operation's path is not told about a message. */
function messageIdOf(params: Readonly<Record<string, string>>): string {
  const id = params["messageId"] ?? ""
  if (id === "registrations" || id === "registration") {
    throw new DomainError("no_such_route", `A device id belongs behind messaging/${id}/.`)
  }
  refuseReserved(id, "no message")
  return id
}

const publishMessage: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/:channel",
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
      refuseReserved(channel, "no channel that can be published to")
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
  permission: "message:read",
  summary: "Returns the status of a message.",
  params: MessageIdParams,
  reply: MessageStatus,
  errors: [],
  handle: async ({ services, principal, params }) => {
    const id = messageIdOf(params)
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
  permission: "message:cancel",
  summary: "Cancels a message that is not sent completely.",
  params: MessageIdParams,
  reply: MessageStatus,
  errors: ["cannot_cancel_message"],
  handle: async ({ services, principal, params }) => {
    const { number } = principal.application
    const id = messageIdOf(params)
    const found = await services.messages.find(number, id)
    authorize(principal, "message:cancel", found?.audience.channel)
    const message = await services.messages.cancel(number, id)
    return encodeMessageStatus(message.id, "CANCELLED")
  },
  audit: { action: "message.cancel" },
}

export const messageRoutes: readonly Route<KeyPrincipal>[] = [publishMessage, readStatus, cancelMessage]
