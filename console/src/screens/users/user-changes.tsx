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
  const change = api.useMutation("put", USER, {
    onSuccess: async () => {
      await refresh()
      say("Saved.")
    },
  })
  const save = (values: Readonly<Record<string, string>>) => {
    const { identity = "", password = "", properties = "{}" } = values
    const parsed = objectOf(properties)
    setMalformed(parsed === undefined ? malformedProperties() : null)
    if (parsed === undefined) return
    change.mutate({
      params: { path: { applicationId, userId: user.userId } },
      body: {
        ...(identity !== "" && identity !== user.identity && { identity }),
        ...(password !== "" && { password }),
        properties: parsed,
      },
    })
  }
  return (
    <Card title="Change">
      <Form error={malformed ?? change.error} fields={["identity", "password", "properties"]} onSubmit={save}>
        {user.identity !== null && (
          <TextField name="identity" label="Identity" defaultValue={user.identity} required maxLength={254} />
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
          defaultValue={JSON.stringify(user.properties, null, 2)}
          spellCheck={false}
          hint="What the app keeps about the user, as JSON."
        />
        <FormActions>
          <Button type="submit" isBusy={change.isPending}>
            Save
          </Button>
        </FormActions>
      </Form>
    </Card>
  )
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
