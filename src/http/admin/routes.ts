import type { AdministratorPrincipal } from "../../policy/principal.ts"
import type { Route } from "../route.ts"
import { applicationRoutes } from "./routes/applications.ts"
import { auditRoutes } from "./routes/audit.ts"
import { credentialRoutes } from "./routes/credentials.ts"
import { messageRoutes } from "./routes/messages.ts"
import { sandboxRoutes } from "./routes/sandbox.ts"

/** Every operation of the management API. */
export const adminRoutes: readonly Route<AdministratorPrincipal>[] = [
  ...applicationRoutes,
  ...credentialRoutes,
  ...messageRoutes,
  ...sandboxRoutes,
  ...auditRoutes,
]
