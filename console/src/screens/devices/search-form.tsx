import { Search } from "lucide-react"
import { type FormEvent, type ReactNode, useState } from "react"
import { platformName } from "../../app/platforms.ts"
import { Button } from "../../ui/button.tsx"
import { type DeviceFilter, SEARCH_KINDS, type SearchKind } from "./device-search.ts"
import "../../ui/field.css"
import "./devices.css"

const KIND_LABELS: Readonly<Record<SearchKind, string>> = {
  deviceIdPrefix: "Device id begins with",
  tokenHash: "Token hash",
  userId: "User: e-mail address or id",
  token: "Token",
}

const SYSTEMS = ["IOS", "ANDROID", "WP", "OSX"]

interface SearchFormProps {
  readonly filter: DeviceFilter
  readonly onSearch: (filter: DeviceFilter) => void
}

/** What the list is narrowed by. Nothing is sent before Search: some of it is looked for in slices. */
export function SearchForm({ filter, onSearch }: SearchFormProps): ReactNode {
  const [kind, setKind] = useState(filter.kind)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    const text = (name: string) => String(values.get(name) ?? "").trim()
    onSearch({ kind, text: text("text"), channel: text("channel"), os: text("os") })
  }
  const isToken = kind === "token"
  return (
    <search>
      <form className="search" onSubmit={submit}>
        <Labelled label="Search by">
          <select
            className="input"
            value={kind}
            onChange={(event) => setKind(event.target.value as SearchKind)}
          >
            {SEARCH_KINDS.map((one) => (
              <option key={one} value={one}>
                {KIND_LABELS[one]}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label={KIND_LABELS[kind]}>
          <input
            key={kind}
            className="input"
            name="text"
            type={isToken ? "password" : "search"}
            autoComplete="off"
            defaultValue={filter.kind === kind ? filter.text : ""}
          />
        </Labelled>
        <Labelled label="Channel">
          <input
            className="input"
            name="channel"
            type="search"
            disabled={isToken}
            defaultValue={filter.channel}
          />
        </Labelled>
        <Labelled label="Platform">
          <select className="input" name="os" disabled={isToken} defaultValue={filter.os.toUpperCase()}>
            <option value="">All</option>
            {[...new Set([...SYSTEMS, ...(filter.os === "" ? [] : [filter.os.toUpperCase()])])].map(
              (system) => (
                <option key={system} value={system}>
                  {platformName(system)}
                </option>
              ),
            )}
          </select>
        </Labelled>
        <Button type="submit">
          <Search size={16} aria-hidden />
          Search
        </Button>
      </form>
    </search>
  )
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label className="field">
      <span className="field-label small">{label}</span>
      {children}
    </label>
  )
}
