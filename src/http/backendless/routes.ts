import type { KeyPrincipal } from "../../policy/principal.ts"
import type { Route } from "../route.ts"
import { channelRoutes } from "./routes/channels.ts"
import { dataRoutes } from "./routes/data.ts"
import { infoRoutes } from "./routes/info.ts"
import { messageRoutes } from "./routes/messages.ts"
import { registrationRoutes } from "./routes/registrations.ts"
import { templateRoutes } from "./routes/templates.ts"
import { userRoutes } from "./routes/users.ts"

/** Every operation of the Backendless dialect. */
export const backendlessRoutes: readonly Route<KeyPrincipal>[] = [
  ...registrationRoutes,
  ...dataRoutes,
  ...templateRoutes,
  ...messageRoutes,
  ...channelRoutes,
  ...infoRoutes,
  ...userRoutes,
]
