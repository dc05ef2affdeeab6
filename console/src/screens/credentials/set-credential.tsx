import type { ReactNode } from "react"
import { ApiError } from "../../api/api-error.ts"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { FileField } from "../../ui/file-field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { CREDENTIAL, type Credential, type Provider, type ProviderFacts } from "./provider.ts"

type Values = Readonly<Record<string, string>>

interface SetCredentialProps {
  readonly facts: ProviderFacts
  /** What there is: its public parts are proposed. */
  readonly credential: Credential | undefined
  readonly onClose: () => void
  readonly onStored: () => void
}

export function SetCredential({ facts, credential, onClose, onStored }: SetCredentialProps): ReactNode {
  const { applicationId } = useApplication()
  const { provider, name, source } = facts
  const set = api.useMutation("put", CREDENTIAL, { onSuccess: onStored })
  const { fields, content: Content, body } = FORMS[provider]
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${credential === undefined ? "Set" : "Replace"} the ${name} credential`}
    >
      <p className="soft">{source}</p>
      <Form
        error={atItsField(set.error, provider)}
        fields={fields}
        onSubmit={(values) =>
          set.mutate({
            params: { path: { applicationId, provider } },
            body: { fields: body(values), ...destinationOf(credential) },
          })
        }
      >
        <Content known={credential?.summary ?? {}} />
        <FormActions>
          <Button type="submit" look="primary" isBusy={set.isPending}>
            Check and store
          </Button>
          <Button onClick={onClose} disabled={set.isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}

/** A service account is one file: whatever is wrong in it is wrong with that field. */
function atItsField(error: Error | null, provider: Provider): Error | null {
  if (provider !== "fcm" || !(error instanceof ApiError) || error.property === undefined) return error
  return new ApiError(error.status, error.code, error.message, "fields")
}

/** An origin that was set with the command line stays. */
function destinationOf(credential: Credential | undefined): { readonly origin?: string } {
  const origin = credential?.summary["origin"]
  return origin === undefined ? {} : { origin }
}

interface ContentProps {
  readonly known: Readonly<Record<string, string>>
}

interface CredentialForm {
  /** Properties that an error may name. */
  readonly fields: readonly string[]
  readonly content: (props: ContentProps) => ReactNode
  readonly body: (values: Values) => unknown
}

const FORMS: { readonly [P in Provider]: CredentialForm } = {
  apns: {
    fields: ["key", "keyId", "teamId", "topic", "osxTopic", "environment"],
    content: ApnsFields,
    body: ({ key, keyId, teamId, topic, osxTopic, environment }) => ({
      key,
      keyId: keyId?.trim(),
      teamId: teamId?.trim(),
      topic: topic?.trim(),
      ...(osxTopic !== undefined && osxTopic.trim() !== "" && { osxTopic: osxTopic.trim() }),
      environment,
    }),
  },
  fcm: {
    fields: ["fields"],
    content: FcmFields,
    body: ({ fields }) => fields,
  },
  wns: {
    fields: ["tenantId", "clientId", "clientSecret"],
    content: WnsFields,
    body: ({ tenantId, clientId, clientSecret }) => ({
      tenantId: tenantId?.trim(),
      clientId: clientId?.trim(),
      clientSecret,
    }),
  },
}

function ApnsFields({ known }: ContentProps): ReactNode {
  return (
    <>
      <FileField
        name="key"
        label="Key"
        what="the AuthKey_….p8 file"
        accept=".p8,.pem,.txt"
        hint="Upload the AuthKey_….p8 file, or paste what is in it."
        required
      />
      <TextField
        name="keyId"
        label="Key id"
        defaultValue={known["keyId"] ?? ""}
        placeholder="ABCDE12345"
        hint="Ten characters, also part of the file's name."
        required
      />
      <TextField
        name="teamId"
        label="Team id"
        defaultValue={known["teamId"] ?? ""}
        placeholder="TEAM123456"
        hint="Ten characters, under Membership details."
        required
      />
      <TextField
        name="topic"
        label="Topic"
        defaultValue={known["topic"] ?? ""}
        placeholder="com.example.app"
        hint="The bundle id of the app."
        required
      />
      <TextField
        name="osxTopic"
        label="Topic on macOS"
        defaultValue={known["osxTopic"] ?? ""}
        hint="Only if the Mac app has another bundle id."
      />
      <SelectField
        name="environment"
        label="Environment"
        defaultValue={known["environment"] ?? "production"}
        options={[
          { value: "production", label: "Production: App Store and TestFlight" },
          { value: "sandbox", label: "Sandbox: builds from Xcode" },
        ]}
        hint="Device tokens belong to one of the two."
      />
    </>
  )
}

function FcmFields(): ReactNode {
  return (
    <FileField
      name="fields"
      label="Service account"
      what="the service account file"
      accept=".json"
      rows={8}
      hint="Upload the JSON file of the service account, or paste what is in it."
      required
    />
  )
}

function WnsFields({ known }: ContentProps): ReactNode {
  return (
    <>
      <TextField
        name="tenantId"
        label="Directory (tenant) id"
        defaultValue={known["tenantId"] ?? ""}
        required
      />
      <TextField
        name="clientId"
        label="Application (client) id"
        defaultValue={known["clientId"] ?? ""}
        required
      />
      <TextField
        name="clientSecret"
        label="Client secret"
        type="password"
        autoComplete="off"
        hint="The Value of the secret, not its Secret ID."
        required
      />
    </>
  )
}
