import { hash } from "node:crypto"
import { type Application, KEY_KINDS, type KeyKind } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import { PRESETS, type Preset } from "../domain/permission.ts"
import { checkedText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Sealer } from "../runtime/sealer.ts"
import type { HostName, Store } from "../store/store.ts"

export type ApiKeys = { readonly [K in KeyKind]: string }

/** An application with its keys in the clear: for its administrator, never for a log. */
export interface ApplicationWithKeys extends Application {
  readonly apiKeys: ApiKeys
}

export interface ApplicationsOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
}

const NAME_RULE = { min: 1, max: 100 }
const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:]+\])$/

/** Applications, their API keys and the host names of the `/api/…` form. */
export class Applications {
  readonly #options: ApplicationsOptions

  constructor(options: ApplicationsOptions) {
    this.#options = options
  }

  async create(name: unknown, preset: unknown = "locked"): Promise<ApplicationWithKeys> {
    const { store, clock, random } = this.#options
    const checkedName = checkedText(name, "name", NAME_RULE)
    const id = upperCaseUuid(random)
    const keys = KEY_KINDS.map((kind) => [kind, upperCaseUuid(random)] as const)
    const application = await store.applications.create(
      {
        id,
        name: checkedName,
        preset: checkedPreset(preset),
        keys: keys.map(([kind, key]) => ({ kind, hash: hashOfKey(key), sealed: this.#seal(id, kind, key) })),
      },
      clock.now(),
    )
    return { ...application, apiKeys: Object.fromEntries(keys) as ApiKeys }
  }

  list(): Promise<readonly Application[]> {
    return this.#options.store.applications.list()
  }

  /** Throws `not_found` for an unknown id. */
  async get(id: string): Promise<Application> {
    const application = await this.#options.store.applications.byId(id)
    if (application === undefined) {
      throw new DomainError(
        "not_found",
        `No application has the id ${id}; \`belfry app list\` shows those that exist.`,
      )
    }
    return application
  }

  /** The application with its keys opened; throws SealError under a wrong master key. */
  async show(id: string): Promise<ApplicationWithKeys> {
    const application = await this.get(id)
    const stored = await this.#options.store.applications.keys(application.number)
    const keys = stored.map(({ kind, sealed }) => [
      kind,
      this.#options.sealer.open(sealed, keyContext(id, kind)),
    ])
    return { ...application, apiKeys: Object.fromEntries(keys) as ApiKeys }
  }

  async delete(id: string): Promise<void> {
    const application = await this.get(id)
    await this.#options.store.applications.delete(application.number, this.#options.clock.now())
  }

  async hosts(id: string): Promise<readonly HostName[]> {
    const application = await this.get(id)
    return this.#options.store.applications.hosts(application.number)
  }

  /** Serves the application under a host name in the `/api/…` form, with the rights of a key of that kind. */
  async bindHost(id: string, host: string, keyKind: unknown = "JS"): Promise<void> {
    const application = await this.get(id)
    const name = host.toLowerCase()
    if (!HOST_NAME.test(name) || name.length > 255) {
      throw new DomainError(
        "invalid_property",
        `host "${name}" is no host name such as push.example.com (without a port).`,
        {
          property: "host",
        },
      )
    }
    const binding = { host: name, application: application.number, keyKind: checkedKeyKind(keyKind) }
    await this.#options.store.applications.bindHost(binding, this.#options.clock.now())
  }

  async unbindHost(host: string): Promise<void> {
    const wasBound = await this.#options.store.applications.unbindHost(host.toLowerCase())
    if (!wasBound) throw new DomainError("not_found", `The host name ${host} is bound to no application.`)
  }

  #seal(id: string, kind: KeyKind, key: string): string {
    return this.#options.sealer.seal(key, keyContext(id, kind))
  }
}

/** What the store keeps of an API key. A plain hash is enough for 122 random bits (reliability 2.3). */
export function hashOfKey(key: string): string {
  return hash("sha256", key, "hex")
}

function keyContext(applicationId: string, kind: KeyKind): string {
  return `api-key|${applicationId}|${kind}`
}

function checkedPreset(value: unknown): Preset {
  const preset = PRESETS.find((known) => known === value)
  if (preset !== undefined) return preset
  throw new DomainError("invalid_property", `preset must be one of ${PRESETS.join(", ")}.`, {
    property: "preset",
  })
}

function checkedKeyKind(value: unknown): KeyKind {
  const kind = KEY_KINDS.find((known) => known === value)
  if (kind !== undefined) return kind
  throw new DomainError("invalid_property", `key must be one of ${KEY_KINDS.join(", ")}.`, {
    property: "key",
  })
}
