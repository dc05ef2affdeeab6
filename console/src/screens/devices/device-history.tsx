import type { ReactNode } from "react"
import type { Schema } from "../../api/client.ts"
import { Card } from "../../ui/card.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"

type Departure = Schema<"DeviceDetails">["history"][number]

const REASONS: Readonly<Record<string, string>> = {
  unregistered: "The app, or somebody here, cancelled it",
  expired: "It expired",
  token_gone: "The provider said that the token is gone",
}

const COLUMNS: readonly Column<Departure>[] = [
  { head: "Ended", cell: ({ leftAt }) => <Time at={leftAt} /> },
  {
    head: "Why",
    cell: ({ reason, detail }) => (
      <span className="breakable">
        {REASONS[reason] ?? reason} {detail !== "" && <span className="soft">({detail})</span>}
      </span>
    ),
  },
]

/** Earlier registrations that are gone; the present one is above. */
export function DeviceHistory({ history }: { readonly history: readonly Departure[] }): ReactNode {
  return (
    <Card title="Earlier registrations" isFlush={history.length > 0}>
      {history.length === 0 ? (
        <p className="soft">None ended within the last 30 days.</p>
      ) : (
        <Table
          label="Earlier registrations"
          columns={COLUMNS}
          rows={history}
          rowKey={({ leftAt }) => leftAt}
        />
      )}
    </Card>
  )
}
