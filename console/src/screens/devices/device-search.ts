import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type Answer, client, type Schema } from "../../api/client.ts"
import { findUserId } from "../../app/user-name.tsx"

export type DeviceRow = Schema<"Device">

/** What devices are looked for by. A token never stands in an address, so it is not in the list of those that do. */
export const SEARCH_KINDS = ["deviceIdPrefix", "tokenHash", "userId", "token"] as const
export type SearchKind = (typeof SEARCH_KINDS)[number]

export interface DeviceFilter {
  readonly kind: SearchKind
  /** Empty: all devices. */
  readonly text: string
  /** Empty: all channels. */
  readonly channel: string
  /** Empty: all operating systems. */
  readonly os: string
}

type DevicePage = Answer<"/admin/v1/applications/{applicationId}/devices">

const PAGE = 50
/** The server looks at a bounded slice per page; so long, slices without a match are gone through at once. */
const SEARCH_MS = 100

/** One page of the devices that match. */
export function useDevicePage(applicationId: string, filter: DeviceFilter, cursor: string | undefined) {
  return useQuery({
    queryKey: ["device-page", applicationId, filter, cursor ?? null],
    queryFn: ({ signal }) => firstMatches({ applicationId, filter, signal }, cursor),
    placeholderData: keepPreviousData,
  })
}

interface Search {
  readonly applicationId: string
  readonly filter: DeviceFilter
  readonly signal: AbortSignal
}

/** Goes on until a page has a device in it, or it takes too long. `next` is null only at the end of all devices. */
async function firstMatches(asked: Search, cursor: string | undefined): Promise<DevicePage> {
  const begun = performance.now()
  const search = { ...asked, filter: await meant(asked) }
  let page = await readPage(search, cursor)
  while (page.devices.length === 0 && page.next !== null && performance.now() - begun < SEARCH_MS) {
    page = await readPage(search, page.next)
  }
  return page
}

const TOKEN_HASH_LENGTH = 8

/** What the server is asked for: people know users by their identity, and copy hashes as they find them. */
async function meant({ applicationId, filter, signal }: Search): Promise<DeviceFilter> {
  const { kind, text } = filter
  if (text === "") return filter
  if (kind === "userId") return { ...filter, text: await findUserId(applicationId, text, signal) }
  return kind === "tokenHash" ? { ...filter, text: text.toLowerCase().slice(0, TOKEN_HASH_LENGTH) } : filter
}

async function readPage(
  { applicationId, filter, signal }: Search,
  cursor: string | undefined,
): Promise<DevicePage> {
  const path = { applicationId }
  const at = cursor === undefined ? {} : { cursor }
  if (filter.kind === "token" && filter.text !== "") {
    const { data } = await client.POST("/admin/v1/applications/{applicationId}/device-searches", {
      params: { path },
      body: { deviceToken: filter.text, limit: PAGE, ...at },
      signal,
    })
    return data as DevicePage
  }
  const { data } = await client.GET("/admin/v1/applications/{applicationId}/devices", {
    params: { path, query: { limit: PAGE, ...at, ...queryOf(filter) } },
    signal,
  })
  return data as DevicePage
}

function queryOf({ kind, text, channel, os }: DeviceFilter) {
  return {
    ...(text !== "" && kind !== "token" && { [kind]: text }),
    ...(channel !== "" && { channel }),
    ...(os !== "" && { os }),
  }
}
