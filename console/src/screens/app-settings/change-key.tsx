import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { expiryOf, LIFETIMES } from "../../app/expiry.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { formatTime, now } from "../../ui/time.tsx"
import { say } from "../../ui/toast.tsx"
import { type ApiKey, KEYS, nameOf } from "./api-key.ts"
import { atAddresses, BOUND_FIELDS, BoundFields, boundsOf, type KeyBounds } from "./key-bounds.tsx"
import { RoleField } from "./role-field.tsx"

interface ChangeKeyProps {
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

/** The lifetime that leaves the end of a key where it is. */
const KEPT = "kept"

/** What a key is for, the role it runs with, its end, and what it is accepted for. The key itself stays. */
export function ChangeKey({ apiKey, onClose }: ChangeKeyProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(KEYS)
  const change = api.useMutation("put", `${KEYS}/{keyNumber}`, {
    onSuccess: async (changed) => {
      await refresh()
      say(`Changed the key ${nameOf(changed)}. It is in force within five seconds.`)
      onClose()
    },
  })
  const save = (values: Readonly<Record<string, string>>) => {
    const body = changesOf(apiKey, values)
    // An entry of the audit log names what was changed: of nothing there shall be none.
    if (Object.keys(body).length === 0) onClose()
    else change.mutate({ params: { path: { applicationId, keyNumber: apiKey.number } }, body })
  }
  const isExpired = apiKey.expiresAt !== null && apiKey.expiresAt <= now()
  return (
    <Dialog isOpen onClose={onClose} title={`Change the key ${nameOf(apiKey)}`}>
      <p>The key itself stays: whoever calls with it need not know.</p>
      <Form
        error={atAddresses(change.error, change.variables?.body.addresses)}
        fields={["label", "role", ...BOUND_FIELDS]}
        onSubmit={save}
      >
        <TextField
          name="label"
          label="Label"
          defaultValue={apiKey.label}
          maxLength={100}
          hint="What it is for."
        />
        <RoleField
          present={apiKey.role ?? ""}
          isRequired={apiKey.kind === "CUSTOM"}
          hint="A custom role that requests with this key run with besides its own."
        />
        <SelectField
          name="lifetime"
          label="Expires"
          options={lifetimesOf(apiKey)}
          {...(isExpired && { hint: "With an end that is still to come, it works again." })}
        />
        <BoundFields present={apiKey} />
        <FormActions>
          <Button type="submit" look="primary" isBusy={change.isPending}>
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

interface Changes extends Partial<KeyBounds> {
  readonly label?: string
  readonly role?: string | null
  readonly expiresAt?: number | null
}

/** Of what stayed as it was, nothing: somebody else may be changing it. */
function changesOf(apiKey: ApiKey, values: Readonly<Record<string, string>>): Changes {
  const { label = "", role = "", lifetime = KEPT } = values
  const { addresses, requestsPerSecond } = boundsOf(values)
  return {
    ...(label !== apiKey.label && { label }),
    ...(role !== (apiKey.role ?? "") && { role: role === "" ? null : role }),
    ...(lifetime !== KEPT && { expiresAt: expiryOf(lifetime) }),
    ...(addresses.join() !== apiKey.addresses.join() && { addresses }),
    ...(requestsPerSecond !== apiKey.requestsPerSecond && { requestsPerSecond }),
  }
}

function lifetimesOf({ expiresAt }: ApiKey): typeof LIFETIMES {
  if (expiresAt === null) {
    return [{ value: KEPT, label: "Never, as it is" }, ...LIFETIMES.filter(({ value }) => value !== "")]
  }
  const end = formatTime(expiresAt)
  return [
    { value: KEPT, label: expiresAt <= now() ? `It expired: ${end}` : `As it is: ${end}` },
    ...LIFETIMES,
  ]
}
