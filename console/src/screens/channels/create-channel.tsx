import { useQueryClient } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { channelPath } from "../../app/paths.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"

interface CreateChannelProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function CreateChannel({ isOpen, onClose }: CreateChannelProps): ReactNode {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="New channel">
      <CreateForm onClose={onClose} />
    </Dialog>
  )
}

function CreateForm({ onClose }: Pick<CreateChannelProps, "onClose">): ReactNode {
  const { applicationId } = useApplication()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const server = api.useQuery("get", "/admin/v1/server")
  const create = api.useMutation("post", "/admin/v1/applications/{applicationId}/channels", {
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({
        queryKey: ["get", "/admin/v1/applications/{applicationId}/channels"],
      })
      say(`Created ${name}.`)
      navigate(channelPath(applicationId, name))
    },
  })
  return (
    <Form
      error={create.error}
      fields={["name"]}
      onSubmit={({ name = "" }) => create.mutate({ params: { path: { applicationId } }, body: { name } })}
    >
      <TextField
        name="name"
        label="Name"
        hint="Apps name it when they register. Without / , or ::"
        required
        autoComplete="off"
        maxLength={server.data?.limits.channelName}
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
  )
}
