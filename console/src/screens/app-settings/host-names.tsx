import { Globe, Plus, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { HOSTS } from "./api-key.ts"
import { BindHost } from "./bind-host.tsx"

type Host = Answer<"/admin/v1/applications/{applicationId}/hosts">["hosts"][number]

/** The names under which the application is called as /api/…, without id and key in the address. */
export function HostNames(): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const hosts = api.useQuery("get", HOSTS, { params: { path: { applicationId } } })
  const add = mayAdminister && (
    <Button onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden />
      Bind a host name
    </Button>
  )
  return (
    <Card title="Host names" actions={add} isFlush>
      <Loaded query={hosts} failure="The host names could not be read">
        {({ hosts: rows }) =>
          rows.length === 0 ? (
            <Empty icon={Globe} title="No host name">
              With a name of its own, an app calls https://your-name/api/… and needs neither id nor key in its
              addresses. Point the name at this server, then bind it here.
            </Empty>
          ) : (
            <Table
              label="Host names"
              columns={columnsOf(mayAdminister ? setLeaving : undefined)}
              rows={rows}
              rowKey={({ host }) => host}
            />
          )
        }
      </Loaded>
      <BindHost isOpen={isAdding} onClose={() => setAdding(false)} />
      {leaving !== undefined && <UnbindHost host={leaving} onClose={() => setLeaving(undefined)} />}
    </Card>
  )
}

function columnsOf(onUnbind: ((host: string) => void) | undefined): readonly Column<Host>[] {
  return [
    { head: "Host name", cell: ({ host }) => host },
    { head: "Key", cell: ({ keyKind, keyNumber }) => `${keyKind} ${keyNumber}` },
    { head: "Role", cell: ({ role }) => role },
    { head: "Bound", cell: ({ createdAt }) => <Time at={createdAt} /> },
    ...(onUnbind === undefined
      ? []
      : [
          {
            head: "Actions",
            cell: ({ host }: Host) => (
              <IconButton label={`Unbind ${host}`} onClick={() => onUnbind(host)}>
                <Trash2 size={16} aria-hidden />
              </IconButton>
            ),
          },
        ]),
  ]
}

interface UnbindHostProps {
  readonly host: string
  readonly onClose: () => void
}

function UnbindHost({ host, onClose }: UnbindHostProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(HOSTS)
  const unbind = api.useMutation("delete", `${HOSTS}/{host}`, {
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Unbind ${host}?`}
      action="Unbind"
      isBusy={unbind.isPending}
      error={unbind.error}
      onConfirm={() => unbind.mutate({ params: { path: { applicationId, host } } })}
    >
      <p>Apps that call it are refused within five seconds, until it is bound again.</p>
    </Confirm>
  )
}
