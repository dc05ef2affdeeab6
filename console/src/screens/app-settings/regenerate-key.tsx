import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { SecretDialog } from "../../ui/secret.tsx"
import { now, Time } from "../../ui/time.tsx"
import { type ApiKey, KEYS, nameOf } from "./api-key.ts"

const DAY_HOURS = 24

const OVERLAPS = [
  { value: "24", label: "For a day" },
  { value: "0", label: "Not at all: it was leaked" },
  { value: "1", label: "For an hour" },
  { value: String(7 * DAY_HOURS), label: "For a week" },
  { value: String(30 * DAY_HOURS), label: "For 30 days" },
]

interface RegenerateKeyProps {
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

export function RegenerateKey({ apiKey, onClose }: RegenerateKeyProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(KEYS)
  const regenerate = api.useMutation("post", `${KEYS}/{keyNumber}/regenerate`, { onSuccess: () => refresh() })
  const { data } = regenerate
  const name = nameOf(apiKey)
  return (
    <>
      <Dialog isOpen={data === undefined} onClose={onClose} title={`Regenerate the key ${name}`}>
        <p>
          The key gets a new text; its number, role and host names stay. Give the new one to every client
          before the old one ends.
        </p>
        <Form
          error={regenerate.error}
          onSubmit={({ overlapHours }) =>
            regenerate.mutate({
              params: { path: { applicationId, keyNumber: apiKey.number } },
              body: { overlapHours: Number(overlapHours ?? DAY_HOURS) },
            })
          }
        >
          <SelectField name="overlapHours" label="The old key still works" options={OVERLAPS} />
          <FormActions>
            <Button type="submit" look="primary" isBusy={regenerate.isPending}>
              Regenerate
            </Button>
            <Button onClick={onClose} disabled={regenerate.isPending}>
              Cancel
            </Button>
          </FormActions>
        </Form>
      </Dialog>
      <SecretDialog secret={data?.key} title={`The new key ${name}`} what="the new key" onClose={onClose}>
        {data !== undefined && data.previousUntil !== null && data.previousUntil > now() ? (
          <p>
            The old key works until <Time at={data.previousUntil} />, the new one from now on.
          </p>
        ) : (
          <p>The old key ends within five seconds, the new one works from now on.</p>
        )}
      </SecretDialog>
    </>
  )
}
