import { DomainError } from "../domain/errors.ts"
import type { Authenticate } from "../http/app.ts"
import type { Authentication } from "../policy/authenticate.ts"
import type { AdministratorPrincipal } from "../policy/principal.ts"
import type { Services } from "../service/services.ts"

/** Everybody who may call: apps and their servers by keys, administrators by tokens and sessions. */
export function callersOf(
  keys: Authentication,
  {
    administratorTokens,
    administratorSessions,
  }: Pick<Services, "administratorTokens" | "administratorSessions">,
): Authenticate {
  return {
    key: (applicationId, apiKey, address) => keys.key(applicationId, apiKey, address),
    host: (host, address) => keys.host(host, address),
    userToken: (principal, token) => keys.userToken(principal, token),
    administrator: async (bearer) =>
      known(
        bearer === undefined ? undefined : await administratorTokens.principalOf(bearer),
        bearer === undefined
          ? "The management API needs an administrator's token (`Authorization: Bearer …`, made by `belfry token create`) or a session."
          : "The administrator's token is unknown, was revoked or has expired; `belfry token create` makes a new one.",
      ),
    session: async (token, options) =>
      known(
        await administratorSessions.principalOf(token, options),
        "The session is over; log in again with the administrator's name and password.",
      ),
  }
}

function known(principal: AdministratorPrincipal | undefined, otherwise: string): AdministratorPrincipal {
  if (principal === undefined) throw new DomainError("not_authenticated", otherwise)
  return principal
}
