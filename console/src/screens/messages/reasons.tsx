import type { ReactNode } from "react"
import { explanationOf, isAccepted } from "../../app/outcome.ts"
import { Card } from "../../ui/card.tsx"
import { formatCount } from "../../ui/format.ts"
import { type Column, Table } from "../../ui/table.tsx"
import { outcomeName } from "./outcome-words.ts"
import type { Report } from "./report.ts"

type Reason = Report["reasons"][number]

const COLUMNS: readonly Column<Reason>[] = [
  {
    head: "What became of it",
    cell: ({ kind, reason }) => (
      <>
        {outcomeName(kind)}
        {reason !== "" && (
          <>
            <br />
            <code className="breakable">{reason}</code>
          </>
        )}
      </>
    ),
  },
  { head: "Devices", align: "end", cell: ({ count }) => formatCount(count) },
  { head: "What it means", cell: ({ kind, reason }) => explanationOf(kind, reason).meaning },
  { head: "What to do", cell: ({ kind, reason }) => explanationOf(kind, reason).next },
]

/** Why not everybody has it: grouped by outcome and reason, the most frequent first. */
export function Reasons({ report: { reasons } }: { readonly report: Report }): ReactNode {
  const others = reasons.filter(({ kind }) => !isAccepted(kind))
  if (others.length === 0) return null
  return (
    <Card title="Who did not get it, and why" isFlush>
      <Table
        label="Outcomes other than accepted, by reason"
        columns={COLUMNS}
        rows={others}
        rowKey={({ kind, reason }) => `${kind} ${reason}`}
      />
    </Card>
  )
}
