import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { expiryOf, LIFETIMES } from "../../app/expiry.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Snippet } from "../../ui/copy.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { SecretDialog } from "../../ui/secret.tsx"
import { ApplicationsField } from "./applications-field.tsx"
import { SCOPES, scopeOf } from "./scope.ts"

const LIFETIME_DEFAULT = "90"

export function NewToken({ onClose }: { readonly onClose: () => void }): ReactNode {
  const refresh = useRefresh("/admin/v1/tokens")
  const [applications, setApplications] = useState<readonly string[] | null>(null)
  const create = api.useMutation("post", "/admin/v1/tokens", { onSuccess: () => refresh() })
  return (
    <>
      <Dialog isOpen={create.data === undefined} onClose={onClose} title="New API token">
        <Form
          error={create.error}
          fields={["label"]}
          onSubmit={({ label = "", scope, lifetime }) =>
            create.mutate({
              body: {
                label,
                scope: scopeOf(scope),
                applications: applications && [...applications],
                expiresAt: expiryOf(lifetime),
              },
            })
          }
        >
          <TextField name="label" label="Label" maxLength={100} required hint="What it is for." />
          <SelectField name="scope" label="May" options={SCOPES} />
          <ApplicationsField value={applications} onChange={setApplications} />
          <SelectField name="lifetime" label="Expires" options={LIFETIMES} defaultValue={LIFETIME_DEFAULT} />
          <FormActions>
            <Button
              type="submit"
              look="primary"
              isBusy={create.isPending}
              disabled={applications?.length === 0}
            >
              Create the token
            </Button>
            <Button onClick={onClose} disabled={create.isPending}>
              Cancel
            </Button>
          </FormActions>
        </Form>
      </Dialog>
      <SecretDialog
        secret={create.data?.token}
        title="The new token"
        what="the token"
        usage={
          <Snippet
            text={`curl -H 'Authorization: Bearer ${create.data?.token ?? ""}' '${location.origin}/admin/v1/session'`}
            what="a call with it"
          />
        }
        onClose={onClose}
      >
        <p>Copy it now: only its hash is kept, so it is never shown again.</p>
      </SecretDialog>
    </>
  )
}
