import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { expiryOf, LIFETIMES } from "../../app/expiry.ts"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { SecretDialog } from "../../ui/secret.tsx"
import { type ApiKey, KEYS, nameOf } from "./api-key.ts"
import { atAddresses, BOUND_FIELDS, BoundFields, boundsOf } from "./key-bounds.tsx"
import { RoleField } from "./role-field.tsx"

type Kind = ApiKey["kind"]

const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: "REST", label: "REST: for your servers" },
  { value: "BL", label: "BL: for business logic on your servers" },
  { value: "JS", label: "JS: for web apps" },
  { value: "ANDROID", label: "ANDROID: for Android apps" },
  { value: "IOS", label: "IOS: for iOS and macOS apps" },
  { value: "WP", label: "WP: for Windows apps" },
  { value: "AS", label: "AS: for ActionScript apps" },
  { value: "CUSTOM", label: "CUSTOM: what a custom role may do" },
]

interface NewKeyProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function NewKey({ isOpen, onClose }: NewKeyProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(KEYS)
  const [kind, setKind] = useState<Kind>("REST")
  const create = api.useMutation("post", KEYS, { onSuccess: () => refresh() })
  const created = create.data
  const close = () => {
    create.reset()
    setKind("REST")
    onClose()
  }
  return (
    <>
      <Dialog isOpen={isOpen && created === undefined} onClose={close} title="Add a key">
        <Form
          error={atAddresses(create.error, create.variables?.body.addresses)}
          fields={["label", "role", ...BOUND_FIELDS]}
          onSubmit={({ label, role, lifetime, ...bounds }) =>
            create.mutate({
              params: { path: { applicationId } },
              body: {
                kind,
                label: label ?? "",
                role: role === undefined || role === "" ? null : role,
                expiresAt: expiryOf(lifetime),
                ...boundsOf(bounds),
              },
            })
          }
        >
          <SelectField
            name="kind"
            label="Type"
            options={KINDS}
            value={kind}
            onChange={(event) =>
              setKind(KINDS.find(({ value }) => value === event.target.value)?.value ?? kind)
            }
          />
          <TextField name="label" label="Label" maxLength={100} hint="What it is for." />
          <RoleField
            isRequired={kind === "CUSTOM"}
            hint="A custom role that requests with this key run with besides its own."
          />
          <SelectField name="lifetime" label="Expires" options={LIFETIMES} />
          <BoundFields />
          <FormActions>
            <Button type="submit" look="primary" isBusy={create.isPending}>
              Add the key
            </Button>
            <Button onClick={close} disabled={create.isPending}>
              Cancel
            </Button>
          </FormActions>
        </Form>
      </Dialog>
      <SecretDialog
        secret={created?.key}
        title={created === undefined ? "" : `The key ${nameOf(created)}`}
        what="the API key"
        onClose={close}
      >
        <p>It works from now on. Administrators can have it shown again on this screen.</p>
      </SecretDialog>
    </>
  )
}
