import { useQueryClient } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { applicationPath } from "../../app/paths.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"

const PRESETS = [
  { value: "locked", label: "Locked: apps register, servers publish" },
  { value: "compatible", label: "Compatible: every key may do everything, as in Backendless" },
]

interface CreateApplicationProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function CreateApplication({ isOpen, onClose }: CreateApplicationProps): ReactNode {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const create = api.useMutation("post", "/admin/v1/applications", {
    onSuccess: async ({ applicationId, name }) => {
      await queries.invalidateQueries({ queryKey: ["get", "/admin/v1/applications"] })
      say(`Created ${name}.`)
      navigate(applicationPath(applicationId, "/start"))
    },
  })
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="New application">
      <Form
        error={create.error}
        fields={["name"]}
        onSubmit={({ name = "", preset = "locked" }) => create.mutate({ body: { name, preset } })}
      >
        <TextField name="name" label="Name" required />
        <SelectField
          name="preset"
          label="Security preset"
          options={PRESETS}
          hint="A key inside a phone app is public; locked is the safe choice. It can be changed later."
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
