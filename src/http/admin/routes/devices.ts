import { DomainError } from "../../../domain/errors.ts"
import { checkedText } from "../../../domain/text.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { DevicePage, Overview } from "../administration-schemas.ts"
import { applicationNumber } from "../application-number.ts"
import { propertiesOf } from "../body.ts"
import {
  DeviceDetails,
  DeviceMessages,
  DeviceMessagesQuery,
  DeviceParams,
  DeviceQuery,
  DeviceSearch,
} from "../device-schemas.ts"
import { deliveryOf, deviceMessageView, deviceView, historyView, pageView } from "../device-views.ts"
import { nextCursor, pageLimit, truth, wholeNumber } from "../query.ts"
import { ApplicationParams, Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const DEVICES = `${APPLICATION}/devices`
/** Channels that an overview counts; an application may have millions. */
const COUNTED_CHANNELS = 1000
const DEVICE_MESSAGES_MAX = 200
/** Longer than any token that the limits allow. */
const TOKEN_LENGTH = { min: 1, max: 8192 }

const listDevices: AdminRoute = {
  method: "GET",
  path: DEVICES,
  permission: "admin:read",
  summary: "Lists or searches the devices of an application in the order of their first registration.",
  params: ApplicationParams,
  query: DeviceQuery,
  reply: DevicePage,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, query } = request
    const filter = {
      channel: query["channel"],
      os: query["os"],
      deviceIdPrefix: query["deviceIdPrefix"],
      userId: query["userId"],
      tokenHash: query["tokenHash"],
    }
    const after = wholeNumber(query, "cursor", 0) ?? 0
    const application = await applicationNumber(request)
    return pageView(await services.deviceSearch.page(application, filter, after, pageLimit(query)))
  },
}

const searchDevices: AdminRoute = {
  method: "POST",
  path: `${APPLICATION}/device-searches`,
  permission: "admin:read",
  asksOnly: true,
  summary: "Finds the devices that registered a token, the one that receives first.",
  params: ApplicationParams,
  body: DeviceSearch,
  reply: DevicePage,
  errors: ["not_found", "invalid_property", "property_too_long"],
  handle: async (request) => {
    const { services, body } = request
    const fields = propertiesOf(body, ["deviceToken", "cursor", "limit"])
    const token = checkedText(fields["deviceToken"], "deviceToken", TOKEN_LENGTH)
    const texts = asQuery(fields)
    const after = wholeNumber(texts, "cursor", 0) ?? 0
    return pageView(
      await services.deviceSearch.byToken(await applicationNumber(request), token, after, pageLimit(texts)),
    )
  },
}

/** The rules of a query for the same properties in a body. */
function asQuery({ cursor, limit }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return {
    ...(cursor !== undefined && cursor !== null && { cursor: String(cursor) }),
    ...(limit !== undefined && { limit: String(limit) }),
  }
}

const readDevice: AdminRoute = {
  method: "GET",
  path: `${DEVICES}/*`,
  permission: "admin:read",
  summary: "Returns a device without its token: where its messages go, who receives for it, and its history.",
  params: DeviceParams,
  reply: DeviceDetails,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const deviceId = params["*"] ?? ""
    const application = await services.applications.get(params["applicationId"] ?? "")
    const details = await services.devices.details(application.number, deviceId)
    if (details === undefined) throw noSuchDevice(deviceId)
    const { registration, receivedBy, departures } = details
    return {
      ...deviceView(registration),
      receivedBy: receivedBy ?? null,
      delivery: deliveryOf(registration.os, await services.server.delivery(application)),
      history: historyView(departures),
    }
  },
}

const listDeviceMessages: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/device-messages/*`,
  permission: "admin:read",
  summary:
    "Lists the latest messages for a device with what became of each, in words, the latest first; also for a device that is gone, with when and why it left.",
  params: DeviceParams,
  query: DeviceMessagesQuery,
  reply: DeviceMessages,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, params, query } = request
    const application = await applicationNumber(request)
    const deviceId = params["*"] ?? ""
    const { messages, next } = await services.deviceMessages.page(application, deviceId, {
      all: truth(query, "all"),
      before: wholeNumber(query, "cursor", 1),
      limit: pageLimit(query, DEVICE_MESSAGES_MAX),
    })
    return {
      messages: messages.map(deviceMessageView),
      next: nextCursor(next),
      history: historyView(await services.devices.departures(application, deviceId)),
    }
  },
}

const removeDevice: AdminRoute = {
  method: "DELETE",
  path: `${DEVICES}/*`,
  permission: "admin:operate",
  summary: "Removes a device from all channels, as if it had cancelled its registration.",
  params: DeviceParams,
  reply: Done,
  errors: ["unknown_device_to_cancel", "not_found"],
  handle: async (request) => {
    const { services, params } = request
    await services.devices.cancel(await applicationNumber(request), params["*"] ?? "")
    return { done: true }
  },
  audit: { action: "device.remove" },
}

const readOverview: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/overview`,
  permission: "admin:read",
  summary: "Counts the devices of an application by platform, and its channels, and says where messages go.",
  params: ApplicationParams,
  reply: Overview,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    const application = await services.applications.get(params["applicationId"] ?? "")
    const [devices, delivery, channels] = await Promise.all([
      services.deviceSearch.count(application.number),
      services.server.delivery(application),
      services.channels.count(application.number, COUNTED_CHANNELS),
    ])
    return { devices, delivery, channels }
  },
}

function noSuchDevice(deviceId: string): DomainError {
  return new DomainError("not_found", `The application has no device with the id ${deviceId}.`)
}

export const deviceRoutes: readonly AdminRoute[] = [
  listDevices,
  searchDevices,
  readDevice,
  listDeviceMessages,
  removeDevice,
  readOverview,
]
