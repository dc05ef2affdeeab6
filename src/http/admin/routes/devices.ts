import { hash } from "node:crypto"
import type { Registration } from "../../../domain/device.ts"
import { DomainError } from "../../../domain/errors.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import {
  DevicePage,
  DeviceParams,
  DeviceQuery,
  Device as DeviceShape,
  Overview,
} from "../administration-schemas.ts"
import { applicationNumber } from "../application-number.ts"
import { pageLimit, wholeNumber } from "../query.ts"
import { ApplicationParams, Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const DEVICES = `${APPLICATION}/devices`
/** Channels that an overview counts; an application may have millions. */
const COUNTED_CHANNELS = 1000

const listDevices: AdminRoute = {
  method: "GET",
  path: DEVICES,
  permission: "admin:read",
  summary: "Lists the devices of an application in the order of their first registration.",
  params: ApplicationParams,
  query: DeviceQuery,
  reply: DevicePage,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, query } = request
    const filter = { channel: query["channel"], os: query["os"] }
    const after = wholeNumber(query, "cursor", 0) ?? 0
    const application = await applicationNumber(request)
    const page = await services.deviceSearch.page(application, filter, after, pageLimit(query))
    return {
      devices: page.devices.map(view),
      next: page.next === undefined ? null : String(page.next),
    }
  },
}

const readDevice: AdminRoute = {
  method: "GET",
  path: `${DEVICES}/*`,
  permission: "admin:read",
  summary: "Returns a device without its token.",
  params: DeviceParams,
  reply: DeviceShape,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params } = request
    const deviceId = params["*"] ?? ""
    const device = await services.devices.find(await applicationNumber(request), deviceId)
    if (device === undefined) throw noSuchDevice(deviceId)
    return view(device)
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
  summary: "Counts the devices of an application by platform, and its channels.",
  params: ApplicationParams,
  reply: Overview,
  errors: ["not_found"],
  handle: async (request) => {
    const { services } = request
    const application = await applicationNumber(request)
    const [devices, channels] = await Promise.all([
      services.deviceSearch.count(application),
      services.channels.count(application, COUNTED_CHANNELS),
    ])
    return { devices, channels }
  },
}

function view(device: Registration): object {
  const { deviceToken, channels } = device
  return {
    deviceId: device.deviceId,
    objectId: device.id,
    os: device.os,
    osVersion: device.osVersion,
    tokenHash: hash("sha256", deviceToken, "hex").slice(0, 8),
    tokenLength: deviceToken.length,
    channels: channels.map(({ name }) => name),
    userId: device.userId ?? null,
    createdAt: device.createdAt,
    registeredAt: device.registeredAt,
    expiresAt: device.expiresAt ?? null,
    receives: device.receives,
  }
}

function noSuchDevice(deviceId: string): DomainError {
  return new DomainError("not_found", `The application has no device with the id ${deviceId}.`)
}

export const deviceRoutes: readonly AdminRoute[] = [listDevices, readDevice, removeDevice, readOverview]
