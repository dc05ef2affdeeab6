import type { ReactNode } from "react"
import { useAddPhone } from "../../app/add-phone.ts"
import { PHONE_KINDS } from "../../app/phone-kinds.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"

interface AddPhoneDialogProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

export function AddPhoneDialog({ isOpen, onClose }: AddPhoneDialogProps): ReactNode {
  const { mutate, params, error, isPending } = useAddPhone(onClose)
  const submit = ({ kind, name = "", channels = "" }: Readonly<Record<string, string>>) => {
    const os = PHONE_KINDS.find((known) => known.os === kind)?.os ?? "IOS"
    const named = channels.split(",").flatMap((channel) => channel.trim() || [])
    mutate({
      params,
      body: { os, ...(name !== "" && { name }), ...(named.length > 0 && { channels: named }) },
    })
  }
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Add a virtual phone">
      <Form error={error} fields={["name", "channels"]} onSubmit={submit}>
        <SelectField
          name="kind"
          label="Kind"
          options={PHONE_KINDS.map(({ os, label }) => ({ value: os, label }))}
        />
        <TextField name="name" label="Name" hint="Yours to choose; may stay empty." maxLength={60} />
        <TextField
          name="channels"
          label="Channels"
          hint="Separated by commas; none means the channel default. New ones are created."
        />
        <FormActions>
          <Button type="submit" look="primary" isBusy={isPending}>
            Add the phone
          </Button>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}
