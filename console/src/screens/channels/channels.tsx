import { keepPreviousData } from "@tanstack/react-query"
import { Hash, Plus } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Link } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { channelPath } from "../../app/paths.ts"
import { PLATFORMS, totalOf } from "../../app/platforms.ts"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { Pager, usePages } from "../../ui/pages.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { CreateChannel } from "./create-channel.tsx"

type ChannelRow = Schema<"Channel">

const PAGE = 50

export function Channels(): ReactNode {
  const { applicationId } = useApplication()
  const pages = usePages()
  const [isCreating, setCreating] = useState(false)
  const channels = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/channels",
    {
      params: {
        path: { applicationId },
        query: { limit: PAGE, ...(pages.cursor !== undefined && { cursor: pages.cursor }) },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const create = useMay("operate") && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden />
      New channel
    </Button>
  )
  return (
    <Page
      title="Channels"
      lead="What devices listen to and messages are published to. A device is in as many as its app names."
      actions={create}
    >
      <Card isFlush>
        <Loaded query={channels} failure="The channels could not be read">
          {({ channels: rows, next }) => (
            <>
              {rows.length === 0 ? (
                <Empty icon={Hash} title="No channel yet" actions={create}>
                  A channel comes to be when a device registers with it or a message is published to it; or
                  create one now, to set its permissions first.
                </Empty>
              ) : (
                <Table
                  label="Channels"
                  columns={columnsOf(applicationId)}
                  rows={rows}
                  rowKey={({ name }) => name}
                />
              )}
              <Pager pages={pages} next={next} />
            </>
          )}
        </Loaded>
      </Card>
      <CreateChannel isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  )
}

function columnsOf(applicationId: string): readonly Column<ChannelRow>[] {
  return [
    { head: "Channel", cell: ({ name }) => <Link href={channelPath(applicationId, name)}>{name}</Link> },
    { head: "Devices", align: "end", cell: ({ devices }) => formatCount(totalOf(devices)) },
    ...PLATFORMS.map(
      ({ key, name }): Column<ChannelRow> => ({
        head: name,
        align: "end",
        cell: ({ devices }) => <span className="soft">{formatCount(devices[key])}</span>,
      }),
    ),
    { head: "Created", cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
}
