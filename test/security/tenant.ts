import { API_KEY_KINDS, type ApiKeyKind, type UserKind } from "../../src/domain/roles.ts"
import type { RuleInput } from "../../src/service/rule-input.ts"
import type { Administration } from "../administrators/administration.ts"
import { type DialectThings, NEWS } from "./dialect-places.ts"

/** One application with a key of every type, a host name for each, users of every kind, a device and a message. */

export const CUSTOM_ROLE = "editor"

/** Users of every kind, and one with a custom role. */
const USERS: readonly { readonly kind: UserKind; readonly roles: readonly string[] }[] = [
  { kind: "registered", roles: [] },
  { kind: "guest", roles: [] },
  { kind: "social", roles: [] },
  { kind: "registered", roles: [CUSTOM_ROLE] },
]

export interface TenantUser {
  readonly id: string
  readonly kind: UserKind
  readonly roles: readonly string[]
  /** The token of a new login. */
  logIn(): Promise<string>
}

export interface Tenant extends DialectThings {
  readonly id: string
  readonly number: number
  readonly preset: "locked" | "compatible"
  readonly rules: readonly RuleInput[]
  /** By type. */
  readonly keys: Readonly<Record<ApiKeyKind, string>>
  /** The host name that stands for the key of a type. */
  hostOf(kind: ApiKeyKind): string
  readonly users: readonly TenantUser[]
}

export interface TenantOptions {
  /** Part of every name in the application, so that whatever leaks is recognised. */
  readonly mark: string
  readonly preset: "locked" | "compatible"
  readonly rules?: readonly RuleInput[]
}

type World = Pick<Administration, "services" | "store" | "ask" | "clock">

export async function openTenant(world: World, { mark, preset, rules = [] }: TenantOptions): Promise<Tenant> {
  const { services, ask } = world
  const { id, number, apiKeys } = await services.applications.create(`App ${mark}`, preset)
  await services.permissions.createRole(id, CUSTOM_ROLE)
  const added = {
    AS: (await services.keys.create(id, { kind: "AS" })).key,
    CUSTOM: (await services.keys.create(id, { kind: "CUSTOM", role: CUSTOM_ROLE })).key,
  }
  const keys = { ...apiKeys, ...added } as Tenant["keys"]
  const hostOf = (kind: ApiKeyKind) => `${kind.toLowerCase()}.${mark.toLowerCase()}.example`
  for (const kind of API_KEY_KINDS) await services.hosts.bind(id, hostOf(kind), { key: kind })
  const deviceId = `device-${mark}`
  const sent = { deviceToken: `token-${mark}`, deviceId, os: "ANDROID", osVersion: "16" }
  await services.devices.register(number, { ...sent, channels: [NEWS], expiresAt: undefined })
  const published = await ask("POST", `/${id}/${keys.BL}/messaging/${NEWS}`, {
    body: { message: `message ${mark}` },
  })
  if (published.status !== 200) throw new Error(`publishing: ${published.text}`)
  const users: TenantUser[] = []
  for (const [index, user] of USERS.entries()) {
    users.push(await openUser(world, { id, number, blKey: keys.BL }, { ...user, name: `${mark}-${index}` }))
  }
  for (const rule of rules) await services.permissions.setRule(id, rule)
  const messageId = String(published.body["messageId"])
  return { id, number, preset, rules, keys, hostOf, users, deviceId, messageId }
}

async function openUser(
  { store, clock, services }: World,
  application: { readonly id: string; readonly number: number; readonly blKey: string },
  { kind, roles, name }: Pick<TenantUser, "kind" | "roles"> & { readonly name: string },
): Promise<TenantUser> {
  const id = `USER-${name.toUpperCase()}`
  const isRegistered = kind === "registered"
  const identity = `${name.toLowerCase()}@example.com`
  await store.users.create(
    application.number,
    {
      id,
      kind,
      roles,
      status: kind === "guest" ? "GUEST" : "ENABLED",
      identity: isRegistered ? { text: identity, key: identity } : undefined,
      origin: kind === "social" ? { issuer: "https://id.example", subject: name } : undefined,
      passwordHash: undefined,
      properties: { name },
    },
    clock.now(),
  )
  const found = await services.applications.get(application.id)
  const logIn = async () => {
    const caller = { keyKind: "BL", address: "" } as const
    return (await services.userSessions.login(found, { objectId: id }, caller)).token
  }
  return { id, kind, roles, logIn }
}
