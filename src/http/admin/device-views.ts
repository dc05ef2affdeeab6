import type { Registration } from "../../domain/device.ts"
import { platformOf } from "../../domain/platform.ts"
import { shortHash } from "../../runtime/short-hash.ts"
import type { DeliveryRoute } from "../../service/delivery-routes.ts"
import type { DeviceMessage } from "../../service/device-messages.ts"
import type { DeviceDetails } from "../../service/devices.ts"
import { nextCursor } from "./query.ts"

/** Devices → the JSON of the management API. Never a token. */

export function deviceView(device: Registration): object {
  const { deviceToken, channels } = device
  return {
    deviceId: device.deviceId,
    objectId: device.id,
    os: device.os,
    osVersion: device.osVersion,
    tokenHash: shortHash(deviceToken),
    tokenLength: deviceToken.length,
    channels: channels.map(({ name }) => name),
    userId: device.userId ?? null,
    createdAt: device.createdAt,
    registeredAt: device.registeredAt,
    expiresAt: device.expiresAt ?? null,
    receives: device.receives,
  }
}

export function pageView({
  devices,
  next,
}: {
  readonly devices: readonly Registration[]
  readonly next: number | undefined
}): object {
  return { devices: devices.map(deviceView), next: nextCursor(next) }
}

/** Registrations of a device that are gone. */
export function historyView(departures: DeviceDetails["departures"]): readonly object[] {
  return departures.map(({ leftAt, reason, detail }) => ({ leftAt, reason, detail }))
}

/** Where the messages of a device go; null for an operating system without a provider. */
export function deliveryOf(os: string, routes: readonly DeliveryRoute[]): DeliveryRoute | null {
  const platform = platformOf(os)
  return routes.find((route) => route.platform === platform) ?? null
}

export function deviceMessageView({ message, ...verdict }: DeviceMessage): object {
  return {
    messageId: message.id,
    channel: message.audience.channel,
    message: JSON.parse(message.messageJson) as unknown,
    headers: Object.fromEntries(message.headers),
    state: message.state,
    acceptedAt: message.acceptedAt,
    ...verdict,
  }
}
