import { type ReactNode, useDeferredValue, useId, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Button } from "../../ui/button.tsx"

const OFFERED_MAX = 20

interface UserInputProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly label: string
}

/** A user by identity, with proposals while typing, or by id. */
export function UserInput({ value, onChange, label }: UserInputProps): ReactNode {
  const id = useId()
  const users = useUsersLike(useDeferredValue(value))
  return (
    <>
      <label className="field">
        <span className="field-label">{label}</span>
        <input
          className="input"
          list={id}
          value={value}
          autoComplete="off"
          placeholder="ada@example.com, or an object id"
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <datalist id={id}>
        {users.map(({ userId, identity }) => (
          <option key={userId} value={identity ?? userId} />
        ))}
      </datalist>
    </>
  )
}

/** The id of the user whom a text means: by identity in any case, else it is taken for an id. */
export function useUserId(text: string): string {
  const wanted = text.trim()
  const match = useUsersLike(wanted).find(({ identity }) => identity?.toLowerCase() === wanted.toLowerCase())
  return match?.userId ?? wanted
}

function useUsersLike(text: string) {
  const { applicationId } = useApplication()
  const prefix = text.trim()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/users",
    { params: { path: { applicationId }, query: { identityPrefix: prefix, limit: OFFERED_MAX } } },
    { enabled: prefix !== "" },
  )
  return prefix === "" ? [] : (data?.users ?? [])
}

/** Adds a user to the table, who has no rule yet. */
export function UserChoice({ onChoose }: { readonly onChoose: (userId: string) => void }): ReactNode {
  const [text, setText] = useState("")
  const userId = useUserId(text)
  return (
    <form
      className="place-bar"
      onSubmit={(event) => {
        event.preventDefault()
        if (userId === "") return
        onChoose(userId)
        setText("")
      }}
    >
      <UserInput value={text} onChange={setText} label="Another user" />
      <Button type="submit">Add to the table</Button>
    </form>
  )
}
