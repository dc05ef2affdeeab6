import type { ReactNode } from "react"
import { Card } from "../../ui/card.tsx"
import { formatCount } from "../../ui/format.ts"
import { type Column, Table } from "../../ui/table.tsx"
import { obstacleExplanation } from "./outcome-words.ts"
import type { Report } from "./report.ts"

type Obstacle = Report["obstacles"][number]

const COLUMNS: readonly Column<Obstacle>[] = [
  { head: "What they wait for", cell: ({ obstacle }) => <code className="breakable">{obstacle}</code> },
  { head: "Devices", align: "end", cell: ({ devices }) => formatCount(devices) },
  { head: "What it means", cell: ({ obstacle }) => obstacleExplanation(obstacle).meaning },
  { head: "What to do", cell: ({ obstacle }) => obstacleExplanation(obstacle).next },
]

/** Why it does not go on: shown while devices wait for more than their turn. */
export function Obstacles({ report: { obstacles } }: { readonly report: Report }): ReactNode {
  if (obstacles.length === 0) return null
  return (
    <Card title="Who waits, and for what" isFlush>
      <Table
        label="Devices that wait, by what for"
        columns={COLUMNS}
        rows={obstacles}
        rowKey={({ obstacle }) => obstacle}
      />
    </Card>
  )
}
