import { hash } from "node:crypto"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import { API_KEY_KINDS, type ApiKeyKind } from "../domain/roles.ts"
import { checkedText, wrongType } from "../domain/text.ts"
import { readAddressRange } from "../runtime/address-ranges.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Sealer } from "../runtime/sealer.ts"
import type { ApiKey, KeySecret, Store } from "../store/store.ts"
import { existingApplication } from "./existing-application.ts"

/** What may be shown of a key to whoever may read the application. */
export interface ApiKeyView extends Omit<ApiKey, keyof KeySecret> {
  /** The key itself is there only when it was asked for. */
  readonly key?: string
}

/** For an administrator only, never for a log. */
export interface RevealedApiKey extends ApiKeyView {
  readonly key: string
}

/** What a new key is made of, unchecked. */
export interface NewKeyInput {
  readonly kind: unknown
  /** Defaults to the empty label. */
  readonly label?: unknown
  /** A custom role; a CUSTOM key needs one. */
  readonly role?: unknown
  /** Milliseconds since 1970; undefined or null: never. */
  readonly expiresAt?: unknown
  /** The addresses and CIDR ranges that it is accepted from; none: everywhere. */
  readonly addresses?: unknown
  /** Its own limit; undefined or null: that of the settings. */
  readonly requestsPerSecond?: unknown
}

/** What changes of a key, unchecked; what is undefined stays. */
export interface KeyChangeInput {
  readonly label?: unknown
  /** A custom role; null: none, which a CUSTOM key cannot have. */
  readonly role?: unknown
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt?: unknown
  /** The addresses and CIDR ranges that it is accepted from, instead of those before; none: everywhere. */
  readonly addresses?: unknown
  /** Its own limit; null: that of the settings. */
  readonly requestsPerSecond?: unknown
}

export interface KeysOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
}

const KEYS_PER_APPLICATION_MAX = 100
export const KEY_ADDRESSES_MAX = 100
export const KEY_REQUESTS_PER_SECOND_MAX = 10_000_000
export const OVERLAP_HOURS_DEFAULT = 24
export const OVERLAP_HOURS_MAX = 720
const HOUR_MS = 3_600_000
const LABEL_RULE = { min: 0, max: 100 }

/** The API keys of applications: any number of each type, hashed and sealed at rest (design D12). */
export class Keys {
  readonly #options: KeysOptions

  constructor(options: KeysOptions) {
    this.#options = options
  }

  /** In the order of their creation, expired ones included. */
  async list(applicationId: string): Promise<readonly ApiKeyView[]> {
    const { number } = await this.#application(applicationId)
    return (await this.#options.store.applications.keys(number)).map(viewOf)
  }

  /** The same with the keys themselves; throws SealError under a wrong master key. */
  async reveal(applicationId: string): Promise<readonly RevealedApiKey[]> {
    const { number } = await this.#application(applicationId)
    const keys = await this.#options.store.applications.keys(number)
    return keys.map((key) => ({ ...viewOf(key), key: openedKey(this.#options.sealer, applicationId, key) }))
  }

  async create(applicationId: string, input: NewKeyInput): Promise<RevealedApiKey> {
    const { store, sealer, clock, random } = this.#options
    const { number } = await this.#application(applicationId)
    const now = clock.now()
    const kind = checkedApiKeyKind(input.kind, "kind")
    const label = checkedText(input.label ?? "", "label", LABEL_RULE)
    const role = checkedRole(input.role, kind)
    const expiresAt = checkedExpiration(input.expiresAt ?? undefined, now)
    const addresses = checkedAddresses(input.addresses)
    const requestsPerSecond = checkedLimit(input.requestsPerSecond ?? null)
    const key = upperCaseUuid(random)
    const created = await store.applications.addKey(
      number,
      {
        ...{ kind, label, role, expiresAt, addresses, requestsPerSecond },
        ...keySecret(sealer, applicationId, key),
      },
      { now, keysMax: KEYS_PER_APPLICATION_MAX },
    )
    if (created === undefined) throw noSuchRole(role)
    return { ...viewOf(created), key }
  }

  /**
   * Changes what is given: label, custom role, expiration, addresses, limit. In force within five seconds. An old key of an
   * overlap never works longer than the key itself. A key that has expired works again.
   */
  async change(applicationId: string, keyNumber: number, input: KeyChangeInput): Promise<ApiKeyView> {
    const { store, clock } = this.#options
    const { number } = await this.#application(applicationId)
    const present = (await store.applications.keys(number)).find((key) => key.number === keyNumber)
    if (present === undefined) throw noSuchKey(keyNumber)
    const { label, role, expiresAt, addresses, requestsPerSecond } = input
    const changed = await store.applications.changeKey(number, keyNumber, {
      ...(label !== undefined && { label: checkedText(label, "label", LABEL_RULE) }),
      ...(role !== undefined && { role: checkedRole(role, present.kind) }),
      ...(expiresAt !== undefined && { expiresAt: checkedExpiration(expiresAt ?? undefined, clock.now()) }),
      ...(addresses !== undefined && { addresses: checkedAddresses(addresses) }),
      ...(requestsPerSecond !== undefined && { requestsPerSecond: checkedLimit(requestsPerSecond) }),
    })
    if (changed === undefined) throw noSuchKey(keyNumber)
    if (changed === "unknown_role") throw noSuchRole(role)
    return viewOf(changed)
  }

  /**
   * Replaces a key; what is bound to it stays so. The old one works for `overlapHours` more (0 to 720, 24 unless given),
   * so that every client can change over. A key that expires gets as long a life again as it had.
   */
  async regenerate(
    applicationId: string,
    keyNumber: number,
    overlapHours: unknown = OVERLAP_HOURS_DEFAULT,
  ): Promise<RevealedApiKey> {
    const { store, sealer, clock, random } = this.#options
    const { number } = await this.#application(applicationId)
    const now = clock.now()
    const previousUntil = now + checkedOverlap(overlapHours) * HOUR_MS
    const present = (await store.applications.keys(number)).find((key) => key.number === keyNumber)
    const key = upperCaseUuid(random)
    const regenerated =
      present &&
      (await store.applications.regenerateKey(number, keyNumber, keySecret(sealer, applicationId, key), {
        now,
        previousUntil,
        expiresAt: nextExpiration(present, now),
      }))
    if (regenerated === undefined) throw noSuchKey(keyNumber)
    return { ...viewOf(regenerated), key }
  }

  /** The key stops working within five seconds, and so do the host names that are bound to it, which are returned. */
  async revoke(applicationId: string, keyNumber: number): Promise<readonly string[]> {
    const { applications } = this.#options.store
    const { number } = await this.#application(applicationId)
    const hosts = await applications.hosts(number)
    if (!(await applications.removeKey(number, keyNumber))) throw noSuchKey(keyNumber)
    return hosts.filter((host) => host.keyNumber === keyNumber).map(({ host }) => host)
  }

  #application(id: string): Promise<Application> {
    return existingApplication(this.#options.store, id)
  }
}

/** What the store keeps of an API key. A plain hash is enough for 122 random bits (reliability 2.3). */
function hashOfKey(key: string): string {
  return hash("sha256", key, "hex")
}

/** The hash is part of the context: a sealed key cannot be shown in the place of another. */
export function keySecret(sealer: Sealer, applicationId: string, key: string): KeySecret {
  const keyHash = hashOfKey(key)
  return { hash: keyHash, sealed: sealer.seal(key, contextOf(applicationId, keyHash)) }
}

/** Throws SealError under a wrong master key. */
export function openedKey(sealer: Sealer, applicationId: string, { hash, sealed }: KeySecret): string {
  return sealer.open(sealed, contextOf(applicationId, hash))
}

function contextOf(applicationId: string, keyHash: string): string {
  return `api-key|${applicationId}|${keyHash}`
}

function viewOf({ hash: _hash, sealed: _sealed, ...view }: ApiKey): ApiKeyView {
  return view
}

function nextExpiration({ createdAt, regeneratedAt, expiresAt }: ApiKey, now: number): number | undefined {
  return expiresAt === undefined ? undefined : now + (expiresAt - (regeneratedAt ?? createdAt))
}

export function workingKeys(keys: readonly ApiKey[], now: number): readonly ApiKey[] {
  return keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
}

/** By its number, or the oldest of a type; throws `not_found` when there is none that works. */
export function workingKey(keys: readonly ApiKey[], wanted: unknown, now: number): ApiKey {
  const isNumber = typeof wanted === "number"
  const kind = isNumber ? undefined : checkedApiKeyKind(wanted, "key", "the number of a key or ")
  const key = workingKeys(keys, now).find((one) => (isNumber ? one.number === wanted : one.kind === kind))
  if (key !== undefined) return key
  const what = isNumber ? `API key with the number ${wanted}` : `${kind} key`
  throw new DomainError(
    "not_found",
    `The application has no ${what} that works; \`belfry app key list\` shows those that exist.`,
  )
}

function checkedApiKeyKind(value: unknown, property: string, orElse = ""): ApiKeyKind {
  const kind = API_KEY_KINDS.find((known) => known === value)
  if (kind !== undefined) return kind
  const message = `${property} must be ${orElse}one of ${API_KEY_KINDS.join(", ")}.`
  throw new DomainError("invalid_property", message, { property })
}

function checkedRole(value: unknown, kind: ApiKeyKind): string | undefined {
  if (value !== undefined && value !== null) return checkedText(value, "role", { min: 1, max: 100 })
  if (kind !== "CUSTOM") return undefined
  throw new DomainError(
    "invalid_property",
    "role is missing; a CUSTOM key has the rights of its custom role.",
    {
      property: "role",
    },
  )
}

function checkedExpiration(value: unknown, now: number): number | undefined {
  if (value === undefined) return undefined
  if (!Number.isSafeInteger(value)) throw wrongType("expiresAt", "milliseconds since 1970 or null", value)
  if ((value as number) > now) return value as number
  throw new DomainError("invalid_expiration", "expiresAt must be later than now.", { property: "expiresAt" })
}

/** Each once, as `readAddressRange` spells it. Nothing but the empty list stands for everywhere: null may be a mistake. */
function checkedAddresses(value: unknown = []): readonly string[] {
  if (!Array.isArray(value)) throw wrongType("addresses", "a list of addresses and CIDR ranges", value)
  if (value.length > KEY_ADDRESSES_MAX) {
    throw new DomainError(
      "invalid_property",
      `addresses has ${value.length} entries; the limit is ${KEY_ADDRESSES_MAX}. Ranges hold more than addresses.`,
      { property: "addresses", limit: KEY_ADDRESSES_MAX },
    )
  }
  return [...new Set(value.map((one, index) => checkedAddress(one, `addresses[${index}]`)))]
}

function checkedAddress(value: unknown, property: string): string {
  if (typeof value !== "string") throw wrongType(property, "a string", value)
  const reading = readAddressRange(value)
  if (reading.ok) return reading.range
  throw new DomainError("invalid_property", `${property} ${reading.fault}.`, { property })
}

function checkedLimit(value: unknown): number | undefined {
  if (value === null) return undefined
  const isRate = Number.isInteger(value) && (value as number) >= 1
  if (isRate && (value as number) <= KEY_REQUESTS_PER_SECOND_MAX) return value as number
  throw new DomainError(
    "invalid_property",
    `requestsPerSecond must be a whole number from 1 to ${KEY_REQUESTS_PER_SECOND_MAX}, or null for the limit of the settings.`,
    { property: "requestsPerSecond" },
  )
}

function checkedOverlap(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= OVERLAP_HOURS_MAX) {
    return value as number
  }
  throw new DomainError(
    "invalid_property",
    `overlapHours must be a whole number from 0 to ${OVERLAP_HOURS_MAX}.`,
    { property: "overlapHours" },
  )
}

/** How the audit log names a key. */
export function keyName({ kind, number }: Pick<ApiKeyView, "kind" | "number">): string {
  return `${kind} ${number}`
}

function noSuchRole(role: unknown): DomainError {
  return new DomainError("not_found", `The application has no role "${role}".`, { property: "role" })
}

function noSuchKey(keyNumber: number): DomainError {
  return new DomainError(
    "not_found",
    `The application has no API key with the number ${keyNumber}; \`belfry app key list\` shows those that exist.`,
  )
}
