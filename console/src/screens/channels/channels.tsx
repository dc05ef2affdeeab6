import { keepPreviousData } from "@tanstack/react-query"
import { Hash, Plus } from "lucide-react"
import { type ReactNode, useDeferredValue, useState } from "react"
import { Link } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { channelPath } from "../../app/paths.ts"
import { PLATFORMS, totalOf } from "../../app/platforms.ts"
import { useMay } from "../../app/session.tsx"
import { useAddressText } from "../../ui/address-text.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { formatCount } from "../../ui/format.ts"
import { ListBar, ListFoot } from "../../ui/list-bar.tsx"
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
  const [isCreating, setCreating] = useState(false)
  // What is looked for survives going back from a channel.
  const [typed, type] = useAddressText("name")
  const prefix = useDeferredValue(typed.trim())
  const pages = usePages(prefix)
  const query = {
    limit: PAGE,
    ...(prefix !== "" && { namePrefix: prefix }),
    ...(pages.cursor !== undefined && { cursor: pages.cursor }),
  }
  const channels = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/channels",
    { params: { path: { applicationId }, query } },
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
        <ListBar
          label="Find a channel by the beginning of its name"
          placeholder="Find by how the name begins"
          value={typed}
          onChange={type}
        />
        <Loaded query={channels} failure="The channels could not be read">
          {({ channels: rows, next }) =>
            rows.length === 0 && pages.number === 1 ? (
              <None prefix={prefix} create={create} />
            ) : (
              <>
                <Table
                  label="Channels"
                  columns={columnsOf(applicationId)}
                  rows={rows}
                  rowKey={({ name }) => name}
                />
                <ListFoot>
                  <Pager pages={pages} next={next} />
                </ListFoot>
              </>
            )
          }
        </Loaded>
      </Card>
      <CreateChannel isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  )
}

interface NoneProps {
  readonly prefix: string
  readonly create: ReactNode
}

function None({ prefix, create }: NoneProps): ReactNode {
  return prefix === "" ? (
    <Empty icon={Hash} title="No channel yet" actions={create}>
      A channel comes to be when a device registers with it or a message is published to it
      {create !== false && "; or create one now, to set its permissions first"}.
    </Empty>
  ) : (
    <Empty icon={Hash} title="No channel is found">
      No name begins with “<bdi>{prefix}</bdi>”. Capitals matter: News is another channel than news.
    </Empty>
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
