import type { ReactNode } from "react"
import { useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Note } from "../../ui/note.tsx"
import { say } from "../../ui/toast.tsx"

type Preset = "locked" | "compatible"

const PRESETS: readonly { readonly value: Preset; readonly label: string }[] = [
  { value: "locked", label: "Locked: apps register, servers publish" },
  { value: "compatible", label: "Compatible: every key may do everything, as in Backendless" },
]

/** What a change means for callers that no rule of the permissions speaks of. */
const MEANING: Readonly<Record<Preset, string>> = {
  locked:
    "Keys inside apps (JS, Android, iOS, Windows, ActionScript) will register devices and log users in, and nothing more: an app that publishes or deletes channels by itself is refused from then on. REST and BL keys keep every right.",
  compatible:
    "Every key will be allowed everything, also to publish to all devices. A key inside an app can be read by anyone who has the app.",
}

export function ChangeApplication(): ReactNode {
  const { applicationId, name, preset } = useApplication()
  const [chosen, choose] = useState<string>(preset)
  const refresh = useRefresh("/admin/v1/applications", "/admin/v1/applications/{applicationId}/permissions")
  const mayAdminister = useMay("administer")
  const change = api.useMutation("put", "/admin/v1/applications/{applicationId}", {
    onSuccess: async () => {
      await refresh()
      say("Saved. It is in force within five seconds.")
    },
  })
  const isPresetChanged = chosen !== preset
  return (
    <Form
      error={change.error}
      fields={["name"]}
      onSubmit={(values) =>
        change.mutate({
          params: { path: { applicationId } },
          body: { name: values["name"] ?? name, preset: presetOf(chosen) },
        })
      }
    >
      <TextField name="name" label="Name" defaultValue={name} required disabled={!mayAdminister} />
      <SelectField
        name="preset"
        label="Security preset"
        options={PRESETS}
        value={chosen}
        onChange={(event) => choose(event.target.value)}
        disabled={!mayAdminister}
        hint="What callers may do where no rule of the permissions says otherwise."
      />
      {isPresetChanged && (
        <Note tone="warn" title={`What changes with ${chosen}`} role="status">
          {MEANING[presetOf(chosen)]}
        </Note>
      )}
      {mayAdminister && (
        <FormActions>
          <Button type="submit" isBusy={change.isPending}>
            Save
          </Button>
        </FormActions>
      )}
    </Form>
  )
}

function presetOf(text: string): Preset {
  return text === "compatible" ? "compatible" : "locked"
}
