import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { SESSION_QUERY } from "../../app/session.tsx"
import icon from "../../icon.svg"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { SetUp } from "./set-up.tsx"
import { setupToken } from "./setup-token.ts"
import "./sign-in.css"

/** The door: with a setup link, the way to the first password; otherwise the way in. */
export function SignIn(): ReactNode {
  const [token] = useState(setupToken)
  return (
    <div className="entrance">
      <main id="main">
        <span className="brand">
          <img src={icon} alt="" width={28} height={28} />
          Belfry
        </span>
        {!isSecureContext && <InsecureNote />}
        {token === undefined ? <PasswordForm /> : <SetUp token={token} />}
      </main>
    </div>
  )
}

/** Over plain http from another machine the server takes no password, and a browser would not keep the session. */
function InsecureNote(): ReactNode {
  const port = location.port || "80"
  return (
    <Note tone="warn" title="Nobody can sign in at this address">
      This page came over plain http, which anybody on the way can read along. Put a proxy with TLS in front
      of the server and open its https address; or forward the port to your own machine, such as with{" "}
      <code className="breakable">
        ssh -L {port}:127.0.0.1:{port} {location.hostname}
      </code>
      , and open <code className="breakable">http://localhost:{port}/console/</code>.
    </Note>
  )
}

function PasswordForm(): ReactNode {
  const queries = useQueryClient()
  const signIn = api.useMutation("post", "/admin/v1/session", {
    onSuccess: (caller) => queries.setQueryData(SESSION_QUERY.queryKey, caller),
  })
  return (
    <Page title="Sign in" lead="The Console is for the administrators of this server.">
      <Card>
        <Form
          error={signIn.error}
          fields={["name", "password"]}
          onSubmit={({ name = "", password = "" }) => signIn.mutate({ body: { name, password } })}
        >
          <TextField name="name" label="Name" autoComplete="username" required autoFocus />
          <TextField
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
          />
          <FormActions>
            <Button type="submit" look="primary" isBusy={signIn.isPending}>
              Sign in
            </Button>
          </FormActions>
        </Form>
      </Card>
      <p className="soft small">
        Nobody can sign in yet, or a password is lost? On the server,{" "}
        <code>belfry administrator setup-link</code> prints a link that makes an administrator.
      </p>
    </Page>
  )
}
