import { type KeyboardEvent, type ReactNode, useState } from "react"
import { useMay } from "../../app/session.tsx"
import { complain, say } from "../../ui/toast.tsx"
import { AccessIcon } from "./access-icon.tsx"
import {
  type Access,
  cellOf,
  type Matrix,
  type Operation,
  type Place,
  type Subject,
  wordsOf,
} from "./matrix.ts"
import type { Spot } from "./spot.ts"
import { SubjectName, useSubjectName } from "./subject-name.tsx"
import { RULE_IS_SET, useSetRule } from "./use-set-rule.ts"

export interface MatrixViewProps {
  readonly matrix: Matrix
  readonly place: Place
  readonly subjects: readonly Subject[]
  readonly operations: readonly Operation[]
  readonly onOpen: (spot: Spot) => void
}

const KEYS: Readonly<Record<string, Access>> = { g: "grant", d: "deny", i: "inherit" }

/** Operations × roles. One stop of the tab key; arrows move, Enter opens, G, D and I set the field at once. */
export function MatrixGrid({ matrix, place, subjects, operations, onOpen }: MatrixViewProps): ReactNode {
  const [at, setAt] = useState({ row: 0, column: 0 })
  const mayAdminister = useMay("administer")
  const { set } = useSetRule(place, { onDone: () => say(RULE_IS_SET), onError: complain })
  const move = (table: HTMLTableElement, row: number, column: number) => {
    const next = {
      row: Math.max(0, Math.min(row, operations.length - 1)),
      column: Math.max(0, Math.min(column, subjects.length - 1)),
    }
    setAt(next)
    table.querySelector<HTMLElement>(`[data-at="${next.row} ${next.column}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = stepOf(event.key)
    const access = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined
    if (step !== undefined) {
      event.preventDefault()
      move(event.currentTarget, at.row + step.rows, at.column + step.columns)
    } else if (access !== undefined && mayAdminister) {
      const [subject, operation] = [subjects[at.column], operations[at.row]]
      if (subject !== undefined && operation !== undefined) set({ subject, operation }, access)
    }
  }
  return (
    <div className="matrix-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose fields are worked with arrow keys is a grid (WAI-ARIA practices). */}
      <table className="matrix" role="grid" aria-label="Permissions" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Operation</span>
            </th>
            {subjects.map((subject) => (
              <th key={subject.id} scope="col" data-custom={!subject.isSystem}>
                <span className="matrix-head">
                  <SubjectName subject={subject} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {operations.map((operation, row) => (
            <tr key={operation.operation}>
              <th scope="row">
                {operation.meaning} <code className="soft small">{operation.operation}</code>
              </th>
              {subjects.map((subject, column) => (
                <GridCell
                  key={subject.id}
                  spot={{ subject, operation }}
                  matrix={matrix}
                  place={place}
                  at={`${row} ${column}`}
                  isCurrent={at.row === row && at.column === column}
                  onFocus={() => setAt({ row, column })}
                  onOpen={onOpen}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {mayAdminister && (
        <p className="small soft matrix-hint">
          Arrow keys move in the table, Enter opens a field; G grants, D denies, I inherits.
        </p>
      )}
    </div>
  )
}

interface GridCellProps {
  readonly spot: Spot
  readonly matrix: Matrix
  readonly place: Place
  /** "row column", to be found when the focus moves there. */
  readonly at: string
  readonly isCurrent: boolean
  readonly onFocus: () => void
  readonly onOpen: (spot: Spot) => void
}

function GridCell({ spot, matrix, place, at, isCurrent, onFocus, onOpen }: GridCellProps): ReactNode {
  const { subject, operation } = spot
  const cell = cellOf(matrix, place, subject, operation.operation)
  const name = useSubjectName(subject)
  return (
    <td>
      <button
        type="button"
        className="matrix-cell"
        data-at={at}
        tabIndex={isCurrent ? 0 : -1}
        aria-label={`${name}, ${operation.meaning}: ${wordsOf(cell)}`}
        title={`${name}: ${wordsOf(cell)}`}
        onFocus={onFocus}
        onClick={() => onOpen(spot)}
      >
        <AccessIcon {...cell} />
      </button>
    </td>
  )
}

function stepOf(key: string): { readonly rows: number; readonly columns: number } | undefined {
  switch (key) {
    case "ArrowUp":
      return { rows: -1, columns: 0 }
    case "ArrowDown":
      return { rows: 1, columns: 0 }
    case "ArrowLeft":
      return { rows: 0, columns: -1 }
    case "ArrowRight":
      return { rows: 0, columns: 1 }
    case "Home":
      return { rows: 0, columns: Number.NEGATIVE_INFINITY }
    case "End":
      return { rows: 0, columns: Number.POSITIVE_INFINITY }
    default:
      return undefined
  }
}
