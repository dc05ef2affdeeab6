import type { Registration } from "../domain/device.ts"
import { csvLine, csvList } from "./csv.ts"
import type { DeviceFilter, DeviceSearch } from "./device-search.ts"

/** Devices read at a time: what the export holds in memory, whatever its length. */
const PAGE = 500

const COLUMNS = [
  "deviceId",
  "os",
  "osVersion",
  "channels",
  "expiration",
  "createdAt",
  "registeredAt",
  "userId",
] as const

/**
 * The devices as lines of CSV, in the order of their registration; read as they are asked for. Ends when the signal
 * aborts.
 */
export async function* exportDevices(
  search: Pick<DeviceSearch, "page">,
  application: number,
  filter: Pick<DeviceFilter, "channel" | "os">,
  { withTokens, signal }: { readonly withTokens: boolean; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  yield csvLine(withTokens ? [...COLUMNS, "deviceToken"] : COLUMNS)
  for (let after: number | undefined = 0; after !== undefined && !signal.aborted; ) {
    const page = await search.page(application, filter, after, PAGE)
    if (page.devices.length > 0) yield page.devices.map((device) => lineOf(device, withTokens)).join("")
    after = page.next
  }
}

function lineOf(device: Registration, withTokens: boolean): string {
  return csvLine([
    device.deviceId,
    device.os,
    device.osVersion,
    csvList(device.channels.map(({ name }) => name)),
    device.expiresAt,
    device.createdAt,
    device.registeredAt,
    device.userId,
    ...(withTokens ? [device.deviceToken] : []),
  ])
}
