import type { Application } from "../domain/application.ts"
import type { Limits } from "../domain/limits.ts"
import type { ProviderName } from "../domain/platform.ts"
import type { Store } from "../store/store.ts"
import { type DeliveryMeans, type DeliveryRoute, deliveryRoutes } from "./delivery-routes.ts"

export interface ServerFactsOptions {
  readonly store: Pick<Store, "describe" | "credentials">
  readonly version: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly limits: Limits
  /** Bytes that each provider takes of an ordinary notification. */
  readonly payloadBytes: { readonly [P in ProviderName]: number }
  readonly hasSandbox: boolean
  /** Whether stored secrets can be opened: see DeliveryMeans. */
  readonly hasMasterKey: boolean
}

/** What there is to know of the server as a whole. */
export class ServerFacts {
  readonly version: string
  readonly startedAt: number
  readonly limits: Limits
  readonly payloadBytes: ServerFactsOptions["payloadBytes"]
  readonly hasSandbox: boolean
  /** Where the machine itself reaches it; undefined until it listens. */
  url: string | undefined
  readonly #store: ServerFactsOptions["store"]
  readonly #means: DeliveryMeans

  constructor(options: ServerFactsOptions) {
    const { store, version, startedAt, limits, payloadBytes, hasSandbox, hasMasterKey } = options
    this.version = version
    this.startedAt = startedAt
    this.limits = limits
    this.payloadBytes = payloadBytes
    this.hasSandbox = hasSandbox
    this.#store = store
    this.#means = { sandbox: hasSandbox, hasMasterKey }
  }

  /** The store's engine and state. */
  store(): Promise<Readonly<Record<string, string>>> {
    return this.#store.describe()
  }

  /** Where the messages of the application go, for each platform. */
  delivery(application: Application): Promise<readonly DeliveryRoute[]> {
    return deliveryRoutes(this.#store, application, this.#means)
  }
}
