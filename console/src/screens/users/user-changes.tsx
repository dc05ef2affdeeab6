import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { TextArea, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"
import { USER, USERS, type User } from "./user-words.tsx"

export function UserChanges({ user }: { readonly user: User }): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(USER, USERS)
  const [malformed, setMalformed] = useState<Error | null>(null)
  // What the fields began with. When the user is read again they follow, until somebody writes in them.
  const [opened, setOpened] = useState(user)
  const [isTouched, setTouched] = useState(false)
  if (!isTouched && (user.updatedAt ?? 0) > (opened.updatedAt ?? 0)) setOpened(user)
  const change = api.useMutation("put", USER, {
    onSuccess: async (changed) => {
      setOpened(changed)
      setTouched(false)
      await refresh()
      say("Saved.")
    },
  })
  const save = (values: Readonly<Record<string, string>>) => {
    const body = changesOf(opened, values)
    setMalformed(body === undefined ? malformedProperties() : null)
    if (body === undefined) return
    if (Object.keys(body).length === 0) say("Nothing was changed.")
    else change.mutate({ params: { path: { applicationId, userId: user.userId } }, body })
  }
  return (
    <Card title="Change">
      <div onInput={() => setTouched(true)}>
        <Form
          key={opened.updatedAt}
          error={malformed ?? change.error}
          fields={["identity", "password", "properties"]}
          onSubmit={save}
        >
          {opened.identity !== null && (
            <TextField
              name="identity"
              label="Identity"
              defaultValue={opened.identity}
              required
              maxLength={254}
            />
          )}
          {user.kind === "registered" && (
            <TextField
              name="password"
              label="New password"
              type="password"
              autoComplete="new-password"
              hint="Empty: it stays. A new one ends every login within five seconds."
            />
          )}
          <TextArea
            name="properties"
            label="Properties"
            rows={6}
            defaultValue={textOf(opened)}
            spellCheck={false}
            hint="What the app keeps about the user, as JSON."
          />
          <FormActions>
            <Button type="submit" isBusy={change.isPending}>
              Save
            </Button>
          </FormActions>
        </Form>
      </div>
    </Card>
  )
}

interface Changes {
  readonly identity?: string
  readonly password?: string
  readonly properties?: Record<string, unknown>
}

/** Of what stayed as it was, nothing: the app may be changing it. Undefined: the properties are no JSON object. */
function changesOf(opened: User, values: Readonly<Record<string, string>>): Changes | undefined {
  const { identity = "", password = "", properties = "{}" } = values
  const parsed = objectOf(properties)
  if (parsed === undefined) return undefined
  return {
    ...(identity !== "" && identity !== opened.identity && { identity }),
    ...(password !== "" && { password }),
    ...(JSON.stringify(parsed, null, 2) !== textOf(opened) && { properties: parsed }),
  }
}

function textOf({ properties }: User): string {
  return JSON.stringify(properties, null, 2)
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function malformedProperties(): Error {
  return Object.assign(new Error('The properties are no JSON object such as {"name": "Ada"}.'), {
    property: "properties",
  })
}
