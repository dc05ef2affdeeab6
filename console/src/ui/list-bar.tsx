import type { ReactNode } from "react"
import "./field.css"
import "./list-bar.css"

interface ListBarProps {
  /** What is found, and by what: "Find a user by the beginning of the identity". Read aloud, not shown. */
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** What can be done besides. */
  readonly actions?: ReactNode
}

/** Above a list in a flush card: a field that narrows it down while one types. Nothing that is typed is corrected. */
export function ListBar({ label, placeholder, value, onChange, actions }: ListBarProps): ReactNode {
  return (
    <div className="list-bar">
      <label className="field">
        <span className="visually-hidden">{label}</span>
        <input
          className="input"
          type="search"
          placeholder={placeholder}
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      {actions}
    </div>
  )
}

/** Below a list in a flush card: its pages. Takes no room when there is one only. */
export function ListFoot({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="list-foot">{children}</div>
}
