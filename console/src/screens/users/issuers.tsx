import { Fingerprint, Pencil, Plus, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Empty } from "../../ui/empty.tsx"
import { countOf } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { ISSUERS, type Issuer } from "./issuer.ts"
import { SetIssuer } from "./set-issuer.tsx"

type Task =
  | { readonly kind: "set"; readonly issuer: Issuer | undefined }
  | { readonly kind: "remove"; readonly issuer: Issuer }

/** Whose signed tokens count as user tokens. */
export function Issuers(): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const [task, setTask] = useState<Task>()
  const issuers = api.useQuery("get", ISSUERS, { params: { path: { applicationId } } })
  const add = mayAdminister && (
    <Button look="primary" onClick={() => setTask({ kind: "set", issuer: undefined })}>
      <Plus size={16} aria-hidden />
      Add an identity provider
    </Button>
  )
  const close = () => setTask(undefined)
  return (
    <Card title="Identity providers" actions={add} isFlush>
      <Loaded query={issuers} failure="The identity providers could not be read">
        {({ issuers: rows }) =>
          rows.length === 0 ? (
            <Empty icon={Fingerprint} title="No identity provider">
              If your users log in elsewhere already (Keycloak, Auth0, your own service), apps can send the
              signed token of that provider as user-token. Tell here whose signatures count.
            </Empty>
          ) : (
            <Table
              label="Identity providers"
              columns={columnsOf(mayAdminister ? setTask : undefined)}
              rows={rows}
              rowKey={({ name }) => name}
            />
          )
        }
      </Loaded>
      {task?.kind === "set" && <SetIssuer issuer={task.issuer} onClose={close} />}
      {task?.kind === "remove" && <RemoveIssuer issuer={task.issuer} onClose={close} />}
    </Card>
  )
}

function columnsOf(onTask: ((task: Task) => void) | undefined): readonly Column<Issuer>[] {
  return [
    { head: "Name", cell: ({ name }) => name },
    { head: "Issuer", cell: ({ issuer }) => <span className="breakable">{issuer}</span> },
    { head: "Keys", cell: (issuer) => <Keys issuer={issuer} /> },
    { head: "Changed", cell: ({ changedAt }) => <Time at={changedAt} /> },
    ...(onTask === undefined
      ? []
      : [
          {
            head: "Actions",
            cell: (issuer: Issuer) => (
              <span className="row">
                <IconButton label={`Change ${issuer.name}`} onClick={() => onTask({ kind: "set", issuer })}>
                  <Pencil size={16} aria-hidden />
                </IconButton>
                <IconButton
                  label={`Remove ${issuer.name}`}
                  onClick={() => onTask({ kind: "remove", issuer })}
                >
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              </span>
            ),
          },
        ]),
  ]
}

function Keys({ issuer: { keyIds, problem, algorithms } }: { readonly issuer: Issuer }): ReactNode {
  if (problem !== null) {
    return (
      <span className="stack-tight">
        <span>
          <Badge tone="bad">no keys</Badge>
        </span>
        <span className="small breakable">{problem}</span>
      </span>
    )
  }
  return `${keyIds === null ? "not read yet" : countOf(keyIds.length, "key")}, ${algorithms.join(", ")}`
}

interface RemoveIssuerProps {
  readonly issuer: Issuer
  readonly onClose: () => void
}

function RemoveIssuer({ issuer, onClose }: RemoveIssuerProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(ISSUERS)
  const remove = api.useMutation("delete", `${ISSUERS}/{name}`, {
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Remove ${issuer.name}?`}
      action="Remove"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { applicationId, name: issuer.name } } })}
    >
      <p>Its tokens are refused within five seconds. The users who came with them stay.</p>
    </Confirm>
  )
}
