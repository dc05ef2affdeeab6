import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"
import { HOSTS, KEYS, nameOf } from "./api-key.ts"
import { RoleField } from "./role-field.tsx"

interface BindHostProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function BindHost({ isOpen, onClose }: BindHostProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(HOSTS)
  const keys = api.useQuery("get", KEYS, { params: { path: { applicationId } } }).data?.keys ?? []
  const bind = api.useMutation("put", `${HOSTS}/{host}`, {
    onSuccess: async ({ host }) => {
      await refresh()
      say(`Bound ${host}.`)
      close()
    },
  })
  const close = () => {
    bind.reset()
    onClose()
  }
  const ordered = [...keys].sort((one, other) => rankOf(one.kind) - rankOf(other.kind))
  return (
    <Dialog isOpen={isOpen} onClose={close} title="Bind a host name">
      <Form
        error={bind.error}
        fields={["host", "role"]}
        onSubmit={({ host = "", key, role }) =>
          bind.mutate({
            params: { path: { applicationId, host: host.trim() } },
            body: {
              key: Number(key ?? ordered[0]?.number),
              role: role === undefined || role === "" ? null : role,
            },
          })
        }
      >
        <TextField
          name="host"
          label="Host name"
          required
          placeholder="push.example.com"
          autoCapitalize="off"
          spellCheck={false}
          hint="Without https:// and without a port; it must lead to this server."
        />
        <SelectField
          name="key"
          label="With the rights of the key"
          options={ordered.map((key) => ({ value: String(key.number), label: nameOf(key) }))}
          hint="Everybody who knows the name may do what this key may do."
        />
        <RoleField hint="A custom role that its requests run with besides." />
        <FormActions>
          <Button type="submit" look="primary" isBusy={bind.isPending}>
            Bind
          </Button>
          <Button onClick={close} disabled={bind.isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}

/** A name is for apps: the key with the fewest rights is proposed. */
function rankOf(kind: string): number {
  return kind === "JS" ? 0 : kind === "REST" || kind === "BL" ? 2 : 1
}
