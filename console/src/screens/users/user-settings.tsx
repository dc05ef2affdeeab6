import { type ReactNode, useState } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { CheckField, SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { say } from "../../ui/toast.tsx"
import { changesOf, IDLE_TIMES, LASTING_TIMES, lifetimeOptions } from "./setting-values.ts"

const SETTINGS = "/admin/v1/applications/{applicationId}/user-settings"

type Settings = Schema<"UserSettings">

/** How users register and log in. */
export function UserSettings(): ReactNode {
  const { applicationId } = useApplication()
  const settings = api.useQuery("get", SETTINGS, { params: { path: { applicationId } } })
  return (
    <Loaded query={settings} failure="The settings could not be read">
      {(data) => <SettingsForm settings={data} />}
    </Loaded>
  )
}

const FIELDS = [
  "identityProperty",
  "requiredProperties",
  "knownProperties",
  "maxConcurrentLogins",
  "failedLoginsLock",
]

function SettingsForm({ settings }: { readonly settings: Settings }): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const refresh = useRefresh(SETTINGS)
  const change = api.useMutation("put", SETTINGS, {
    onSuccess: async () => {
      await refresh()
      say("Saved. It is in force within five seconds.")
    },
  })
  return (
    <Form
      error={change.error}
      fields={FIELDS}
      onSubmit={(values) => change.mutate({ params: { path: { applicationId } }, body: changesOf(values) })}
    >
      <fieldset disabled={!mayAdminister} className="stack">
        <RegistrationFields settings={settings} />
        <LoginFields settings={settings} />
        {mayAdminister && (
          <FormActions>
            <Button type="submit" look="primary" isBusy={change.isPending}>
              Save
            </Button>
          </FormActions>
        )}
      </fieldset>
    </Form>
  )
}

function RegistrationFields({ settings }: { readonly settings: Settings }): ReactNode {
  const [policy, setPolicy] = useState<string>(settings.unknownProperties)
  return (
    <Card title="Registration">
      <div className="stack">
        <CheckField
          name="registration"
          label="Apps may register users"
          hint="Without it, users are created here only."
          defaultChecked={settings.registration}
        />
        <CheckField
          name="guests"
          label="Apps may log people in as guests"
          hint="Without e-mail address or password."
          defaultChecked={settings.guests}
        />
        <TextField
          name="identityProperty"
          label="Users log in with the property"
          defaultValue={settings.identityProperty}
          required
          hint="email is checked to be an e-mail address."
        />
        <TextField
          name="requiredProperties"
          label="Required properties"
          defaultValue={settings.requiredProperties.join(", ")}
          hint="Names, separated by commas; besides identity and password."
        />
        <SelectField
          name="unknownProperties"
          label="Properties that are not known"
          value={policy}
          onChange={(event) => setPolicy(event.target.value)}
          options={[
            { value: "keep", label: "are kept" },
            { value: "drop", label: "are dropped" },
            { value: "refuse", label: "are refused" },
          ]}
        />
        {policy === "keep" ? (
          <input type="hidden" name="knownProperties" value={settings.knownProperties.join(", ")} />
        ) : (
          <TextField
            name="knownProperties"
            label="Known properties"
            defaultValue={settings.knownProperties.join(", ")}
            hint="Names, separated by commas; the required ones are known anyway."
          />
        )}
      </div>
    </Card>
  )
}

function LoginFields({ settings }: { readonly settings: Settings }): ReactNode {
  const [isMultiple, setMultiple] = useState(settings.multipleLogins)
  return (
    <Card title="Login">
      <div className="stack">
        <CheckField
          name="login"
          label="Users may log in"
          hint="Those who are logged in stay so."
          defaultChecked={settings.login}
        />
        <CheckField
          name="multipleLogins"
          label="A user may be logged in more than once"
          hint="On a phone and a tablet, for instance."
          checked={isMultiple}
          onChange={(event) => setMultiple(event.target.checked)}
        />
        {isMultiple ? (
          <>
            <input type="hidden" name="logoutLastUser" value={settings.logoutLastUser ? "on" : ""} />
            <TextField
              name="maxConcurrentLogins"
              label="How many logins at once"
              type="number"
              min={0}
              max={100}
              defaultValue={String(settings.maxConcurrentLogins)}
              required
              hint="One more is refused. 0: up to 100, and the one that was used least recently makes room."
            />
          </>
        ) : (
          <>
            <input type="hidden" name="maxConcurrentLogins" value={settings.maxConcurrentLogins} />
            <SelectField
              name="logoutLastUser"
              label="A second login"
              defaultValue={settings.logoutLastUser ? "on" : ""}
              options={[
                { value: "", label: "ends the first" },
                { value: "on", label: "is refused" },
              ]}
            />
          </>
        )}
        <TextField
          name="failedLoginsLock"
          label="Wrong passwords before logins are slowed down"
          type="number"
          min={0}
          max={1000}
          defaultValue={String(settings.failedLoginsLock)}
          required
          hint="For one address and a growing time; at most 5 count. 0: after 5."
        />
        <SelectField
          name="sessionIdleMs"
          label="A login that is not used ends"
          defaultValue={String(settings.sessionIdleMs ?? "")}
          options={lifetimeOptions(IDLE_TIMES, settings.sessionIdleMs)}
        />
        <SelectField
          name="sessionLastsMs"
          label="Every login ends"
          defaultValue={String(settings.sessionLastsMs ?? "")}
          options={lifetimeOptions(LASTING_TIMES, settings.sessionLastsMs)}
        />
        <SelectField
          name="guestsKeptMs"
          label="Guests who are not logged in are removed"
          defaultValue={String(settings.guestsKeptMs ?? "")}
          options={lifetimeOptions(LASTING_TIMES, settings.guestsKeptMs)}
        />
      </div>
    </Card>
  )
}
