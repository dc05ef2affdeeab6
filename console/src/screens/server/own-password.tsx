import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { useCaller } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"
import { PASSWORD_MIN } from "./scope.ts"
import { OWN_SESSIONS } from "./sessions.ts"

/** The caller's own password. Every other session ends with the old one. */
export function OwnPassword(): ReactNode {
  const { name } = useCaller()
  const [attempt, setAttempt] = useState(0)
  const refresh = useRefresh("/admin/v1/session", OWN_SESSIONS)
  const change = api.useMutation("put", "/admin/v1/session/password", {
    onSuccess: async () => {
      setAttempt(attempt + 1)
      await refresh()
      say("Changed your password. Every other session of yours has ended.")
    },
  })
  return (
    <Card title="Your password">
      <Form
        key={attempt}
        error={change.error}
        fields={["currentPassword", "password"]}
        onSubmit={({ currentPassword = "", password = "" }) =>
          change.mutate({ body: { currentPassword, password } })
        }
      >
        <input type="text" autoComplete="username" value={name} readOnly hidden />
        <TextField
          name="currentPassword"
          label="Present password"
          type="password"
          autoComplete="current-password"
          required
        />
        <TextField
          name="password"
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN}
          hint={`At least ${PASSWORD_MIN} characters.`}
        />
        <FormActions>
          <Button type="submit" isBusy={change.isPending}>
            Change the password
          </Button>
        </FormActions>
      </Form>
    </Card>
  )
}
