import { keepPreviousData } from "@tanstack/react-query"
import { Send } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Link } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { titleOf } from "../../app/message-title.ts"
import { isAccepted } from "../../app/outcome.ts"
import { messageDevicePath } from "../../app/paths.ts"
import { Badge } from "../../ui/badge.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { CheckField } from "../../ui/field.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import type { Tone } from "../../ui/note.tsx"
import { Pager, usePages } from "../../ui/pages.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import "./devices.css"

type DeviceMessage = Schema<"DeviceMessages">["messages"][number]

const PAGE = 20
const REFRESH_MS = 5000

interface Part {
  /** Also the messages that were not for it. */
  readonly all: boolean
  readonly cursor: string | undefined
}

/** What was sent to a device, whether it is still registered or not. */
export function useDeviceMessages(
  deviceId: string,
  { all, cursor }: Part = { all: false, cursor: undefined },
) {
  const { applicationId } = useApplication()
  return api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/device-messages/{deviceId}",
    {
      params: {
        path: { applicationId, deviceId },
        query: { limit: PAGE, all, ...(cursor !== undefined && { cursor }) },
      },
    },
    { placeholderData: keepPreviousData, refetchInterval: REFRESH_MS },
  )
}

/** The latest messages with what became of each on this device, in words. */
export function DeviceMessages({ deviceId }: { readonly deviceId: string }): ReactNode {
  const { applicationId } = useApplication()
  const [all, setAll] = useState(false)
  const pages = usePages(`${deviceId} ${all}`)
  const messages = useDeviceMessages(deviceId, { all, cursor: pages.cursor })
  return (
    <Card
      title="Messages"
      isFlush
      actions={
        <CheckField
          label="Also those that were not for it"
          checked={all}
          onChange={(event) => setAll(event.target.checked)}
        />
      }
    >
      <Loaded query={messages} failure="The messages of the device could not be read">
        {(data) => (
          <>
            {data.messages.length > 0 && (
              <Table
                label="Messages of the device"
                columns={columnsOf(applicationId, deviceId)}
                rows={data.messages}
                rowKey={({ messageId }) => messageId}
              />
            )}
            {data.messages.length === 0 && <NoMessages isMore={data.next !== null} />}
            {(pages.number > 1 || data.next !== null) && (
              <div className="below-table">
                <Pager pages={pages} next={data.next} />
              </div>
            )}
          </>
        )}
      </Loaded>
    </Card>
  )
}

function NoMessages({ isMore }: { readonly isMore: boolean }): ReactNode {
  return (
    <Empty icon={Send} title={isMore ? "None here" : "No message was for this device"}>
      {isMore
        ? "Earlier messages have not been looked at yet: Next goes on."
        : "A message is for the devices that are in its channel when it is published."}
    </Empty>
  )
}

function columnsOf(applicationId: string, deviceId: string): readonly Column<DeviceMessage>[] {
  return [
    {
      head: "Message",
      cell: (message) => (
        <Link href={messageDevicePath(applicationId, message.messageId, deviceId)}>{titleOf(message)}</Link>
      ),
    },
    { head: "Channel", cell: ({ channel }) => <span className="breakable">{channel}</span> },
    { head: "Published", cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
    { head: "What became of it", cell: (message) => <Verdict message={message} /> },
  ]
}

function Verdict({ message }: { readonly message: DeviceMessage }): ReactNode {
  const { outcome, verdict, summary, next } = message
  const tone = toneOf(message)
  return (
    <div className="stack-tight">
      <span>
        <Badge {...(tone !== undefined && { tone })}>{(outcome?.kind ?? verdict).replaceAll("_", " ")}</Badge>
      </span>
      <span className="breakable">
        {summary} <span className="soft">{next}</span>
      </span>
    </div>
  )
}

function toneOf({ verdict, outcome }: DeviceMessage): Tone | undefined {
  if (verdict === "pending" || verdict === "retrying") return "info"
  if (verdict !== "settled") return undefined
  return isAccepted(outcome?.kind ?? "") ? "good" : "warn"
}
