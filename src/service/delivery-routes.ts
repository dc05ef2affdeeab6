import type { Application } from "../domain/application.ts"
import { PLATFORMS, type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { Store } from "../store/store.ts"

/** Where the messages of an application go on one platform. */
export interface DeliveryRoute {
  readonly platform: Platform
  readonly provider: ProviderName
  /** `none`: no credential, and the sandbox is off. */
  readonly to: "provider" | "sandbox" | "none"
}

/** A platform with a credential never uses the sandbox (design, "Sandbox"). */
export async function deliveryRoutes(
  store: Pick<Store, "credentials">,
  application: Application,
  sandbox: boolean,
): Promise<readonly DeliveryRoute[]> {
  const credentials = await store.credentials.list(application.number)
  const withCredential = new Set(credentials.map(({ provider }) => provider))
  return PLATFORMS.map((platform) => {
    const provider = PROVIDER_OF[platform]
    return {
      platform,
      provider,
      to: withCredential.has(provider) ? "provider" : sandbox ? "sandbox" : "none",
    }
  })
}
