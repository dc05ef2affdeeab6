import type { Config } from "../config/config.ts"
import type { Message } from "../domain/message.ts"
import { checkPayload } from "../provider/payload-check.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { Applications } from "../service/applications.ts"
import { Audit } from "../service/audit.ts"
import { Channels } from "../service/channels.ts"
import { Credentials } from "../service/credentials.ts"
import { Devices } from "../service/devices.ts"
import { Messages } from "../service/messages.ts"
import type { Sandbox, Services } from "../service/services.ts"
import { CREDENTIAL_CHECKS } from "./provider-rules.ts"
import type { Storage } from "./storage.ts"

export interface ServiceParts {
  readonly config: Config
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  /** A registration that expires then is being stored. */
  readonly onExpiration: (expiresAt: number) => void
  /** A message was published or changed its state. */
  readonly onMessageChange: (message: Message) => void
  /** Undefined with --no-sandbox, and for the command line. */
  readonly sandbox: Sandbox | undefined
}

/** The verbs of the product on one store: the same for the server and for the command line. */
export function composeServices(parts: ServiceParts): Services {
  const { config, storage, clock, random, sandbox, onExpiration } = parts
  const { store, sealer } = storage
  return {
    applications: new Applications({ store, sealer, clock, random }),
    devices: new Devices({ store, clock, limits: config.limits, onExpiration }),
    channels: new Channels(store),
    messages: new Messages({ store, clock, random, checkPayload, onChange: parts.onMessageChange }),
    credentials: new Credentials({ store, sealer, clock, checks: CREDENTIAL_CHECKS }),
    audit: new Audit(store.audit, clock),
    sandbox,
    now: () => clock.now(),
  }
}
