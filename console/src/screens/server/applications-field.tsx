import { type ReactNode, useState } from "react"
import { useApplications } from "../../app/application.tsx"
import { CheckField } from "../../ui/field.tsx"
import "./applications-field.css"

interface ApplicationsFieldProps {
  /** Ids; null: all of them, and the server as a whole. */
  readonly value: readonly string[] | null
  readonly onChange: (value: readonly string[] | null) => void
}

/** Which applications somebody is restricted to. */
export function ApplicationsField({ value, onChange }: ApplicationsFieldProps): ReactNode {
  const applications = useApplications().data?.applications ?? []
  const [filter, setFilter] = useState("")
  const wanted = filter.toLowerCase()
  const shown = applications.filter(({ name }) => name.toLowerCase().includes(wanted))
  const toggle = (id: string, isIn: boolean) => {
    const rest = (value ?? []).filter((one) => one !== id)
    onChange(isIn ? [...rest, id] : rest)
  }
  return (
    <fieldset className="stack-tight">
      <legend className="field-label">Applications</legend>
      <CheckField
        label="Every application, and the server as a whole"
        checked={value === null}
        onChange={(event) => onChange(event.target.checked ? null : [])}
      />
      {value !== null && (
        <div className="applications-choice">
          {applications.length > 8 && (
            <input
              className="input"
              aria-label="Find an application"
              placeholder="Find an application"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
          {shown.map(({ applicationId, name }) => (
            <CheckField
              key={applicationId}
              label={<span className="breakable">{name}</span>}
              checked={value.includes(applicationId)}
              onChange={(event) => toggle(applicationId, event.target.checked)}
            />
          ))}
          {value.length === 0 && <span className="field-hint">Choose at least one.</span>}
        </div>
      )}
    </fieldset>
  )
}
