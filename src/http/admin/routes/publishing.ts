import type { Message } from "../../../domain/message.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { propertiesOf } from "../body.ts"
import { callerName } from "../caller.ts"
import { decodeAdminPublish } from "../publish-body.ts"
import {
  IdempotencyHeaders,
  MessagePreview,
  Publish,
  PublishedMessage,
  Resend,
  ResentMessage,
} from "../publish-schemas.ts"
import { ApplicationParams, MessageParams } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const PUBLISH_ERRORS = [
  "not_found",
  "invalid_property",
  "property_too_long",
  "payload_too_large_for_provider",
  "idempotency_key_reused",
  "not_supported",
] as const

const publishMessage: AdminRoute = {
  method: "POST",
  path: `${APPLICATION}/messages`,
  permission: "admin:operate",
  summary: "Publishes a message to the devices of a channel.",
  params: ApplicationParams,
  headers: IdempotencyHeaders,
  body: Publish,
  bodyLimit: "publishBodyBytes",
  reply: PublishedMessage,
  errors: PUBLISH_ERRORS,
  handle: async ({ services, principal, params, body, headers }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    const request = services.devices.decoded((now, limits) => decodeAdminPublish(body, now, limits))
    const key = headers["idempotency-key"]
    return published(await services.messages.publish(application, request, callerName(principal), key))
  },
  audit: { action: "message.publish", target: messageOf },
}

const previewMessage: AdminRoute = {
  method: "POST",
  path: `${APPLICATION}/message-previews`,
  permission: "admin:read",
  asksOnly: true,
  summary: "Says whom a message would be for, what each provider would get, and what phones would show.",
  params: ApplicationParams,
  body: Publish,
  bodyLimit: "publishBodyBytes",
  reply: MessagePreview,
  errors: ["not_found"],
  handle: async ({ services, params, body }) => {
    const { number } = await services.applications.get(params["applicationId"] ?? "")
    return services.messagePreviews.of(number, () =>
      services.devices.decoded((now, limits) => decodeAdminPublish(body, now, limits)),
    )
  },
}

const resendMessage: AdminRoute = {
  method: "POST",
  path: `${APPLICATION}/messages/:messageId/resend`,
  permission: "admin:operate",
  summary:
    "Publishes a message again to those of its devices that it failed for; never to one that accepted it.",
  params: MessageParams,
  headers: IdempotencyHeaders,
  body: Resend,
  reply: ResentMessage,
  errors: [...PUBLISH_ERRORS, "conflict"],
  handle: async ({ services, principal, params, body, headers }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    const { outcomes } = propertiesOf(body, ["outcomes"])
    const { message, matched, departed } = await services.resends.resend(
      application,
      params["messageId"] ?? "",
      outcomes,
      { caller: callerName(principal), idempotencyKey: headers["idempotency-key"] },
    )
    return { ...published(message), matched, departed }
  },
  audit: {
    action: "message.resend",
    target: ({ params }, result) => `${params["messageId"]} as ${messageOf(undefined, result)}`,
  },
}

function published({ id, audienceSize, unsupported, unknownDeviceIds }: Message): object {
  return { messageId: id, audience: audienceSize, unsupported, unknownDeviceIds }
}

function messageOf(_request: unknown, result: unknown): string {
  return (result as { readonly messageId: string }).messageId
}

export const publishingRoutes: readonly AdminRoute[] = [publishMessage, previewMessage, resendMessage]
