import { authorizeRoute } from "../../../policy/authorize.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import { type ApiKeyView, keyName } from "../../../service/keys.ts"
import type { Route } from "../../route.ts"
import {
  AccessParams,
  ApiKey,
  KeyChanges,
  KeyList,
  KeyListQuery,
  KeyParams,
  NewKey,
  Regeneration,
  RevealedKey,
  RevokedKey,
} from "../access-schemas.ts"
import { propertiesOf } from "../body.ts"
import { truth } from "../query.ts"

type AdminRoute = Route<AdministratorPrincipal>

const CHANGEABLE = ["label", "role", "expiresAt", "addresses", "requestsPerSecond"] as const
const KEYS = "/admin/v1/applications/:applicationId/keys"
const KEY = `${KEYS}/:keyNumber`

const listKeys: AdminRoute = {
  method: "GET",
  path: KEYS,
  permission: "admin:read",
  summary: "Lists the API keys of an application; the keys themselves only on demand.",
  params: AccessParams,
  query: KeyListQuery,
  reply: KeyList,
  errors: ["not_found", "invalid_property"],
  handle: async ({ services, principal, params, query }) => {
    const id = params["applicationId"] ?? ""
    if (!isRevealing({ query })) return { keys: (await services.keys.list(id)).map(view) }
    authorizeRoute(principal, "admin:administer")
    return { keys: (await services.keys.reveal(id)).map(view) }
  },
  audit: { action: "key.reveal", of: isRevealing, target: () => "all keys" },
}

const createKey: AdminRoute = {
  method: "POST",
  path: KEYS,
  permission: "admin:administer",
  summary: "Adds an API key.",
  params: AccessParams,
  body: NewKey,
  reply: RevealedKey,
  errors: ["not_found", "invalid_property", "property_too_long", "invalid_expiration", "conflict"],
  handle: async ({ services, params, body }) => {
    const { kind, ...rest } = propertiesOf(body, ["kind", ...CHANGEABLE])
    return view(await services.keys.create(params["applicationId"] ?? "", { kind, ...rest }))
  },
  audit: { action: "key.create", target: (_request, result) => keyName(result as ApiKeyView) },
}

const changeKey: AdminRoute = {
  method: "PUT",
  path: KEY,
  permission: "admin:administer",
  summary: "Changes label, role, expiration, addresses or limit of an API key; in force within five seconds.",
  params: KeyParams,
  body: KeyChanges,
  reply: ApiKey,
  errors: ["not_found", "invalid_property", "property_too_long", "invalid_expiration"],
  handle: async ({ services, params, body }) => {
    const changes = propertiesOf(body, CHANGEABLE)
    return view(await services.keys.change(params["applicationId"] ?? "", numberOf(params), changes))
  },
  audit: {
    action: "key.change",
    target: ({ body }, result) =>
      [keyName(result as ApiKeyView), ...Object.keys((body ?? {}) as object)].join(" "),
  },
}

const regenerateKey: AdminRoute = {
  method: "POST",
  path: `${KEY}/regenerate`,
  permission: "admin:administer",
  summary: "Replaces an API key; the old one still works for some hours.",
  params: KeyParams,
  body: Regeneration,
  reply: RevealedKey,
  errors: ["not_found", "invalid_property"],
  handle: async ({ services, params, body }) => {
    const { overlapHours } = propertiesOf(body, ["overlapHours"])
    return view(await services.keys.regenerate(params["applicationId"] ?? "", numberOf(params), overlapHours))
  },
  audit: { action: "key.regenerate", target: (_request, result) => keyName(result as ApiKeyView) },
}

const revokeKey: AdminRoute = {
  method: "DELETE",
  path: KEY,
  permission: "admin:administer",
  summary: "Ends an API key within five seconds, and the host names that are bound to it.",
  params: KeyParams,
  reply: RevokedKey,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    done: true,
    hosts: await services.keys.revoke(params["applicationId"] ?? "", numberOf(params)),
  }),
  audit: { action: "key.revoke" },
}

/** A word that is no number is the number of no key. */
function numberOf(params: Readonly<Record<string, string>>): number {
  const text = params["keyNumber"] ?? ""
  return /^\d{1,15}$/.test(text) ? Number(text) : -1
}

function view(key: ApiKeyView): object {
  return {
    ...key,
    role: key.role ?? null,
    expiresAt: key.expiresAt ?? null,
    regeneratedAt: key.regeneratedAt ?? null,
    previousUntil: key.previousUntil ?? null,
    lastUsedAt: key.lastUsedAt ?? null,
    requestsPerSecond: key.requestsPerSecond ?? null,
  }
}

export const keyRoutes: readonly AdminRoute[] = [listKeys, createKey, changeKey, regenerateKey, revokeKey]

function isRevealing({ query }: { readonly query: Readonly<Record<string, string>> }): boolean {
  return truth(query, "reveal")
}
