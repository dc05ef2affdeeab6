import { useQueryClient } from "@tanstack/react-query"
import { api, type Schema } from "../api/client.ts"
import { useEventStream } from "../api/event-stream.ts"

export type VirtualPhone = Schema<"Phone">
type Notification = VirtualPhone["notifications"][number]

/** As many as the server lists. */
const NOTIFICATIONS_MAX = 20
const POLL_MS = 2000

/** The virtual phones of an application, with what they get as it arrives. */
export function useLivePhones(applicationId: string) {
  const queries = useQueryClient()
  const options = api.queryOptions("get", "/admin/v1/applications/{applicationId}/phones", {
    params: { path: { applicationId } },
  })
  const isLive = useEventStream(
    `/admin/v1/applications/${encodeURIComponent(applicationId)}/phones/events`,
    {
      notification: (data) => {
        const arrived = JSON.parse(data) as Notification & { readonly deviceId: string }
        queries.setQueryData<{ phones: VirtualPhone[] }>(
          options.queryKey,
          (known) => known && { phones: withArrival(known.phones, arrived) },
        )
      },
    },
    // What arrived before the stream began, it does not tell.
    () => void queries.invalidateQueries({ queryKey: options.queryKey }),
  )
  return api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/phones",
    { params: { path: { applicationId } } },
    { refetchInterval: isLive ? false : POLL_MS },
  )
}

function withArrival(
  phones: readonly VirtualPhone[],
  { deviceId, ...arrived }: Notification & { readonly deviceId: string },
): VirtualPhone[] {
  return phones.map((phone) =>
    phone.deviceId === deviceId && !phone.notifications.some(({ sequence }) => sequence === arrived.sequence)
      ? { ...phone, notifications: [arrived, ...phone.notifications].slice(0, NOTIFICATIONS_MAX) }
      : phone,
  )
}
