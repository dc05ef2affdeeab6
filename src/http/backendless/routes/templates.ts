import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { TemplateMap } from "../schemas.ts"

/**
 * SDKs ask for the push templates right after a registration (contract 2.6). There are none yet: an empty map is what a
 * Backendless application without templates answers.
 */
function listTemplates(path: string): Route<KeyPrincipal> {
  return {
    method: "GET",
    path,
    permission: "template:list",
    summary: "Returns the push templates that devices show, by name.",
    reply: TemplateMap,
    errors: [],
    handle: () => ({}),
  }
}

export const templateRoutes: readonly Route<KeyPrincipal>[] = [
  listTemplates("messaging/pushtemplates"),
  listTemplates("messaging/pushtemplates/:deviceType"),
]
