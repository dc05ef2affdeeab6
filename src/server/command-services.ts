import type { Config, Secrets } from "../config/config.ts"
import { checkedChannelName } from "../domain/channel.ts"
import type { PublishRequest } from "../domain/publish.ts"
import { decodePublish } from "../http/backendless/decode-publish.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { Services } from "../service/services.ts"
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts"
import { composeServices } from "./compose-services.ts"
import { openStorage } from "./storage.ts"

export interface CommandServicesOptions {
  readonly config: Config
  readonly secrets: Secrets
  readonly need: "existing" | "create"
  readonly clock: Clock
  readonly random: Random
}

/** The verbs for one command on a data directory, whether or not a server runs on it. */
export interface CommandServices extends AsyncDisposable {
  readonly services: Services
  /** The fields of the publish call, decoded and checked as the call's are. */
  readonly publishRequest: (channel: string, fields: object) => PublishRequest
}

/** Throws StartError, in words for the operator. */
export async function openCommandServices(options: CommandServicesOptions): Promise<CommandServices> {
  const { config, secrets, need, clock, random } = options
  const { limits, dataDir } = config
  const storage = await openStorage({
    dataDir,
    masterKey: secrets.masterKey,
    need,
    clock,
    random,
    openStore: openSqliteStore,
    onStoreLost: () => {},
  })
  // The running server learns of what a command changed from the store.
  const services = composeServices({
    config,
    storage,
    clock,
    random,
    sandbox: undefined,
    onExpiration: () => {},
    onMessageChange: () => {},
  })
  return {
    services,
    publishRequest: (channel, fields) =>
      decodePublish(checkedChannelName(channel, "channel", limits), fields, clock.now(), limits),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
