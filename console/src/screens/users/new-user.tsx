import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { userPath } from "../../app/paths.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { USERS } from "./user-words.tsx"

export function NewUser({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { applicationId } = useApplication()
  const [, navigate] = useLocation()
  const refresh = useRefresh(USERS)
  const settings = api.useQuery("get", "/admin/v1/applications/{applicationId}/user-settings", {
    params: { path: { applicationId } },
  })
  const property = settings.data?.identityProperty ?? "email"
  const create = api.useMutation("post", USERS, {
    onSuccess: async ({ userId }) => {
      await refresh()
      navigate(userPath(applicationId, userId))
    },
  })
  return (
    <Dialog isOpen onClose={onClose} title="New user">
      <Form
        error={create.error}
        fields={["identity", "password"]}
        onSubmit={({ identity = "", password = "" }) =>
          create.mutate({
            params: { path: { applicationId } },
            body: { identity, ...(password !== "" && { password }) },
          })
        }
      >
        <TextField
          name="identity"
          label={property === "email" ? "E-mail address" : `Identity (${property})`}
          required
          maxLength={254}
          autoComplete="off"
          autoCapitalize="off"
          hint="What the user logs in with."
        />
        <TextField
          name="password"
          label="Password"
          type="password"
          autoComplete="new-password"
          hint="Empty: the user cannot log in until one is set."
        />
        <FormActions>
          <Button type="submit" look="primary" isBusy={create.isPending}>
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
