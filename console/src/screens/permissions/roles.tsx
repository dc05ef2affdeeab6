import { Plus, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { say } from "../../ui/toast.tsx"
import { type Matrix, PERMISSIONS, ROLES } from "./matrix.ts"

type Role = Matrix["roles"][number]

/** The system roles, and the custom ones that can be made and deleted. */
export function Roles({ roles }: { readonly roles: readonly Role[] }): ReactNode {
  const mayAdminister = useMay("administer")
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const columns: readonly Column<Role>[] = [
    {
      head: "Role",
      cell: ({ name, isSystem }) => (
        <span className="row">
          <span className="breakable">{name}</span>
          {!isSystem && <Badge tone="info">custom</Badge>}
        </span>
      ),
    },
    { head: "Runs with it", cell: ({ isSystem, description }) => wordsOf(isSystem, description) },
    ...(mayAdminister
      ? [
          {
            head: "Actions",
            cell: ({ name, isSystem }: Role) =>
              isSystem ? null : (
                <IconButton label={`Delete the role ${name}`} onClick={() => setLeaving(name)}>
                  <Trash2 size={16} aria-hidden />
                </IconButton>
              ),
          },
        ]
      : []),
  ]
  // Those that can be changed come first.
  const rows = [...roles].sort((one, other) => Number(one.isSystem) - Number(other.isSystem))
  return (
    <Card
      title="Roles"
      isFlush
      actions={
        mayAdminister && (
          <Button onClick={() => setAdding(true)}>
            <Plus size={16} aria-hidden />
            New role
          </Button>
        )
      }
    >
      <Table label="Roles" columns={columns} rows={rows} rowKey={({ name }) => name} />
      {isAdding && <NewRole onClose={() => setAdding(false)} />}
      {leaving !== undefined && <DeleteRole role={leaving} onClose={() => setLeaving(undefined)} />}
    </Card>
  )
}

function wordsOf(isSystem: boolean, description: string): ReactNode {
  return (
    <span className="breakable">
      {isSystem ? description : description || "users, keys and host names that have it"}
    </span>
  )
}

interface TaskProps {
  readonly onClose: () => void
}

function NewRole({ onClose }: TaskProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(PERMISSIONS, ROLES)
  const create = api.useMutation("post", ROLES, {
    onSuccess: async ({ name }) => {
      await refresh()
      say(`Created the role ${name}.`)
      onClose()
    },
  })
  return (
    <Dialog isOpen onClose={onClose} title="New role">
      <Form
        error={create.error}
        fields={["name", "description"]}
        onSubmit={({ name = "", description = "" }) =>
          create.mutate({ params: { path: { applicationId } }, body: { name, description } })
        }
      >
        <TextField
          name="name"
          label="Name"
          required
          maxLength={50}
          hint="Letters, digits, spaces, dots and dashes."
        />
        <TextField name="description" label="Description" hint="What it is for." />
        <p className="soft">
          Nothing is granted to it at first. Give it to users, keys or host names, and set its rules in the
          table.
        </p>
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

function DeleteRole({ role, onClose }: TaskProps & { readonly role: string }): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(PERMISSIONS, ROLES)
  const remove = api.useMutation("delete", `${ROLES}/{role}`, {
    onSuccess: async () => {
      await refresh()
      say(`Deleted the role ${role}.`)
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Delete the role ${role}?`}
      action="Delete the role"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { applicationId, role } } })}
    >
      <p>Its rules go with it, and users who have it lose what it granted, or denied, within five seconds.</p>
    </Confirm>
  )
}
