import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Phones, Phone as PhoneValue } from "../../../service/phones.ts"
import { decodeRegistration } from "../../backendless/decode.ts"
import { RawReply, type Route } from "../../route.ts"
import { applicationNumber } from "../application-number.ts"
import { propertiesOf } from "../body.ts"
import { EventHeaders, NewPhone, Phone, PhoneEvents, PhoneList, PhoneParams } from "../phone-schemas.ts"
import { ApplicationParams, Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const PHONES = "/admin/v1/applications/:applicationId/phones"

const listPhones: AdminRoute = {
  method: "GET",
  path: PHONES,
  permission: "admin:read",
  summary: "Lists the virtual phones of an application with what they show.",
  params: ApplicationParams,
  reply: PhoneList,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    return { phones: (await services.phones.list(application)).map(view) }
  },
}

const createPhone: AdminRoute = {
  method: "POST",
  path: PHONES,
  permission: "admin:operate",
  summary: "Registers a virtual phone in the sandbox.",
  params: ApplicationParams,
  body: NewPhone,
  reply: Phone,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, params, body }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    const { os, name, channels } = propertiesOf(body, ["os", "name", "channels"])
    const phone = await services.phones.create(application, { os, name, channels }, (registration) =>
      services.devices.decoded((now, limits) => decodeRegistration(registration, now, limits)),
    )
    return view(phone)
  },
  audit: {
    action: "phone.create",
    target: (_request, result) => (result as { readonly deviceId: string }).deviceId,
  },
}

const removePhone: AdminRoute = {
  method: "DELETE",
  path: `${PHONES}/:deviceId`,
  permission: "admin:operate",
  summary: "Removes a virtual phone and its registration.",
  params: PhoneParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    await services.phones.remove(application, params["deviceId"] ?? "")
    return { done: true }
  },
  audit: { action: "phone.remove" },
}

const watchPhones: AdminRoute = {
  method: "GET",
  path: `${PHONES}/events`,
  permission: "admin:read",
  summary: "Streams what the virtual phones of an application get.",
  params: ApplicationParams,
  headers: EventHeaders,
  reply: PhoneEvents,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, headers, signal } = request
    const application = await applicationNumber(request)
    const events = services.phones.events(application, headers["last-event-id"], signal)
    return new RawReply("text/event-stream", eventText(events))
  },
}

async function* eventText(events: ReturnType<Phones["events"]>): AsyncGenerator<string> {
  // So that whoever waits for the first byte knows that the stream has begun.
  yield ": begins\n\n"
  for await (const event of events) {
    if (event === undefined) yield ": still here\n\n"
    else yield `id: ${event.id}\nevent: notification\ndata: ${JSON.stringify(event.notification)}\n\n`
  }
}

function view(phone: PhoneValue): object {
  const { deviceId, name, createdAt, registration, sandboxed, notifications } = phone
  return {
    deviceId,
    name,
    os: registration.os,
    channels: registration.channels.map((channel) => channel.name),
    createdAt,
    sandboxed,
    notifications: notifications.map(({ sequence, at, messageId, shown }) => ({
      ...{ sequence, at, shown },
      ...(messageId !== undefined && { messageId }),
    })),
  }
}

export const phoneRoutes: readonly AdminRoute[] = [listPhones, createPhone, removePhone, watchPhones]
