import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { START } from "../../app/paths.ts"
import { SESSION_QUERY } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Page } from "../../ui/page.tsx"

/** As the management API demands it. */
const PASSWORD_LENGTH_MIN = 12

/** Redeems a setup link: whoever has it chooses a name and a password, and is signed in. */
export function SetUp({ token }: { readonly token: string }): ReactNode {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [mismatch, setMismatch] = useState<Error | null>(null)
  const setUp = api.useMutation("post", "/admin/v1/setup", {
    onSuccess: (caller) => {
      // Takes the token out of the address too, so that the browser does not keep it.
      navigate(START, { replace: true })
      queries.setQueryData(SESSION_QUERY.queryKey, caller)
    },
  })
  const submit = ({ name = "", password = "", repeated = "" }: Readonly<Record<string, string>>) => {
    const differs = password !== repeated
    setMismatch(differs ? new RepetitionError() : null)
    if (!differs) setUp.mutate({ body: { token, name, password } })
  }
  return (
    <Page
      title="Create the administrator"
      lead="This link works once. You may do everything with what you choose here."
    >
      <Card>
        <Form error={mismatch ?? setUp.error} fields={["name", "password", "repeated"]} onSubmit={submit}>
          <TextField name="name" label="Name" autoComplete="username" required maxLength={100} autoFocus />
          <TextField
            name="password"
            label="Password"
            hint={`At least ${PASSWORD_LENGTH_MIN} characters; a few words are easier to keep than one strange one.`}
            type="password"
            autoComplete="new-password"
            required
            minLength={PASSWORD_LENGTH_MIN}
            maxLength={256}
          />
          <TextField
            name="repeated"
            label="Password again"
            type="password"
            autoComplete="new-password"
            required
          />
          <FormActions>
            <Button type="submit" look="primary" isBusy={setUp.isPending}>
              Create and sign in
            </Button>
          </FormActions>
        </Form>
      </Card>
    </Page>
  )
}

class RepetitionError extends Error {
  readonly property = "repeated"

  constructor() {
    super("The two passwords differ. Type the same one twice.")
  }
}
