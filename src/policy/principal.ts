import type { Application } from "../domain/application.ts"
import type { RegistrationClaim } from "../domain/device.ts"
import type { ManagementScope } from "../domain/permission.ts"
import { NO_RULES, type PermissionRules } from "../domain/permission-rules.ts"
import { type ApiKeyKind, rolesOf, type UserIdentity } from "../domain/roles.ts"
import { Rights } from "./rights.ts"

/** Who is calling. */
export type Principal = KeyPrincipal | AdministratorPrincipal | SystemPrincipal

/** The holder of an application's API key, or of a host name that is bound to one, and the user who is logged in. */
export interface KeyPrincipal {
  readonly kind: "key"
  readonly application: Application
  readonly keyNumber: number
  readonly keyKind: ApiKeyKind
  /** The limit of the key itself; undefined: that of the settings. */
  readonly requestsPerSecond: number | undefined
  /** Custom roles that the key or the host name is bound to. */
  readonly boundRoles: readonly string[]
  /** Of the user token; undefined without one. */
  readonly user?: UserIdentity
  /** Every role that the request runs with: of key, user state, key and host name, user. */
  readonly roles: readonly string[]
  /** Asked by authorize.ts. */
  readonly rights: Rights
  /** Whose a registration becomes that the caller makes, and what of others' they may replace. */
  readonly claim: RegistrationClaim
}

export interface AdministratorPrincipal {
  readonly kind: "administrator"
  /** As the audit log names it: the name of a person, or `token 3 (CI)`. */
  readonly label: string
  readonly scope: ManagementScope
  /** Public ids of the applications that it is restricted to; undefined: all, and the server as a whole. */
  readonly applications?: ReadonlySet<string>
  /** What the caller was recognised by. */
  readonly via?: SessionIdentity | TokenIdentity
}

export interface SessionIdentity {
  readonly kind: "session"
  readonly session: number
  readonly administrator: number
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

export interface TokenIdentity {
  readonly kind: "token"
  readonly token: number
  /** Milliseconds since 1970; undefined: never. */
  readonly endsAt: number | undefined
}

/** The server itself and its command line, which already have the data directory. */
export interface SystemPrincipal {
  readonly kind: "system"
}

/** What is known of the holder of a key. */
export interface KeyHolder {
  readonly application: Application
  readonly keyNumber: number
  readonly keyKind: ApiKeyKind
  /** Defaults to the limit of the settings. */
  readonly requestsPerSecond?: number | undefined
  /** None unless given. */
  readonly boundRoles?: readonly string[]
}

/** The holder of a key, nobody being logged in. Without rules, the application's preset decides alone. */
export function keyPrincipal(holder: KeyHolder, rules: PermissionRules = NO_RULES): KeyPrincipal {
  const { application, keyNumber, keyKind, requestsPerSecond, boundRoles = [] } = holder
  const roles = rolesOf(keyKind, boundRoles, undefined)
  const rights = new Rights(rules, { preset: application.preset, roles, user: undefined })
  const claim = { userId: undefined, guardsOwners: !isTrusted(application, keyKind) }
  return { kind: "key", application, keyNumber, keyKind, requestsPerSecond, boundRoles, roles, rights, claim }
}

/** The same caller, with this user logged in. */
export function withUser(principal: KeyPrincipal, user: UserIdentity): KeyPrincipal {
  const { application, keyKind, boundRoles } = principal
  const roles = rolesOf(keyKind, boundRoles, user)
  const rights = principal.rights.of({ preset: application.preset, roles, user: user.id })
  return { ...principal, user, roles, rights, claim: { ...principal.claim, userId: user.id } }
}

/**
 * Whether registrations of users need no protection from the holder: a server's key, or an application that wants what
 * Backendless does (docs/adr/0013).
 */
function isTrusted({ preset }: Application, keyKind: ApiKeyKind): boolean {
  return preset === "compatible" || keyKind === "REST" || keyKind === "BL"
}

/**
 * Whether the caller may see the token of a registration and whose it is: everybody of one that belongs to no user, else
 * the user and those who are trusted.
 */
export function maySee(
  { claim }: KeyPrincipal,
  registration: { readonly userId: string | undefined },
): boolean {
  return !claim.guardsOwners || registration.userId === undefined || registration.userId === claim.userId
}
