import { DomainError } from "../domain/errors.ts"
import type { Principal } from "../policy/principal.ts"
import { unknownApplication } from "../service/existing-application.ts"
import type { Route } from "./route.ts"

/**
 * For a caller who is restricted to certain applications every other one, and what concerns the server as a whole, is as if
 * it did not exist: the same answer as for a wrong id or path, without asking the store. Throws `not_found` or
 * `no_such_route`.
 */
export function checkRestriction(
  principal: Principal,
  route: Pick<Route, "forRestricted">,
  params: Readonly<Record<string, string>>,
): void {
  if (principal.kind !== "administrator" || principal.applications === undefined) return
  const id = params["applicationId"]
  if (id === undefined) {
    if (route.forRestricted !== "filtered") throw noSuchRoute()
  } else if (!principal.applications.has(id)) throw unknownApplication(id)
}

export function noSuchRoute(message = "No operation has this path."): DomainError {
  return new DomainError("no_such_route", message)
}
