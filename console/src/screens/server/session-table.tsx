import { LogOut } from "lucide-react"
import type { ReactNode } from "react"
import { useCaller } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { IconButton } from "../../ui/button.tsx"
import { countOf } from "../../ui/format.ts"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import type { Session } from "./sessions.ts"
import "./server.css"

const MINUTE_MS = 60_000

interface SessionTableProps {
  readonly rows: readonly Session[]
  /** The number of the session that looks at them, which signing out ends. */
  readonly current?: number | undefined
  readonly onEnd: (session: number) => void
}

/** Where somebody is signed in. The audit log names sessions by the same numbers. */
export function SessionTable({ rows, current, onEnd }: SessionTableProps): ReactNode {
  const { idleMs } = useCaller()
  const columns: readonly Column<Session>[] = [
    {
      head: "Session",
      cell: ({ number }) => (
        <span className="row">
          <span className="number">{number}</span>
          {number === current && <Badge>this one</Badge>}
        </span>
      ),
    },
    { head: "Begun", cell: ({ createdAt }) => <Time at={createdAt} /> },
    { head: "Last used", cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
    { head: "Ends", cell: ({ endsAt }) => <Time at={endsAt} /> },
    {
      head: "Actions",
      cell: ({ number }) =>
        number === current ? null : (
          <IconButton label={`End the session ${number}`} onClick={() => onEnd(number)}>
            <LogOut size={16} aria-hidden />
          </IconButton>
        ),
    },
  ]
  return (
    <>
      <p className="soft card-text">
        {idleMs !== null && `One that is not used for ${countOf(idleMs / MINUTE_MS, "minute")} ends earlier.`}
      </p>
      <Table label="Sessions" columns={columns} rows={rows} rowKey={({ number }) => number} />
    </>
  )
}
