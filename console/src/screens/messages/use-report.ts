import { useQueryClient } from "@tanstack/react-query"
import { api } from "../../api/client.ts"
import { useEventStream } from "../../api/event-stream.ts"
import { isOver, type Report } from "./report.ts"

const POLL_MS = 2000

/** How a message is going: told by the server while the stream lasts, asked for while it does not. */
export function useReport(applicationId: string, messageId: string) {
  const queries = useQueryClient()
  const init = { params: { path: { applicationId, messageId } } }
  const { queryKey } = api.queryOptions(
    "get",
    "/admin/v1/applications/{applicationId}/messages/{messageId}",
    init,
  )
  const known = queries.getQueryData<Report>(queryKey)
  const isDone = known !== undefined && isOver(known)
  const names = [applicationId, messageId].map(encodeURIComponent)
  const isLive = useEventStream(
    known === undefined || isDone
      ? undefined
      : `/admin/v1/applications/${names[0]}/messages/${names[1]}/events`,
    { message: (data) => queries.setQueryData(queryKey, JSON.parse(data) as Report) },
  )
  const query = api.useQuery("get", "/admin/v1/applications/{applicationId}/messages/{messageId}", init, {
    refetchInterval: isLive || isDone ? false : POLL_MS,
  })
  return { query, isLive }
}
