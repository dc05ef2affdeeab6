import type { ManagementScope } from "../domain/permission.ts"

/**
 * Who manages the server: administrators (people with a name and a password), their sessions, API tokens, and the one-time
 * links with which the first administrator is made. Secrets arrive as SHA-256 in hex, passwords as PHC strings.
 */

/** What an administrator or a token may do, and where. */
export interface ManagementRights {
  readonly scope: ManagementScope
  /** Public ids of the applications that it is restricted to; undefined: all, and the server as a whole. */
  readonly applications: readonly string[] | undefined
}

export interface NewAdministrator extends ManagementRights {
  readonly name: string
  /** The name in the form in which it is unique (domain/administrator.ts). */
  readonly login: string
  readonly passwordHash: string
}

export interface Administrator extends ManagementRights {
  readonly number: number
  readonly name: string
  readonly createdAt: number
  readonly lastLoginAt: number | undefined
}

export interface NewSession {
  readonly hash: string
  readonly administrator: number
  /** What the password was compared with; undefined: it does not begin with one. */
  readonly passwordHash?: string
  /** Milliseconds since 1970: whatever happens, it is over then. */
  readonly endsAt: number
}

/** Milliseconds since 1970. */
export interface SessionTimes {
  readonly number: number
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly endsAt: number
}

export interface AdministratorSession extends SessionTimes {
  readonly administrator: Administrator
}

export interface NewToken extends ManagementRights {
  readonly hash: string
  readonly label: string
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAt: number | undefined
}

export interface AdministratorToken extends Omit<NewToken, "hash"> {
  readonly number: number
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

/** What became of a change that might have left nobody to administer the server. */
export type AdministratorChange = "done" | "unknown" | "last"

export interface AdministratorStore {
  /** Keeps a link until it expires; removes expired ones, and all others too when it `replacesOthers`. */
  addSetupLink(
    link: { readonly hash: string; readonly expiresAt: number },
    options: { readonly now: number; readonly replacesOthers: boolean },
  ): Promise<void>
  /** Whether the link works at this moment. */
  hasSetupLink(hash: string, now: number): Promise<boolean>
  /**
   * Creates the administrator and removes every link. Undefined when the link is unknown or has expired. Throws DomainError
   * `conflict` when the login is taken; the link works on then.
   */
  redeemSetupLink(
    hash: string,
    administrator: NewAdministrator,
    now: number,
  ): Promise<Administrator | undefined>

  /** Throws DomainError `conflict` when the login is taken. */
  create(administrator: NewAdministrator, now: number): Promise<Administrator>
  /** Ordered by creation. At most 1 000. */
  list(): Promise<readonly Administrator[]>
  byNumber(number: number): Promise<Administrator | undefined>
  byLogin(
    login: string,
  ): Promise<{ readonly administrator: Administrator; readonly passwordHash: string } | undefined>
  /**
   * Changes what is given and ends the administrator's sessions. "last": nobody would be left who may administer the whole
   * server, and nothing was changed.
   */
  update(
    number: number,
    changes: { readonly rights?: ManagementRights; readonly passwordHash?: string },
  ): Promise<AdministratorChange>
  /** Sets another password and ends the sessions. False, and nothing is changed, unless the hash is the present one. */
  replacePassword(number: number, present: string, passwordHash: string): Promise<boolean>
  /** Replaces the hash of a password by another one of the same password: sessions go on. False when it is not the present one. */
  renewPasswordHash(number: number, present: string, renewed: string): Promise<boolean>
  /** With all sessions. "last" as for `update`. */
  remove(number: number): Promise<AdministratorChange>

  /**
   * Begins a session and notes the login; removes sessions that are over, and the least recently used ones of the
   * administrator beyond `sessionsMax`. Undefined when the administrator is gone, or has
   * another password than the one with this hash.
   */
  createSession(
    session: NewSession,
    options: { readonly now: number; readonly usedSince: number; readonly sessionsMax: number },
  ): Promise<number | undefined>
  /** Undefined as well from `endsAt` on, and when it was last used at or before `usedSince`. */
  sessionByHash(
    hash: string,
    options: { readonly now: number; readonly usedSince: number },
  ): Promise<AdministratorSession | undefined>
  noteSessionUse(number: number, now: number): Promise<void>
  /** Those of the administrator that are not over, the one that was used last first. */
  sessionsOf(
    administrator: number,
    options: { readonly now: number; readonly usedSince: number },
  ): Promise<readonly SessionTimes[]>
  /** False when it is over already, or of another administrator. */
  endSession(administrator: number, number: number): Promise<boolean>
  /** Every session of the administrator; returns how many there were. */
  endSessions(administrator: number): Promise<number>

  /** Throws DomainError `conflict` when there would be more than `tokensMax`. */
  createToken(
    token: NewToken,
    options: { readonly now: number; readonly tokensMax: number },
  ): Promise<AdministratorToken>
  /** Undefined as well from `expiresAt` on. */
  tokenByHash(hash: string, now: number): Promise<AdministratorToken | undefined>
  noteTokenUse(number: number, now: number): Promise<void>
  /** Ordered by creation, expired ones included. At most 1 000. */
  listTokens(): Promise<readonly AdministratorToken[]>
  removeToken(number: number): Promise<boolean>
}
