import { Send } from "lucide-react"
import type { ReactNode } from "react"
import { Link } from "wouter"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { MessageState } from "../../app/message-state.tsx"
import { titleOf } from "../../app/message-title.ts"
import { acceptedOf } from "../../app/outcome.ts"
import { applicationPath, messagePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"

type Message = Answer<"/admin/v1/applications/{applicationId}/messages">["messages"][number]

const SHOWN = 5
const REFRESH_MS = 5000

function columnsOf(applicationId: string): readonly Column<Message>[] {
  return [
    {
      head: "Message",
      cell: (message) => <Link href={messagePath(applicationId, message.messageId)}>{titleOf(message)}</Link>,
    },
    { head: "Channel", cell: ({ channel }) => <span className="breakable">{channel}</span> },
    { head: "State", cell: ({ state }) => <MessageState state={state} /> },
    { head: "Audience", align: "end", cell: ({ audience }) => formatCount(audience) },
    { head: "Accepted", align: "end", cell: ({ counts }) => formatCount(acceptedOf(counts)) },
    { head: "Published", cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
  ]
}

export function LatestMessages(): ReactNode {
  const { applicationId } = useApplication()
  const maySend = useMay("operate")
  const messages = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/messages",
    { params: { path: { applicationId }, query: { limit: SHOWN } } },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <Card title="Latest messages" isFlush>
      <Loaded query={messages} failure="The messages could not be read">
        {(data) =>
          data.messages.length === 0 ? (
            <Empty
              icon={Send}
              title="Nothing has been sent yet"
              actions={
                maySend && (
                  <ButtonLink to={applicationPath(applicationId, "/start")}>Send a first message</ButtonLink>
                )
              }
            >
              Messages appear here while they are on their way.
            </Empty>
          ) : (
            <Table
              label="Latest messages"
              columns={columnsOf(applicationId)}
              rows={data.messages}
              rowKey={({ messageId }) => messageId}
            />
          )
        }
      </Loaded>
    </Card>
  )
}
