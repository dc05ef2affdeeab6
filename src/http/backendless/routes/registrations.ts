import { DomainError } from "../../../domain/errors.ts"
import { authorize, authorizeChannels } from "../../../policy/authorize.ts"
import { type KeyPrincipal, maySee } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { decodeDeviceId, decodeRegistration } from "../decode.ts"
import { encodeRegistration, encodeRegistrationResult } from "../encode.ts"
import {
  CancelledRegistration,
  DeviceIdParams,
  RegistrationBody,
  RegistrationList,
  RegistrationResult,
} from "../schemas.ts"

/**
 * Says of an unknown device what may have cut its id short: the JS SDK sends a `?` in one as it is, and what follows arrives
 * as a query.
 */
async function mindingQuery<T>(query: Readonly<Record<string, string>>, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    const isUnknown = error instanceof DomainError && error.error.startsWith("unknown_device")
    if (!isUnknown || Object.keys(query).length === 0) throw error
    throw new DomainError(
      error.error,
      `${error.message} The request has a query; a '?' that belongs to a device id is sent as %3F.`,
    )
  }
}

const registerDevice: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/registrations",
  aliases: ["messaging/registration"],
  permission: "device:register",
  summary: "Registers a device, or renews its registration and adds the named channels.",
  body: RegistrationBody,
  reply: RegistrationResult,
  errors: ["invalid_expiration", "property_too_long", "invalid_property"],
  handle: async ({ services, principal, body }) => {
    const request = services.devices.decoded((now, limits) => decodeRegistration(body, now, limits))
    await authorizeChannels(principal, "device:register", request.channels, services.permissions)
    const { application, claim } = principal
    return encodeRegistrationResult(await services.devices.register(application.number, request, claim))
  },
}

const retrieveRegistration: Route<KeyPrincipal> = {
  method: "GET",
  path: "messaging/registrations/*",
  aliases: ["messaging/registration/*"],
  permission: "device:retrieve",
  summary: "Returns the registration of a device as a list with one object.",
  params: DeviceIdParams,
  reply: RegistrationList,
  errors: ["unknown_device"],
  handle: async ({ services, principal, params, query }) => {
    const deviceId = services.devices.decoded((_now, limits) => decodeDeviceId(params["*"], limits))
    const registration = await mindingQuery(
      query,
      services.devices.get(principal.application.number, deviceId),
    )
    return encodeRegistration(registration, maySee(principal, registration))
  },
}

const cancelRegistration: Route<KeyPrincipal> = {
  method: "DELETE",
  path: "messaging/registrations/*",
  aliases: ["messaging/registration/*"],
  permission: "device:cancel",
  summary: "Removes the registration of a device from all channels.",
  params: DeviceIdParams,
  reply: CancelledRegistration,
  errors: ["unknown_device_to_cancel"],
  handle: async ({ services, principal, params, query }) => {
    const deviceId = services.devices.decoded((_now, limits) => decodeDeviceId(params["*"], limits))
    authorize(principal, "device:cancel")
    await mindingQuery(query, services.devices.cancel(principal.application.number, deviceId))
    return { result: true }
  },
}

export const registrationRoutes: readonly Route<KeyPrincipal>[] = [
  registerDevice,
  retrieveRegistration,
  cancelRegistration,
]
