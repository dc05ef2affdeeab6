import { authorize } from "../../../policy/authorize.ts"
import { type KeyPrincipal, maySee } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { objectBody } from "../decode.ts"
import { encodeRegistrationRows } from "../encode.ts"
import { DeletionTime, FindBody, ObjectIdParams, RegistrationRows } from "../schemas.ts"
import { decodeDeviceWhere, decodePaging } from "../where.ts"

/** The Swift SDK leaves single channels through the Data API (contract 2.5): these two routes of it, nothing else. */

const findRegistrations: Route<KeyPrincipal> = {
  method: "POST",
  path: "data/DeviceRegistration/find",
  permission: "device:retrieve",
  summary: "Returns the rows of one device, one for each of its channels.",
  body: FindBody,
  reply: RegistrationRows,
  errors: ["invalid_property", "not_supported"],
  handle: async ({ services, principal, body }) => {
    const fields = objectBody(body)
    const where = services.devices.decoded((_now, limits) => decodeDeviceWhere(fields["where"], limits))
    const { pageSize, offset } = decodePaging(fields)
    const registration = await services.devices.find(principal.application.number, where.deviceId)
    const rows =
      registration === undefined ? [] : encodeRegistrationRows(registration, maySee(principal, registration))
    return rows.filter((row) => where.channels?.has(row.channelName) ?? true).slice(offset, offset + pageSize)
  },
}

const deleteRegistrationRow: Route<KeyPrincipal> = {
  method: "DELETE",
  path: "data/DeviceRegistration/:objectId",
  permission: "device:cancel",
  summary: "Takes a device out of one channel.",
  params: ObjectIdParams,
  reply: DeletionTime,
  errors: ["unknown_device_to_cancel"],
  handle: async ({ services, principal, params }) => {
    const { number } = principal.application
    const objectId = params["objectId"] ?? ""
    authorize(principal, "device:cancel", await services.devices.channelOf(number, objectId))
    return { deletionTime: await services.devices.leaveChannel(number, objectId) }
  },
}

export const dataRoutes: readonly Route<KeyPrincipal>[] = [findRegistrations, deleteRegistrationRow]
