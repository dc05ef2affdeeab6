import { keepPreviousData } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import type { Publish } from "./draft.ts"

export type Preview = Schema<"MessagePreview">

/** After the last key. */
const PAUSE_MS = 250
/** Devices come and go while somebody writes. */
const REFRESH_MS = 15_000
const KEPT_MS = 30_000

/** Whom a message would be for and how it would look, shortly after each change. */
export function usePreview(body: Publish) {
  const { applicationId } = useApplication()
  const text = JSON.stringify(body)
  const settled = useSettled(text)
  const query = api.useQuery(
    "post",
    "/admin/v1/applications/{applicationId}/message-previews",
    { params: { path: { applicationId } }, body: JSON.parse(settled) as Publish },
    { placeholderData: keepPreviousData, gcTime: KEPT_MS, refetchInterval: REFRESH_MS },
  )
  const error: Error | null = query.error
  return {
    ...{ data: query.data, error, refetch: query.refetch },
    isBehind: settled !== text || query.isPlaceholderData,
  }
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
