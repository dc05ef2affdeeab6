import type { Application } from "../domain/application.ts"
import { PLATFORMS, type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { Store } from "../store/store.ts"

/** Where the messages of an application go on one platform. */
export interface DeliveryRoute {
  readonly platform: Platform
  readonly provider: ProviderName
  /** `none`: no credential, and the sandbox is off. `held`: the master key is missing or wrong, and messages wait for it. */
  readonly to: "provider" | "sandbox" | "none" | "held"
}

/** What the server has to send with. */
export interface DeliveryMeans {
  readonly sandbox: boolean
  /** Without the right master key the engine does not run, not even for the sandbox. */
  readonly hasMasterKey: boolean
}

/** A platform with a credential never uses the sandbox: what was meant for real phones must not seem delivered. */
export async function deliveryRoutes(
  store: Pick<Store, "credentials">,
  application: Application,
  { sandbox, hasMasterKey }: DeliveryMeans,
): Promise<readonly DeliveryRoute[]> {
  const credentials = await store.credentials.list(application.number)
  const withCredential = new Set(credentials.map(({ provider }) => provider))
  return PLATFORMS.map((platform) => {
    const provider = PROVIDER_OF[platform]
    const open = withCredential.has(provider) ? "provider" : sandbox ? "sandbox" : "none"
    return { platform, provider, to: hasMasterKey ? open : "held" }
  })
}
