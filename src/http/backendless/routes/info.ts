import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { ApplicationInfo } from "../schemas.ts"

/** The JS SDK reads it at every start (contract 6.2). There is no real-time server, so `rtURL` is left out. */
const info: Route<KeyPrincipal> = {
  method: "GET",
  path: "info",
  permission: "application:info",
  summary: "Returns what an SDK reads when it starts.",
  reply: ApplicationInfo,
  errors: [],
  handle: ({ principal }) => ({ applicationId: principal.application.id, loggers: [] }),
}

export const infoRoutes: readonly Route<KeyPrincipal>[] = [info]
