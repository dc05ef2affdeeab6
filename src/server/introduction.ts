import type { Application } from "../domain/application.ts"
import type { ApiKeys } from "../service/applications.ts"
import type { DeliveryRoute } from "../service/delivery-routes.ts"
import type { ServerParts } from "./attachment.ts"
import type { MasterKeyState } from "./storage.ts"

/** What a person needs to know of a server that has just started. */
export interface Introduction {
  readonly url: string
  readonly consoleUrl: string
  readonly dataDir: string
  readonly isFirstStart: boolean
  /** Whether people are shown API keys, and the calls that are made with them. */
  readonly showsKeys: boolean
  readonly masterKey: MasterKeyState
  /** Makes the first administrator; undefined when there is one. */
  readonly setupUrl: string | undefined
  /** The oldest application; undefined when all were deleted. */
  readonly application: IntroducedApplication | undefined
}

interface IntroducedApplication {
  readonly id: string
  readonly name: string
  readonly preset: Application["preset"]
  /** Undefined while the master key cannot open them. */
  readonly apiKeys: Partial<ApiKeys> | undefined
  readonly routes: readonly DeliveryRoute[]
}

export async function introduce(
  parts: ServerParts,
  { url, isFirstStart }: Pick<Introduction, "url" | "isFirstStart">,
): Promise<Introduction> {
  const { config, storage, services } = parts
  const [first] = await services.applications.list()
  const application = first && (await introduceApplication(parts, first))
  const { dataDir } = config
  return {
    url,
    consoleUrl: `${url}/console/`,
    dataDir,
    isFirstStart,
    showsKeys: isFirstStart || config.showKeys,
    masterKey: storage.masterKey,
    setupUrl: await setupUrl(services, url),
    application,
  }
}

/** Every start without an administrator prints a link of its own: of the one before, only the hash is known. */
async function setupUrl(
  { administrators }: ServerParts["services"],
  url: string,
): Promise<string | undefined> {
  if ((await administrators.list()).length > 0) return undefined
  const { token } = await administrators.createSetupLink({ replacesOthers: false })
  return setupLinkAt(url, token)
}

/** After the fragment sign, so that no proxy sees or logs the token. */
function setupLinkAt(url: string, token: string): string {
  return `${url}/console/#setup=${token}`
}

async function introduceApplication(
  { storage, services }: ServerParts,
  application: Application,
): Promise<IntroducedApplication> {
  const { id, name, preset } = application
  const shown = storage.masterKey === "good" ? await services.applications.show(id) : undefined
  const routes = await services.server.delivery(application)
  return { id, name, preset, apiKeys: shown?.apiKeys, routes }
}
