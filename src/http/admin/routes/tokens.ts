import { rightsText } from "../../../domain/administrator.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { TokenView } from "../../../service/administrator-tokens.ts"
import type { Route } from "../../route.ts"
import { NewToken, RevealedToken, TokenList, TokenParams } from "../administration-schemas.ts"
import { propertiesOf } from "../body.ts"
import { numberIn } from "../query.ts"
import { Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const TOKENS = "/admin/v1/tokens"

const listTokens: AdminRoute = {
  method: "GET",
  path: TOKENS,
  permission: "admin:administer",
  summary: "Lists the API tokens, without their text.",
  reply: TokenList,
  errors: [],
  handle: async ({ services }) => ({ tokens: (await services.administratorTokens.list()).map(view) }),
}

const createToken: AdminRoute = {
  method: "POST",
  path: TOKENS,
  permission: "admin:administer",
  summary: "Creates an API token for automation.",
  body: NewToken,
  reply: RevealedToken,
  errors: ["invalid_property", "property_too_long", "invalid_expiration", "conflict"],
  handle: async ({ services, body }) => {
    const created = await services.administratorTokens.create(
      propertiesOf(body, ["label", "scope", "applications", "expiresAt"]),
    )
    return { ...view(created), token: created.token }
  },
  audit: {
    action: "token.create",
    target: (_request, result) => {
      const token = result as TokenView
      return `${token.number} ${rightsText(token)} ${token.label}`.trim()
    },
  },
}

const revokeToken: AdminRoute = {
  method: "DELETE",
  path: `${TOKENS}/:token`,
  permission: "admin:administer",
  summary: "Revokes an API token; it is refused from now on.",
  params: TokenParams,
  reply: Done,
  errors: ["not_found"],
  handle: async ({ services, params }) => {
    await services.administratorTokens.revoke(numberIn(params, "token"))
    return { done: true }
  },
  audit: { action: "token.revoke" },
}

function view({ number, label, scope, applications, createdAt, expiresAt, lastUsedAt }: TokenView): object {
  return {
    number,
    label,
    scope,
    applications: applications ?? null,
    createdAt,
    expiresAt: expiresAt ?? null,
    lastUsedAt: lastUsedAt ?? null,
  }
}

export const tokenRoutes: readonly AdminRoute[] = [listTokens, createToken, revokeToken]
