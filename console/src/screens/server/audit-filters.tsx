import { type ReactNode, useEffect, useState } from "react"
import { useSearchParams } from "wouter"
import { useApplications } from "../../app/application.tsx"
import { Button } from "../../ui/button.tsx"
import { SelectField } from "../../ui/field.tsx"
import { AREAS } from "./audit-words.ts"
import "./server.css"

export interface Filters {
  readonly actor: string
  readonly action: string
  readonly application: string
}

const NO_FILTERS: Filters = { actor: "", action: "", application: "" }

const TYPING_MS = 250

/** They stand in the address, so that what was found can be reloaded and handed on. */
export function useFilters(): readonly [Filters, (filters: Filters) => void] {
  const [params, setParams] = useSearchParams()
  const textOf = (name: keyof Filters) => params.get(name) ?? ""
  return [
    { actor: textOf("actor"), action: textOf("action"), application: textOf("application") },
    (filters) =>
      setParams(
        Object.entries(filters).filter(([, text]) => text !== ""),
        { replace: true },
      ),
  ]
}

interface AuditFiltersProps {
  readonly value: Filters
  /** One application is looked at already. */
  readonly isOfApplication: boolean
  readonly onChange: (filters: Filters) => void
}

export function AuditFilters({ value, isOfApplication, onChange }: AuditFiltersProps): ReactNode {
  const applications = useApplications().data?.applications ?? []
  const [typed, setTyped] = useState(value.actor)
  const [followed, setFollowed] = useState(value.actor)
  if (value.actor !== followed) {
    setFollowed(value.actor)
    setTyped(value.actor)
  }
  useEffect(() => {
    if (typed === value.actor) return
    const timer = setTimeout(() => onChange({ ...value, actor: typed }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <search className="audit-filters" aria-label="Filters">
      <label className="field">
        <span className="field-label">Who</span>
        <input
          className="input"
          value={typed}
          placeholder="administrator, key, token…"
          onChange={(event) => setTyped(event.target.value)}
        />
      </label>
      <SelectField
        name="action"
        label="What"
        options={[{ value: "", label: "Everything" }, ...AREAS]}
        value={value.action}
        onChange={(event) => onChange({ ...value, action: event.target.value })}
      />
      {!isOfApplication && (
        <SelectField
          name="application"
          label="Application"
          options={[
            { value: "", label: "All, and the server" },
            ...applications.map(({ applicationId, name }) => ({ value: applicationId, label: name })),
          ]}
          value={value.application}
          onChange={(event) => onChange({ ...value, application: event.target.value })}
        />
      )}
      {Object.values(value).join("") !== "" && <Button onClick={() => onChange(NO_FILTERS)}>Clear</Button>}
    </search>
  )
}
