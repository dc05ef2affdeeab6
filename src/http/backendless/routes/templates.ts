import { DomainError } from "../../../domain/errors.ts"
import { authorize } from "../../../policy/authorize.ts"
import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { MessageStatus, TemplateMap, TemplateParams, TemplateValues } from "../schemas.ts"

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

/** Without templates there is none to publish from, and an SDK should learn that instead of "no such path". */
const publishFromTemplate: Route<KeyPrincipal> = {
  method: "POST",
  path: "messaging/push/:template",
  permission: "message:publish-template",
  summary: "Publishes from a push template; refused, because there are none yet.",
  params: TemplateParams,
  body: TemplateValues,
  reply: MessageStatus,
  errors: ["not_supported"],
  handle: ({ principal }) => {
    authorize(principal, "message:publish-template")
    throw new DomainError(
      "not_supported",
      "There are no push templates yet; publish the text itself with POST messaging/<channel>.",
    )
  },
}

export const templateRoutes: readonly Route<KeyPrincipal>[] = [
  listTemplates("messaging/pushtemplates"),
  listTemplates("messaging/pushtemplates/:deviceType"),
  publishFromTemplate,
]
