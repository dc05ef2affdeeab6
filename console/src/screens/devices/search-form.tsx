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
  const [fields, change] = useFields(filter)
  const { kind, text, channel, os } = fields
  const isToken = kind === "token"
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const parts = isToken ? { channel: "", os: "" } : { channel: channel.trim(), os }
    onSearch({ kind, text: text.trim(), ...parts })
  }
  return (
    <search>
      <form className="search" onSubmit={submit}>
        <Labelled label="Search by">
          <select
            className="input"
            value={kind}
            onChange={({ target }) => change({ kind: target.value as SearchKind, text: "" })}
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
            value={text}
            onChange={({ target }) => change({ text: target.value })}
          />
        </Labelled>
        <Labelled label="Channel">
          <input
            className="input"
            name="channel"
            type="search"
            disabled={isToken}
            value={channel}
            onChange={({ target }) => change({ channel: target.value })}
          />
        </Labelled>
        <Labelled label="Platform">
          <select
            className="input"
            name="os"
            disabled={isToken}
            value={os.toUpperCase()}
            onChange={({ target }) => change({ os: target.value })}
          >
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

/** What is in the fields. They stay, so that who presses Enter in one is still there, and follow who goes back. */
function useFields(filter: DeviceFilter): readonly [DeviceFilter, (part: Partial<DeviceFilter>) => void] {
  const [fields, setFields] = useState(filter)
  const [followed, setFollowed] = useState(filter)
  if (JSON.stringify(filter) !== JSON.stringify(followed)) {
    setFollowed(filter)
    setFields(filter)
  }
  return [fields, (part) => setFields({ ...fields, ...part })]
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
