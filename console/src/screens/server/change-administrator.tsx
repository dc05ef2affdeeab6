import { type ReactNode, useState } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { useCaller } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Note } from "../../ui/note.tsx"
import { say } from "../../ui/toast.tsx"
import { ApplicationsField } from "./applications-field.tsx"
import { PASSWORD_MIN, SCOPES, scopeOf } from "./scope.ts"
import { SESSIONS_OF } from "./sessions.ts"

interface ChangeAdministratorProps {
  readonly who: Schema<"Administrator">
  readonly onClose: () => void
}

export function ChangeAdministrator({ who, onClose }: ChangeAdministratorProps): ReactNode {
  const refresh = useRefresh("/admin/v1/administrators", SESSIONS_OF, "/admin/v1/session")
  const caller = useCaller()
  const [applications, setApplications] = useState(who.applications as readonly string[] | null)
  const change = api.useMutation("put", "/admin/v1/administrators/{administrator}", {
    onSuccess: async () => {
      onClose()
      await refresh()
      say(`Changed ${who.name}, and ended every session of theirs.`)
    },
  })
  const isSelf = caller.kind === "session" && caller.number === who.number
  return (
    <Dialog isOpen onClose={onClose} title={`Change ${who.name}`}>
      <Note tone="warn">
        {isSelf
          ? "This ends your own session: you sign in again afterwards."
          : "Whatever is changed, every session of theirs ends."}
      </Note>
      <Form
        error={change.error}
        fields={["password"]}
        onSubmit={({ scope, password = "" }) =>
          change.mutate({
            params: { path: { administrator: String(who.number) } },
            body: {
              scope: scopeOf(scope),
              applications: applications && [...applications],
              ...(password !== "" && { password }),
            },
          })
        }
      >
        <SelectField name="scope" label="May" options={SCOPES} defaultValue={who.scope} />
        <ApplicationsField value={applications} onChange={setApplications} />
        <TextField
          name="password"
          label="New password"
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_MIN}
          hint={`Only if it was forgotten: at least ${PASSWORD_MIN} characters. Empty: it stays.`}
        />
        <FormActions>
          <Button
            type="submit"
            look="primary"
            isBusy={change.isPending}
            disabled={applications?.length === 0}
          >
            Save
          </Button>
          <Button onClick={onClose} disabled={change.isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}
