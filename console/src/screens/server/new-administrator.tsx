import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"
import { ApplicationsField } from "./applications-field.tsx"
import { PASSWORD_MIN, SCOPES, scopeOf } from "./scope.ts"

export function NewAdministrator({ onClose }: { readonly onClose: () => void }): ReactNode {
  const refresh = useRefresh("/admin/v1/administrators")
  const [applications, setApplications] = useState<readonly string[] | null>(null)
  const create = api.useMutation("post", "/admin/v1/administrators", {
    onSuccess: async ({ name }) => {
      await refresh()
      say(`${name} can sign in.`)
      onClose()
    },
  })
  return (
    <Dialog isOpen onClose={onClose} title="New administrator">
      <Form
        error={create.error}
        fields={["name", "password"]}
        onSubmit={({ name = "", password = "", scope }) =>
          create.mutate({
            body: { name, password, scope: scopeOf(scope), applications: applications && [...applications] },
          })
        }
      >
        <TextField name="name" label="Name" required maxLength={100} autoComplete="off" />
        <TextField
          name="password"
          label="First password"
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN}
          hint={`At least ${PASSWORD_MIN} characters. Hand it over in person; it can be changed under Your account.`}
        />
        <SelectField name="scope" label="May" options={SCOPES} />
        <ApplicationsField value={applications} onChange={setApplications} />
        <FormActions>
          <Button
            type="submit"
            look="primary"
            isBusy={create.isPending}
            disabled={applications?.length === 0}
          >
            Create
          </Button>
          <Button onClick={onClose} disabled={create.isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}
