import { DomainError } from "../../../domain/errors.ts"
import type { ProviderName } from "../../../domain/platform.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { CredentialInput, CredentialView } from "../../../service/credentials.ts"
import type { Route } from "../../route.ts"
import { propertiesOf } from "../body.ts"
import {
  ApplicationParams,
  Credential,
  CredentialBody,
  CredentialCheckup,
  CredentialList,
  CredentialParams,
  Done,
} from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const CREDENTIALS = "/admin/v1/applications/:applicationId/credentials"
const CREDENTIAL = `${CREDENTIALS}/:provider`
const PROVIDERS: readonly ProviderName[] = ["apns", "fcm", "wns"]

const listCredentials: AdminRoute = {
  method: "GET",
  path: CREDENTIALS,
  permission: "admin:read",
  summary: "Lists the provider credentials of an application, without their secrets.",
  params: ApplicationParams,
  reply: CredentialList,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    credentials: (await services.credentials.list(params["applicationId"] ?? "")).map(view),
  }),
}

const setCredential: AdminRoute = {
  method: "PUT",
  path: CREDENTIAL,
  permission: "admin:administer",
  summary: "Checks, seals and stores a provider credential; it is used from the next second on.",
  params: CredentialParams,
  body: CredentialBody,
  reply: Credential,
  errors: ["not_found", "invalid_credential", "invalid_property"],
  handle: async ({ services, principal, params, body }) =>
    view(
      await services.credentials.set(
        params["applicationId"] ?? "",
        providerOf(params),
        credentialInput(body),
        { mayLeadElsewhere: principal.applications === undefined },
      ),
    ),
  audit: { action: "credential.set" },
}

const removeCredential: AdminRoute = {
  method: "DELETE",
  path: CREDENTIAL,
  permission: "admin:administer",
  summary: "Removes a provider credential.",
  params: CredentialParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.credentials.remove(params["applicationId"] ?? "", providerOf(params))
    return { done: true }
  },
  audit: { action: "credential.remove" },
}

const resumeCredential: AdminRoute = {
  method: "POST",
  path: `${CREDENTIAL}/resume`,
  permission: "admin:operate",
  summary: "Lets a paused credential send again.",
  params: CredentialParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.credentials.resume(params["applicationId"] ?? "", providerOf(params))
    return { done: true }
  },
  audit: { action: "credential.resume" },
}

const checkCredential: AdminRoute = {
  method: "POST",
  path: `${CREDENTIAL}/check`,
  permission: "admin:operate",
  summary:
    "Asks the provider whether a credential works, with a push that reaches nobody; for 20 seconds at most.",
  params: CredentialParams,
  reply: CredentialCheckup,
  errors: ["not_found"],
  handle: ({ services, params }) =>
    services.credentials.checkup(params["applicationId"] ?? "", providerOf(params)),
  audit: { action: "credential.check" },
}

function providerOf(params: Readonly<Record<string, string>>): ProviderName {
  const provider = PROVIDERS.find((name) => name === params["provider"])
  if (provider !== undefined) return provider
  throw new DomainError("not_found", `There is no such provider; there are ${PROVIDERS.join(", ")}.`)
}

function credentialInput(body: unknown): CredentialInput {
  const { fields, origin, ca } = propertiesOf(body, ["fields", "origin", "ca"])
  if (fields === undefined) {
    throw new DomainError("invalid_property", "fields is missing; it must hold the credential.", {
      property: "fields",
    })
  }
  return { fields, ...optionalText("origin", origin), ...optionalText("ca", ca) }
}

function optionalText(name: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (typeof value === "string") return { [name]: value }
  throw new DomainError("invalid_property", `${name} must be a string.`, { property: name })
}

function view(credential: CredentialView): object {
  const { provider, summary, updatedAt, pausedAt, pausedReason } = credential
  return { provider, summary, updatedAt, pausedAt: pausedAt ?? null, pausedReason: pausedReason ?? null }
}

export const credentialRoutes: readonly AdminRoute[] = [
  listCredentials,
  setCredential,
  removeCredential,
  resumeCredential,
  checkCredential,
]
