import { LogOut, Pencil, Plus, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Link } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { ACCOUNT, administratorPath } from "../../app/paths.ts"
import { useCaller, useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { AccessText } from "./access-text.tsx"
import { ChangeAdministrator } from "./change-administrator.tsx"
import { EndAdministrator } from "./end-administrator.tsx"
import { NewAdministrator } from "./new-administrator.tsx"

type Administrator = Schema<"Administrator">

type Task =
  | { readonly kind: "add" }
  | { readonly kind: "change" | "log-out" | "remove"; readonly who: Administrator }

export function Administrators(): ReactNode {
  const list = api.useQuery("get", "/admin/v1/administrators")
  const [task, setTask] = useState<Task>()
  const close = () => setTask(undefined)
  const mayAdminister = useMay("administer")
  return (
    <Page
      title="Administrators"
      lead="The people who sign in to this Console, and how far each may go."
      actions={
        mayAdminister && (
          <Button look="primary" onClick={() => setTask({ kind: "add" })}>
            <Plus size={16} aria-hidden />
            New administrator
          </Button>
        )
      }
    >
      <Loaded query={list} failure="The administrators could not be read">
        {({ administrators }) => (
          <Card isFlush>
            <AdministratorTable rows={administrators} onTask={setTask} />
          </Card>
        )}
      </Loaded>
      {task?.kind === "add" && <NewAdministrator onClose={close} />}
      {task?.kind === "change" && <ChangeAdministrator who={task.who} onClose={close} />}
      {(task?.kind === "log-out" || task?.kind === "remove") && (
        <EndAdministrator who={task.who} isRemoval={task.kind === "remove"} onClose={close} />
      )}
    </Page>
  )
}

interface AdministratorTableProps {
  readonly rows: readonly Administrator[]
  readonly onTask: (task: Task) => void
}

function AdministratorTable({ rows, onTask }: AdministratorTableProps): ReactNode {
  const caller = useCaller()
  const isCaller = ({ number }: Administrator) => caller.kind === "session" && caller.number === number
  const columns: readonly Column<Administrator>[] = [
    {
      head: "Name",
      cell: (who) => (
        <span className="row">
          <Link href={isCaller(who) ? ACCOUNT : administratorPath(who.number)} className="breakable">
            {who.name}
          </Link>
          {isCaller(who) && <Badge>you</Badge>}
        </span>
      ),
    },
    { head: "May", cell: (who) => <AccessText scope={who.scope} applications={who.applications} /> },
    {
      head: "Last login",
      cell: ({ lastLoginAt }) => (lastLoginAt === null ? "never" : <Time at={lastLoginAt} />),
    },
    { head: "Created", cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      head: "Actions",
      cell: (who) => (
        <span className="row">
          <IconButton label={`Change ${who.name}`} onClick={() => onTask({ kind: "change", who })}>
            <Pencil size={16} aria-hidden />
          </IconButton>
          <IconButton
            label={`Log ${who.name} out everywhere`}
            onClick={() => onTask({ kind: "log-out", who })}
          >
            <LogOut size={16} aria-hidden />
          </IconButton>
          {!isCaller(who) && (
            <IconButton label={`Remove ${who.name}`} onClick={() => onTask({ kind: "remove", who })}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          )}
        </span>
      ),
    },
  ]
  return <Table label="Administrators" columns={columns} rows={rows} rowKey={({ number }) => number} />
}
