import type { User, UserOrigin, UserStatus } from "../domain/user.ts"
import type { UserProperties } from "../domain/user-properties.ts"
import type { UserSettings } from "../domain/user-settings.ts"

/**
 * The users of applications, their logins, and how each application wants both. Tokens arrive as SHA-256 in hex, passwords
 * as PHC strings. Every method looks at one application alone: the users of another one do not exist for it.
 */

export interface NewUser {
  /** Public, never used twice. */
  readonly id: string
  readonly kind: User["kind"]
  readonly status: UserStatus
  readonly identity: NewIdentity | undefined
  readonly origin: UserOrigin | undefined
  /** Undefined: the user cannot log in with a password. */
  readonly passwordHash: string | undefined
  readonly properties: UserProperties
  /** Those that do not exist are left out. */
  readonly roles: readonly string[]
  /** Defaults to 0: tokens of an identity provider count however old they are. */
  readonly tokensSince?: number
}

export interface NewIdentity {
  readonly text: string
  /** The form in which it is unique (domain/user.ts). */
  readonly key: string
}

export interface UserChanges {
  readonly status?: UserStatus
  readonly identity?: NewIdentity
  readonly passwordHash?: string
  readonly properties?: UserProperties
}

export interface UserPage {
  readonly users: readonly User[]
  /** Hand it in again as `after` for the next page; undefined: this was the last. */
  readonly next: string | undefined
}

/** From when on a login still counts. */
export interface SessionBounds {
  /** Used later than this. */
  readonly usedSince: number
  /** Begun later than this. */
  readonly begunSince: number
}

/** How a login stands to those that the user has already. */
export type SessionPolicy =
  /** Ends the others. */
  | { readonly kind: "only" }
  /** Refused while there is another. */
  | { readonly kind: "first" }
  /** Refused when there are `max` already; with `makesRoom`, the least recently used ones end instead. */
  | { readonly kind: "many"; readonly max: number; readonly makesRoom: boolean }

export interface NewUserSession {
  readonly user: string
  readonly hash: string
  /** What the password was compared with; undefined: it is not a login with a password. */
  readonly passwordHash?: string
}

export interface UserSession {
  readonly number: number
  readonly user: User
  readonly lastUsedAt: number
}

export interface RemovedGuests {
  readonly removed: number
  /** The position to go on from; undefined: these were the last. */
  readonly next: number | undefined
}

export interface UserStore {
  /** Undefined: the application never changed them. */
  settings(application: number): Promise<UserSettings | undefined>
  /** False: another identity property was wanted, and there are users who log in with the present one. */
  setSettings(application: number, settings: UserSettings, now: number): Promise<boolean>

  /** Undefined when the identity or the origin is taken. */
  create(application: number, user: NewUser, now: number): Promise<User | undefined>
  byId(application: number, id: string): Promise<User | undefined>
  byOrigin(application: number, origin: UserOrigin): Promise<User | undefined>
  byIdentity(
    application: number,
    identityKey: string,
  ): Promise<{ readonly user: User; readonly passwordHash: string | undefined } | undefined>
  /**
   * Ordered by creation; with `identityPrefix` (in the form of keys) only users whose identity begins with it, ordered by
   * identity. At most 1 000.
   */
  page(
    application: number,
    query: { readonly identityPrefix?: string; readonly after: string | undefined; readonly limit: number },
  ): Promise<UserPage>
  /**
   * Changes what is given. A new password, and the status DISABLED, end every login of the user. "taken": another user
   * has the identity, and nothing was changed.
   */
  update(
    application: number,
    id: string,
    changes: UserChanges,
    now: number,
  ): Promise<User | "taken" | undefined>
  /** Replaces the hash of a password by another one of the same password: logins go on. False when it is not the present one. */
  renewPasswordHash(application: number, id: string, present: string, renewed: string): Promise<boolean>
  /** Gives the user exactly these custom roles; "unknown_role": one of them does not exist, and nothing was changed. */
  setRoles(
    application: number,
    id: string,
    roles: readonly string[],
  ): Promise<User | "unknown_role" | undefined>
  /** With logins, roles and the rules that speak of the user. Registrations keep the id, which nobody has again. */
  remove(application: number, id: string, now: number): Promise<boolean>
  /** When a user of that origin was removed last; undefined: never, or it was forgotten. */
  originRemovedAt(application: number, origin: UserOrigin): Promise<number | undefined>
  /** Forgets the origins, of all applications, whose users were removed until then (milliseconds since 1970). */
  forgetRemovedOrigins(until: number): Promise<void>

  /**
   * Begins a login and notes it; removes those of the user that are over. "refused": the policy does not allow one more.
   * "replaced": the user has another password than the one with this hash. Undefined: there is no such user, or the user is
   * disabled.
   */
  beginSession(
    application: number,
    session: NewUserSession,
    options: { readonly now: number; readonly bounds: SessionBounds; readonly policy: SessionPolicy },
  ): Promise<"begun" | "refused" | "replaced" | undefined>
  sessionByHash(application: number, hash: string, bounds: SessionBounds): Promise<UserSession | undefined>
  noteSessionUse(session: number, now: number): Promise<void>
  /** Returns the id of the user; undefined when it was over already. */
  endSession(application: number, hash: string): Promise<string | undefined>
  /**
   * Ends every login of the user, also those with tokens of an identity provider that were issued until `now`. Returns how
   * many there were; undefined: no such user.
   */
  endSessions(application: number, id: string, now: number): Promise<number | undefined>
  /** Removes up to `limit` logins of the application that are over; returns how many. */
  removeOverSessions(application: number, bounds: SessionBounds, limit: number): Promise<number>
  /**
   * Looks at up to `limit` guests of the application after the position, 0 for the first, and removes those of them who were
   * created before and have no login left that counts.
   */
  removeGuests(
    application: number,
    after: number,
    options: { readonly createdBefore: number; readonly bounds: SessionBounds; readonly limit: number },
  ): Promise<RemovedGuests>
  /** Removes up to `limit` users of deleted applications; returns how many. */
  removeOrphaned(limit: number): Promise<number>
}
