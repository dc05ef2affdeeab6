import { checkedChannelName, DEFAULT_CHANNEL } from "../../domain/channel.ts"
import type { RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import { parseExpiration } from "../../domain/expiration.ts"
import type { Limits } from "../../domain/limits.ts"
import { platformOf } from "../../domain/platform.ts"
import { checkedText, wrongType } from "../../domain/text.ts"

/**
 * The dialect's many spellings → domain values (contract 2). Unknown properties are ignored, never stored: SDKs send
 * more than the documents name.
 */

/** The body of `POST messaging/registrations` (contract 2.1), or a DomainError that names the property. */
export function decodeRegistration(body: unknown, now: number, limits: Limits): RegistrationRequest {
  const fields = objectBody(body)
  const os = checkedText(fields["os"], "os", { min: 1, max: limits.os })
  // A WNS channel is a URL and longer than the tokens of the others.
  const tokenMax = platformOf(os) === "wp" ? limits.wpDeviceToken : limits.deviceToken
  return {
    os,
    deviceToken: checkedText(fields["deviceToken"], "deviceToken", { min: 1, max: tokenMax }),
    deviceId: decodeDeviceId(fields["deviceId"], limits),
    osVersion: checkedText(fields["osVersion"], "osVersion", { min: 0, max: limits.osVersion }),
    channels: decodeChannels(fields["channels"], limits),
    expiresAt: parseExpiration(fields["expiration"], now),
  }
}

export function decodeDeviceId(value: unknown, limits: Limits, property = "deviceId"): string {
  const deviceId = checkedText(value, property, { min: 1, max: limits.deviceId })
  if (deviceId !== "." && deviceId !== "..") return deviceId
  throw new DomainError("invalid_property", `${property} is "${deviceId}", which no URL path can carry.`, {
    property,
  })
}

export function objectBody(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw wrongType("the body", "a JSON object", body)
  }
  return body as Readonly<Record<string, unknown>>
}

/** No channels means the default channel (contract 2.1); a name that comes twice counts once. */
function decodeChannels(value: unknown, limits: Limits): readonly string[] {
  if (value === undefined || value === null) return [DEFAULT_CHANNEL]
  if (!Array.isArray(value)) throw wrongType("channels", "an array of channel names", value)
  if (value.length === 0) return [DEFAULT_CHANNEL]
  if (value.length > limits.channelsPerDevice) {
    throw new DomainError(
      "invalid_property",
      `channels has ${value.length} entries; the limit is ${limits.channelsPerDevice}.`,
      { property: "channels", limit: limits.channelsPerDevice, length: value.length },
    )
  }
  const names = value.map((name: unknown, index) => checkedChannelName(name, `channels[${index}]`, limits))
  return names.length === 1 ? names : [...new Set(names)]
}
