import { type Application, KEY_KINDS, type KeyKind } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import { PRESETS, type Preset } from "../domain/permission.ts"
import { checkedText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Sealer } from "../runtime/sealer.ts"
import type { Store } from "../store/store.ts"
import { existingApplication } from "./existing-application.ts"
import { keySecret, openedKey, workingKeys } from "./keys.ts"

export type ApiKeys = { readonly [K in KeyKind]: string }

/** An application with its keys in the clear: for its administrator, never for a log. */
export interface ApplicationWithKeys extends Application {
  readonly apiKeys: ApiKeys
}

/** The same later on: a type of key is missing when all keys of it were revoked or have expired. */
export interface ShownApplication extends Application {
  readonly apiKeys: Partial<ApiKeys>
}

export interface ApplicationsOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
}

/** Characters. */
export const APPLICATION_NAME_MAX = 100
const NAME_RULE = { min: 1, max: APPLICATION_NAME_MAX }

/** Applications: each is born with a key of every type that apps use. */
export class Applications {
  readonly #options: ApplicationsOptions

  constructor(options: ApplicationsOptions) {
    this.#options = options
  }

  async create(name: unknown, preset: unknown = "locked"): Promise<ApplicationWithKeys> {
    const { store, sealer, clock, random } = this.#options
    const id = upperCaseUuid(random)
    const keys = KEY_KINDS.map((kind) => [kind, upperCaseUuid(random)] as const)
    const application = await store.applications.create(
      {
        id,
        name: checkedName(name),
        preset: checkedPreset(preset),
        keys: keys.map(([kind, key]) => ({
          kind,
          label: "",
          role: undefined,
          expiresAt: undefined,
          addresses: [],
          requestsPerSecond: undefined,
          ...keySecret(sealer, id, key),
        })),
      },
      clock.now(),
    )
    return { ...application, apiKeys: Object.fromEntries(keys) as ApiKeys }
  }

  list(): Promise<readonly Application[]> {
    return this.#options.store.applications.list()
  }

  /** Throws `not_found` for an unknown id. */
  get(id: string): Promise<Application> {
    return existingApplication(this.#options.store, id)
  }

  /** With the oldest working key of each type, opened; throws SealError under a wrong master key. */
  async show(id: string): Promise<ShownApplication> {
    const { store, sealer, clock } = this.#options
    const application = await this.get(id)
    const working = workingKeys(await store.applications.keys(application.number), clock.now())
    const apiKeys: { [K in KeyKind]?: string } = {}
    for (const kind of KEY_KINDS) {
      const oldest = working.find((key) => key.kind === kind)
      if (oldest !== undefined) apiKeys[kind] = openedKey(sealer, id, oldest)
    }
    return { ...application, apiKeys }
  }

  /** Changes what is given. Another preset is in force within five seconds. */
  async update(
    id: string,
    changes: { readonly name?: unknown; readonly preset?: unknown },
  ): Promise<Application> {
    const { number } = await this.get(id)
    const { name, preset } = changes
    const updated = await this.#options.store.applications.update(number, {
      ...(name !== undefined && { name: checkedName(name) }),
      ...(preset !== undefined && { preset: checkedPreset(preset) }),
    })
    // Deleted since it was looked up: this says so.
    return updated ?? this.get(id)
  }

  async delete(id: string): Promise<void> {
    const application = await this.get(id)
    await this.#options.store.applications.delete(application.number, this.#options.clock.now())
  }
}

function checkedName(value: unknown): string {
  const name = checkedText(value, "name", NAME_RULE)
  if (/\S/.test(name)) return name
  const message = "name has blanks only; it needs a character that can be seen."
  throw new DomainError("invalid_property", message, { property: "name" })
}

function checkedPreset(value: unknown): Preset {
  const preset = PRESETS.find((known) => known === value)
  if (preset !== undefined) return preset
  throw new DomainError("invalid_property", `preset must be one of ${PRESETS.join(", ")}.`, {
    property: "preset",
  })
}
