import type { Environment } from "./env.ts"
import { environmentName, type Setting, type ValuesOf } from "./setting.ts"
import {
  CONNECTION_SETTINGS,
  DELIVERY_SETTINGS,
  LIMIT_SETTINGS,
  PROVIDER_SETTINGS,
  PROXY_SETTINGS,
  RATE_SETTINGS,
  RETRY_DELAY_SETTINGS,
  RETRY_SETTINGS,
  SERVER_SETTINGS,
  SETTING_GROUPS,
  STORAGE_SETTINGS,
} from "./settings.ts"

/** Everything that an operator decides, typed and free of contradictions. Holds no secret. */
export interface Config extends ValuesOf<typeof SERVER_SETTINGS> {
  /** Absolute. */
  readonly dataDir: string
  readonly limits: ValuesOf<typeof LIMIT_SETTINGS>
  readonly connections: ValuesOf<typeof CONNECTION_SETTINGS>
  readonly proxies: ValuesOf<typeof PROXY_SETTINGS>
  readonly rates: ValuesOf<typeof RATE_SETTINGS>
  readonly providers: ValuesOf<typeof PROVIDER_SETTINGS>
  readonly delivery: Omit<ValuesOf<typeof DELIVERY_SETTINGS>, "expressRunners" | "reservation"> & {
    readonly expressRunners: number
    readonly reservation: number
    readonly retry: ValuesOf<typeof RETRY_SETTINGS> & {
      readonly delayMinMs: ValuesOf<typeof RETRY_DELAY_SETTINGS>
    }
  }
}

export interface Secrets {
  /** 32 bytes; undefined: the file in the data directory has it. */
  readonly masterKey: Buffer | undefined
}

/** What the command line gave, by the name of the setting (`data-dir`). */
export type Flags = Readonly<Record<string, string | boolean>>

export type ConfigReading =
  | {
      readonly ok: true
      readonly config: Config
      readonly secrets: Secrets
      /** What works and is probably not meant, one sentence each. */
      readonly warnings: readonly string[]
      /** What differs from the defaults, by the name of the setting; secrets redacted. */
      readonly given: Readonly<Record<string, string>>
    }
  /** Everything that is wrong, one sentence each. */
  | { readonly ok: false; readonly faults: readonly string[] }

/** Flags over environment over defaults, with the contradictions between them. */
export function readConfig(flags: Flags, environment: Environment): ConfigReading {
  const reader = new Reader(flags, environment)
  const { databaseUrl, masterKey, dataDir } = reader.group(STORAGE_SETTINGS)
  const delivery = reader.group(DELIVERY_SETTINGS)
  const config: Config = {
    dataDir,
    ...reader.group(SERVER_SETTINGS),
    limits: reader.group(LIMIT_SETTINGS),
    connections: reader.group(CONNECTION_SETTINGS),
    proxies: reader.group(PROXY_SETTINGS),
    rates: reader.group(RATE_SETTINGS),
    providers: reader.group(PROVIDER_SETTINGS),
    delivery: {
      ...delivery,
      expressRunners: delivery.expressRunners ?? delivery.doubtMax >> 3,
      reservation: delivery.reservation ?? delivery.doubtMax >> 1,
      retry: { ...reader.group(RETRY_SETTINGS), delayMinMs: reader.group(RETRY_DELAY_SETTINGS) },
    },
  }
  const faults = [...reader.faults]
  if (databaseUrl !== undefined) faults.push(POSTGRES_FAULT)
  if (faults.length === 0) faults.push(...contradictions(config))
  if (faults.length > 0) return { ok: false, faults }
  const warnings = unknownVariables(environment)
  return { ok: true, config, secrets: { masterKey }, warnings, given: reader.given }
}

const POSTGRES_FAULT =
  "PostgreSQL is not supported yet by this version of Belfry: leave out --database-url (BELFRY_DATABASE_URL), and the data is kept in --data-dir."

class Reader {
  readonly faults: string[] = []
  readonly given: Record<string, string> = {}
  readonly #flags: Flags
  readonly #environment: Environment

  constructor(flags: Flags, environment: Environment) {
    this.#flags = flags
    this.#environment = environment
  }

  group<Group extends Readonly<Record<string, Setting<unknown>>>>(settings: Group): ValuesOf<Group> {
    return Object.fromEntries(
      Object.entries(settings).map(([key, setting]) => [key, this.#value(setting)]),
    ) as ValuesOf<Group>
  }

  #value(setting: Setting<unknown>): unknown {
    const source = this.#sourceOf(setting)
    if (source === undefined) return setting.fallback
    const reading = setting.read(source.text)
    this.given[setting.name] = setting.isSecret ? "(secret)" : source.text
    if (reading.ok) return reading.value
    const shown = setting.isSecret ? `The value of ${source.name}` : `${source.name} is "${source.text}" and`
    this.faults.push(`${shown} must be ${reading.expected}.${hintFor(source.text)}`)
    return setting.fallback
  }

  #sourceOf(setting: Setting<unknown>): { readonly name: string; readonly text: string } | undefined {
    const flag = this.#flags[setting.name]
    if (flag !== undefined) {
      const isNegated = flag === false
      return { name: `--${isNegated ? "no-" : ""}${setting.name}`, text: isNegated ? "off" : String(flag) }
    }
    const name = environmentName(setting.name)
    const text = this.#environment.get(name)
    return text === undefined ? undefined : { name, text }
  }
}

/** Kubernetes writes such a value into BELFRY_PORT of every pod beside a service named "belfry". */
function hintFor(text: string): string {
  return text.startsWith("tcp://")
    ? " Kubernetes sets it for a service named belfry: set enableServiceLinks to false in the pod."
    : ""
}

function contradictions({ limits, connections, delivery }: Config): string[] {
  const name = (setting: Setting<unknown>) => environmentName(setting.name)
  const found: string[] = []
  if (limits.publishBodyBytes < limits.bodyBytes) {
    found.push(
      `${name(LIMIT_SETTINGS.publishBodyBytes)} (${limits.publishBodyBytes}) must not be less than ${name(LIMIT_SETTINGS.bodyBytes)} (${limits.bodyBytes}).`,
    )
  }
  // A character takes up to four bytes; the other properties of a registration need room as well.
  const registrationBytes = 4 * Math.max(limits.deviceToken, limits.wpDeviceToken) + 1024
  if (limits.bodyBytes < registrationBytes) {
    found.push(
      `${name(LIMIT_SETTINGS.bodyBytes)} (${limits.bodyBytes}) is too small for a registration with the longest device token allowed, which needs ${registrationBytes}.`,
    )
  }
  if (connections.requestTimeoutMs < connections.headersTimeoutMs) {
    found.push(
      `${name(CONNECTION_SETTINGS.requestTimeoutMs)} (${connections.requestTimeoutMs}) must not be less than ${name(CONNECTION_SETTINGS.headersTimeoutMs)} (${connections.headersTimeoutMs}).`,
    )
  }
  if (delivery.reservation > delivery.doubtMax) {
    found.push(
      `${name(DELIVERY_SETTINGS.reservation)} (${delivery.reservation}) must not be more than ${name(DELIVERY_SETTINGS.doubtMax)} (${delivery.doubtMax}).`,
    )
  }
  const runners = delivery.bulkRunners + delivery.expressRunners
  if (runners > delivery.doubtMax) {
    found.push(
      `${name(DELIVERY_SETTINGS.doubtMax)} (${delivery.doubtMax}) must not be less than there are runners (${runners}), each of which has one push under way at least.`,
    )
  }
  const { delayMaxMs, delayMinMs } = delivery.retry
  if (delayMaxMs < Math.max(...Object.values(delayMinMs))) {
    found.push(
      `${name(RETRY_SETTINGS.delayMaxMs)} (${delayMaxMs}) must not be less than the shortest delay of any provider.`,
    )
  }
  return found
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set(
    SETTING_GROUPS.flatMap(({ settings }) =>
      Object.values<Setting<unknown>>(settings).map((setting) => environmentName(setting.name)),
    ),
  )
  return [...environment.keys()]
    .filter((name) => !known.has(name) && !KUBERNETES_LINKS.test(name))
    .map((name) => `The environment variable ${name} means nothing to Belfry; is it misspelt?`)
}

const KUBERNETES_LINKS = /^BELFRY_(SERVICE_(HOST|PORT)|PORT_\d+_)/
