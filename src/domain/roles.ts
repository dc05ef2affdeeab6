import { KEY_KINDS, type KeyKind } from "./application.ts"
import { DomainError } from "./errors.ts"
import { checkedText } from "./text.ts"

/**
 * Terms: a *system role* is one that Belfry gives by itself, for the key and for whether a user is logged in; a *custom
 * role* is made by an administrator and bound to users, keys or host names. A request runs with several at once
 * (contract 6.4).
 */
export const SYSTEM_ROLES = {
  NotAuthenticatedUser: "a request without a user token",
  AuthenticatedUser: "a request with the token of a user, guests included",
  GuestUser: "a request with the token of a guest",
  SocialUser: "a request with the token of a user who came from another service",
  RestUser: "a request with a REST key",
  JSUser: "a request with a JS key",
  AndroidUser: "a request with an ANDROID key",
  IOSUser: "a request with an IOS key",
  DotNetUser: "a request with a WP key",
  ASUser: "a request with an AS key",
  ServerCodeUser: "a request with a BL key",
} as const

export type SystemRole = keyof typeof SYSTEM_ROLES

export function isSystemRole(name: string): name is SystemRole {
  return Object.hasOwn(SYSTEM_ROLES, name)
}

/** The types of key that an application is created with, and those that only an administrator adds. */
export const API_KEY_KINDS = [...KEY_KINDS, "AS", "CUSTOM"] as const

/** A CUSTOM key has no system role: it may do what its custom role is granted, and what the preset grants to everybody. */
export type ApiKeyKind = KeyKind | "AS" | "CUSTOM"

/** Every type of key owns exactly one system role, but for CUSTOM. */
export const ROLE_OF_KEY: { readonly [K in ApiKeyKind]: SystemRole | undefined } = {
  REST: "RestUser",
  JS: "JSUser",
  ANDROID: "AndroidUser",
  IOS: "IOSUser",
  WP: "DotNetUser",
  BL: "ServerCodeUser",
  AS: "ASUser",
  CUSTOM: undefined,
}

/** How somebody came to be logged in. */
export type UserKind = "registered" | "guest" | "social"

/** What a user token says about its user. */
export interface UserIdentity {
  readonly id: string
  readonly kind: UserKind
  /** Names of custom roles. */
  readonly roles: readonly string[]
}

const ROLES_OF_USER: { readonly [K in UserKind]: readonly SystemRole[] } = {
  registered: ["AuthenticatedUser"],
  guest: ["AuthenticatedUser", "GuestUser"],
  social: ["AuthenticatedUser", "SocialUser"],
}

/** Every role of a request, each once: of the key, of the user's state, bound to key and host name, of the user. */
export function rolesOf(
  keyKind: ApiKeyKind,
  boundRoles: readonly string[],
  user: UserIdentity | undefined,
): readonly string[] {
  const keyRole = ROLE_OF_KEY[keyKind]
  return [
    ...new Set([
      ...(keyRole === undefined ? [] : [keyRole]),
      ...(user === undefined ? ["NotAuthenticatedUser"] : ROLES_OF_USER[user.kind]),
      ...boundRoles,
      ...(user?.roles ?? []),
    ]),
  ]
}

const ROLE_NAME_MAX = 50
const ROLE_NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*$/u

/** The name of a new custom role, or a DomainError that names the property. */
export function checkedRoleName(value: unknown, property: string): string {
  const name = checkedText(value, property, { min: 1, max: ROLE_NAME_MAX })
  if (!ROLE_NAME.test(name)) {
    throw new DomainError(
      "invalid_property",
      `${property} must begin with a letter or digit and hold only letters, digits, spaces and "._-".`,
      { property },
    )
  }
  const lower = name.toLowerCase()
  const taken = Object.keys(SYSTEM_ROLES).find((role) => role.toLowerCase() === lower)
  if (taken === undefined) return name
  throw new DomainError("conflict", `${taken} is a system role; a custom role needs another name.`, {
    property,
  })
}
