import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { CheckField, SelectField, TextArea, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { say } from "../../ui/toast.tsx"
import { ISSUERS, type Issuer } from "./issuer.ts"

const ALGORITHMS: readonly Issuer["algorithms"][number][] = ["RS256", "ES256", "EdDSA"]

interface SetIssuerProps {
  /** Undefined: a new one. */
  readonly issuer: Issuer | undefined
  readonly onClose: () => void
}

export function SetIssuer({ issuer, onClose }: SetIssuerProps): ReactNode {
  const { applicationId } = useApplication()
  const refresh = useRefresh(ISSUERS)
  const [malformed, setMalformed] = useState<Error | null>(null)
  const set = api.useMutation("put", `${ISSUERS}/{name}`, {
    onSuccess: async ({ name, problem }) => {
      await refresh()
      say(problem === null ? `Saved ${name}.` : `Saved ${name}, but its keys could not be read.`)
      onClose()
    },
  })
  const save = (values: Readonly<Record<string, string>>) => {
    const keys = keysOf(values)
    setMalformed(keys === undefined ? malformedKeys() : null)
    if (keys === undefined) return
    set.mutate({
      params: { path: { applicationId, name: issuer?.name ?? (values["name"] ?? "").trim() } },
      body: {
        issuer: (values["issuer"] ?? "").trim(),
        algorithms: ALGORITHMS.filter((algorithm) => values[`algorithm ${algorithm}`] === "on"),
        rolesClaim: (values["rolesClaim"] ?? "").trim() === "" ? null : (values["rolesClaim"] ?? "").trim(),
        ...keys,
      },
    })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={issuer === undefined ? "Add an identity provider" : `Change ${issuer.name}`}
    >
      <Form
        error={malformed ?? set.error}
        fields={["name", "issuer", "jwksUrl", "jwks", "rolesClaim"]}
        onSubmit={save}
      >
        <IssuerFields issuer={issuer} />
        <FormActions>
          <Button type="submit" look="primary" isBusy={set.isPending}>
            Save
          </Button>
          <Button onClick={onClose} disabled={set.isPending}>
            Cancel
          </Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}

function IssuerFields({ issuer }: Pick<SetIssuerProps, "issuer">): ReactNode {
  return (
    <>
      {issuer === undefined && (
        <TextField
          name="name"
          label="Name"
          required
          maxLength={50}
          hint="For you: letters, digits, dots and dashes."
        />
      )}
      <TextField
        name="issuer"
        label="Issuer"
        required
        maxLength={500}
        defaultValue={issuer?.issuer ?? ""}
        placeholder="https://login.example.com/realms/app"
        hint="What its tokens say in iss, exactly."
      />
      <fieldset className="stack-tight">
        <legend className="field-label">Signatures that its tokens may have</legend>
        {ALGORITHMS.map((algorithm) => (
          <CheckField
            key={algorithm}
            name={`algorithm ${algorithm}`}
            label={algorithm}
            defaultChecked={issuer?.algorithms.includes(algorithm) ?? algorithm === "RS256"}
          />
        ))}
      </fieldset>
      <KeyFields issuer={issuer} />
      <TextField
        name="rolesClaim"
        label="Claim with roles"
        defaultValue={issuer?.rolesClaim ?? ""}
        placeholder="realm_access.roles"
        hint="Names custom roles of this application. Empty: tokens give no roles."
      />
    </>
  )
}

function KeyFields({ issuer }: Pick<SetIssuerProps, "issuer">): ReactNode {
  const [source, setSource] = useState(issuer?.jwks ? "jwks" : "url")
  return (
    <>
      <SelectField
        name="source"
        label="Its public keys"
        value={source}
        onChange={(event) => setSource(event.target.value)}
        options={[
          { value: "url", label: "are read from an address" },
          { value: "jwks", label: "are given here" },
        ]}
      />
      {source === "url" ? (
        <TextField
          name="jwksUrl"
          label="Address of the key set (JWKS)"
          type="url"
          required
          defaultValue={issuer?.jwksUrl ?? ""}
          placeholder="https://login.example.com/.well-known/jwks.json"
          hint="https on port 443, at public addresses."
        />
      ) : (
        <TextArea
          name="jwks"
          label="Key set (JWKS)"
          rows={6}
          required
          spellCheck={false}
          defaultValue={issuer?.jwks ? JSON.stringify(issuer.jwks, null, 2) : ""}
          hint="Public keys only, each with a kid."
        />
      )}
    </>
  )
}

type Keys = { readonly jwksUrl: string } | { readonly jwks: { keys: Record<string, unknown>[] } }

/** Undefined: what was pasted is no JSON. */
function keysOf(values: Readonly<Record<string, string>>): Keys | undefined {
  if (values["source"] !== "jwks") return { jwksUrl: (values["jwksUrl"] ?? "").trim() }
  try {
    return { jwks: JSON.parse(values["jwks"] ?? "") }
  } catch {
    return undefined
  }
}

function malformedKeys(): Error {
  return Object.assign(new Error('This is no JSON. A key set looks like {"keys": [{"kid": …}]}.'), {
    property: "jwks",
  })
}
