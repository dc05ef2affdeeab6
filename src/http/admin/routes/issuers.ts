import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { IssuerView } from "../../../service/issuers.ts"
import type { Route } from "../../route.ts"
import { propertiesOf } from "../body.ts"
import { Issuer, IssuerList, IssuerParams, NewIssuer } from "../issuer-schemas.ts"
import { ApplicationParams, Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const ISSUERS = "/admin/v1/applications/:applicationId/issuers"
const ISSUER = `${ISSUERS}/:name`

const listIssuers: AdminRoute = {
  method: "GET",
  path: ISSUERS,
  permission: "admin:read",
  summary: "Lists the identity providers whose tokens are user tokens of the application.",
  params: ApplicationParams,
  reply: IssuerList,
  errors: ["not_found"],
  handle: async ({ services, params }) => ({
    issuers: (await services.issuers.list(params["applicationId"] ?? "")).map(view),
  }),
}

const setIssuer: AdminRoute = {
  method: "PUT",
  path: ISSUER,
  permission: "admin:administer",
  summary: "Adds or replaces an identity provider and reads its key set; in force within five seconds.",
  params: IssuerParams,
  body: NewIssuer,
  reply: Issuer,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async ({ services, params, body }) => {
    const input = propertiesOf(body, ["issuer", "algorithms", "jwksUrl", "jwks", "rolesClaim"])
    return view(await services.issuers.set(params["applicationId"] ?? "", params["name"] ?? "", input))
  },
  audit: { action: "issuer.set" },
}

const removeIssuer: AdminRoute = {
  method: "DELETE",
  path: ISSUER,
  permission: "admin:administer",
  summary: "Removes an identity provider: its tokens are refused within five seconds. Its users stay.",
  params: IssuerParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.issuers.remove(params["applicationId"] ?? "", params["name"] ?? "")
    return { done: true }
  },
  audit: { action: "issuer.remove" },
}

function view({ issuer, keyIds, problem }: IssuerView): object {
  const { keys } = issuer
  return {
    name: issuer.name,
    issuer: issuer.issuer,
    algorithms: issuer.algorithms,
    jwksUrl: "url" in keys ? keys.url : null,
    jwks: "url" in keys ? null : keys,
    rolesClaim: issuer.rolesClaim ?? null,
    changedAt: issuer.changedAt,
    keyIds: keyIds ?? null,
    problem: problem ?? null,
  }
}

export const issuerRoutes: readonly AdminRoute[] = [listIssuers, setIssuer, removeIssuer]
