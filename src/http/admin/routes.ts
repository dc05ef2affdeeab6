import type { AdministratorPrincipal } from "../../policy/principal.ts"
import type { Route } from "../route.ts"
import { administratorRoutes } from "./routes/administrators.ts"
import { applicationRoutes } from "./routes/applications.ts"
import { auditRoutes } from "./routes/audit.ts"
import { channelRoutes } from "./routes/channels.ts"
import { credentialRoutes } from "./routes/credentials.ts"
import { deviceTransferRoutes } from "./routes/device-transfer.ts"
import { deviceRoutes } from "./routes/devices.ts"
import { hostRoutes } from "./routes/hosts.ts"
import { issuerRoutes } from "./routes/issuers.ts"
import { keyRoutes } from "./routes/keys.ts"
import { messageRoutes } from "./routes/messages.ts"
import { permissionRoutes } from "./routes/permissions.ts"
import { phoneRoutes } from "./routes/phones.ts"
import { publishingRoutes } from "./routes/publishing.ts"
import { roleRoutes } from "./routes/roles.ts"
import { sandboxRoutes } from "./routes/sandbox.ts"
import { serverRoutes } from "./routes/server.ts"
import { sessionRoutes } from "./routes/session.ts"
import { statisticsRoutes } from "./routes/statistics.ts"
import { tokenRoutes } from "./routes/tokens.ts"
import { userRoutes } from "./routes/users.ts"

/** Every operation of the management API. */
export const adminRoutes: readonly Route<AdministratorPrincipal>[] = [
  ...serverRoutes,
  ...sessionRoutes,
  ...administratorRoutes,
  ...tokenRoutes,
  ...applicationRoutes,
  ...statisticsRoutes,
  ...deviceRoutes,
  ...deviceTransferRoutes,
  ...channelRoutes,
  ...keyRoutes,
  ...hostRoutes,
  ...roleRoutes,
  ...permissionRoutes,
  ...userRoutes,
  ...issuerRoutes,
  ...credentialRoutes,
  ...messageRoutes,
  ...publishingRoutes,
  ...phoneRoutes,
  ...sandboxRoutes,
  ...auditRoutes,
]
