import { type ReactNode, useId, useState } from "react"
import { Link } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { channelRulesPath } from "../../app/paths.ts"
import { Button } from "../../ui/button.tsx"
import type { Matrix, Place } from "./matrix.ts"

const OFFERED_MAX = 200
const LINKS_MAX = 30

interface PlaceBarProps {
  readonly place: Place
  readonly matrix: Matrix
  readonly onGo: (place: Place) => void
}

/** Chooses whether the rules of the application or of one channel are shown, and of whom. */
export function PlaceBar({ place, matrix, onGo }: PlaceBarProps): ReactNode {
  const id = useId()
  const { applicationId } = useApplication()
  const [level, setLevel] = useState(levelOf(place))
  const [channel, setChannel] = useState(place.level === "channel" ? place.channel : "")
  const channels = api.useQuery("get", "/admin/v1/applications/{applicationId}/channels", {
    params: { path: { applicationId }, query: { limit: OFFERED_MAX } },
  })
  const go = () => {
    const name = channel.trim()
    if (level === "application") onGo({ level: "application" })
    else if (name !== "") onGo({ level: "channel", channel: name, subjects: level })
  }
  return (
    <div className="stack-tight">
      <form
        className="place-bar"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <label className="field">
          <span className="field-label">Rules for</span>
          <select
            className="input"
            value={level}
            onChange={(event) => {
              const next = levelNamed(event.target.value)
              setLevel(next)
              if (next === "application") onGo({ level: "application" })
              else if (channel.trim() !== "")
                onGo({ level: "channel", channel: channel.trim(), subjects: next })
            }}
          >
            <option value="application">roles, in the whole application</option>
            <option value="roles">roles, on one channel</option>
            <option value="users">users, on one channel</option>
          </select>
        </label>
        {level !== "application" && (
          <>
            <label className="field">
              <span className="field-label">Channel</span>
              <input
                className="input"
                list={id}
                required
                value={channel}
                placeholder="default"
                onChange={(event) => setChannel(event.target.value)}
              />
            </label>
            <datalist id={id}>
              {(channels.data?.channels ?? []).map(({ name }) => (
                <option key={name} value={name} />
              ))}
            </datalist>
            <Button type="submit">Show</Button>
          </>
        )}
      </form>
      {place.level === "application" && <ChannelsWithRules matrix={matrix} />}
    </div>
  )
}

function ChannelsWithRules({ matrix }: { readonly matrix: Matrix }): ReactNode {
  const { applicationId } = useApplication()
  const names = [...new Set(matrix.rules.flatMap(({ channel }) => (channel === null ? [] : [channel])))]
  if (names.length === 0) return null
  return (
    <p className="soft breakable">
      Channels with rules of their own:{" "}
      {names.slice(0, LINKS_MAX).map((name, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Link href={channelRulesPath(applicationId, name)}>{name}</Link>
        </span>
      ))}
      {names.length > LINKS_MAX && ` and ${names.length - LINKS_MAX} more`}
    </p>
  )
}

type Level = "application" | "roles" | "users"

function levelOf(place: Place): Level {
  return place.level === "application" ? "application" : place.subjects
}

function levelNamed(name: string): Level {
  return name === "roles" || name === "users" ? name : "application"
}
