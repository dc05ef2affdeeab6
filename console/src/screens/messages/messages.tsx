import { keepPreviousData } from "@tanstack/react-query"
import { Send, SquarePen } from "lucide-react"
import type { ReactNode } from "react"
import { Link } from "wouter"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { MessageState } from "../../app/message-state.tsx"
import { titleOf } from "../../app/message-title.ts"
import { acceptedOf } from "../../app/outcome.ts"
import { composePath, messagePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { formatCount, formatShare } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { Pager, usePages } from "../../ui/pages.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"

type Row = Answer<"/admin/v1/applications/{applicationId}/messages">["messages"][number] & {
  readonly applicationId: string
}

const PER_PAGE = 25
const REFRESH_MS = 3000

const COLUMNS: readonly Column<Row>[] = [
  {
    head: "Message",
    cell: (row) => <Link href={messagePath(row.applicationId, row.messageId)}>{titleOf(row)}</Link>,
  },
  { head: "Channel", cell: ({ channel }) => <span className="breakable">{channel}</span> },
  { head: "State", cell: ({ state }) => <MessageState state={state} /> },
  { head: "Audience", align: "end", cell: ({ audience }) => formatCount(audience) },
  {
    head: "Settled",
    align: "end",
    cell: ({ audience, pending }) => (pending === 0 ? "all" : formatShare(audience - pending, audience)),
  },
  {
    head: "Accepted",
    align: "end",
    cell: ({ counts }) => formatCount(acceptedOf(counts)),
  },
  { head: "Published", cell: ({ acceptedAt }) => <Time at={acceptedAt} /> },
]

export function Messages(): ReactNode {
  const { applicationId } = useApplication()
  const mayOperate = useMay("operate")
  const pages = usePages(applicationId)
  const query = { limit: PER_PAGE, ...(pages.cursor !== undefined && { cursor: pages.cursor }) }
  const messages = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/messages",
    { params: { path: { applicationId }, query } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  )
  const write = mayOperate && (
    <ButtonLink to={composePath(applicationId)} look="primary">
      <SquarePen size={16} aria-hidden />
      Write a message
    </ButtonLink>
  )
  return (
    <Page title="Messages" lead="What was sent, and how it went. The latest first." actions={write}>
      <Loaded query={messages} failure="The messages could not be read">
        {(data) => (
          <div className="stack">
            <Card isFlush={data.messages.length > 0}>
              {data.messages.length === 0 ? (
                <Empty icon={Send} title="Nothing has been sent yet" actions={write}>
                  Messages appear here as soon as they are sent, from the Console or through the API, and say
                  what became of them.
                </Empty>
              ) : (
                <Table
                  label="Messages"
                  columns={COLUMNS}
                  rows={data.messages.map((message) => ({ ...message, applicationId }))}
                  rowKey={({ messageId }) => messageId}
                />
              )}
            </Card>
            <Pager pages={pages} next={data.next} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}
