import { type ReactNode, useState } from "react"
import { AccessIcon } from "./access-icon.tsx"
import { cellOf, wordsOf } from "./matrix.ts"
import type { MatrixViewProps } from "./matrix-grid.tsx"
import { SubjectName } from "./subject-name.tsx"

/** The same for a narrow window: one role or user at a time. */
export function MatrixList({ matrix, place, subjects, operations, onOpen }: MatrixViewProps): ReactNode {
  const [chosen, choose] = useState<string>()
  const subject = subjects.find(({ id }) => id === chosen) ?? subjects[0]
  if (subject === undefined) return null
  return (
    <div className="stack-tight">
      <label className="field">
        <span className="field-label">{subject.kind === "role" ? "Role" : "User"}</span>
        <select className="input" value={subject.id} onChange={(event) => choose(event.target.value)}>
          {subjects.map((one) => (
            <option key={one.id} value={one.id}>
              <SubjectName subject={one} />
            </option>
          ))}
        </select>
      </label>
      <ul className="matrix-list">
        {operations.map((operation) => {
          const cell = cellOf(matrix, place, subject, operation.operation)
          return (
            <li key={operation.operation}>
              <button type="button" className="matrix-row" onClick={() => onOpen({ subject, operation })}>
                <AccessIcon {...cell} />
                <span>
                  {operation.meaning}
                  <span className="small soft matrix-words">{wordsOf(cell)}</span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
