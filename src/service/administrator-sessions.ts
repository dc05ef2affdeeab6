import { hash } from "node:crypto"
import { checkedPassword, loginOf, PASSWORD_RULE } from "../domain/administrator.ts"
import { DomainError } from "../domain/errors.ts"
import { checkedText } from "../domain/text.ts"
import type { AdministratorPrincipal, SessionIdentity } from "../policy/principal.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { Administrator, SessionTimes } from "../store/administrator-store.ts"
import type { Store } from "../store/store.ts"
import type { GuessLimits } from "./guess-limits.ts"
import { HashRenewals } from "./hash-renewals.ts"
import { NotedUses } from "./noted-uses.ts"
import type { PasswordHashes, PasswordTurn } from "./password-hashes.ts"

export interface AdministratorSessionsOptions {
  readonly store: Pick<Store, "administrators">
  readonly clock: Clock
  readonly random: Random
  readonly passwords: PasswordHashes
  readonly guesses: GuessLimits
}

/** A session that has begun. The token is for the browser's cookie alone. */
export interface BegunSession {
  readonly token: string
  readonly principal: AdministratorPrincipal
}

/** What a login is made of, unchecked. */
export interface LoginInput {
  readonly name?: unknown
  readonly password?: unknown
}

/** Without a request for so long a session is over; half an hour at most, since uses are noted once a minute. */
export const SESSION_IDLE_MS = 30 * 60_000
export const SESSION_LASTS_MS = 12 * 3_600_000
const SESSIONS_MAX = 20
const SECRET_BYTES = 32
/** Any text may be tried. */
const GUESSED_NAME_RULE = { min: 1, max: 256 }

/** Logins of administrators: opaque tokens of 256 bits, of which only hashes are kept (reliability 2.4). */
export class AdministratorSessions {
  readonly #options: AdministratorSessionsOptions
  readonly #uses = new NotedUses()
  readonly #renewals: HashRenewals

  constructor(options: AdministratorSessionsOptions) {
    this.#options = options
    this.#renewals = new HashRenewals(options.passwords, options.clock)
  }

  /** Throws `not_authenticated`, in the same words and after the same work for an unknown name; `too_many_requests`. */
  async login(input: LoginInput, address: string): Promise<BegunSession> {
    const { store } = this.#options
    const login = loginOf(checkedText(input.name, "name", GUESSED_NAME_RULE))
    const password = checkedText(input.password, "password", { min: 1, max: PASSWORD_RULE.max })
    const found = await this.#guessed(login, address, async (turn) => {
      const known = await store.administrators.byLogin(login)
      return (await turn.matches(password, known?.passwordHash)) ? known : undefined
    })
    if (found === undefined) throw refusedLogin()
    const { administrator, passwordHash } = found
    const begun = await this.begin(administrator, this.#renewals.presentOf(passwordHash))
    void this.#renewals.renew(password, passwordHash, (renewed) =>
      store.administrators.renewPasswordHash(administrator.number, passwordHash, renewed),
    )
    return begun
  }

  /** Begins a session under a new id; with the hash that a password was compared with, only while it is the present one. */
  async begin(administrator: Administrator, passwordHash?: string): Promise<BegunSession> {
    const { store, clock, random } = this.#options
    const now = clock.now()
    const token = random.bytes(SECRET_BYTES).toString("base64url")
    const endsAt = now + SESSION_LASTS_MS
    const session = await store.administrators.createSession(
      {
        hash: hash("sha256", token, "hex"),
        administrator: administrator.number,
        endsAt,
        ...(passwordHash !== undefined && { passwordHash }),
      },
      { now, usedSince: now - SESSION_IDLE_MS, sessionsMax: SESSIONS_MAX },
    )
    if (session === undefined) throw refusedLogin()
    return { token, principal: principalOf(administrator, session, endsAt) }
  }

  /** Who sends the token; undefined when the session is over. `isUse` false looks without keeping the session alive. */
  async principalOf(token: string, { isUse = true } = {}): Promise<AdministratorPrincipal | undefined> {
    const { store, clock } = this.#options
    const now = clock.now()
    const found = await store.administrators.sessionByHash(hash("sha256", token, "hex"), {
      now,
      usedSince: now - SESSION_IDLE_MS,
    })
    if (found === undefined) return undefined
    const { number, administrator, lastUsedAt, endsAt } = found
    if (isUse && this.#uses.isDue(number, lastUsedAt, now)) {
      // A store that cannot write must not keep administrators from looking what is wrong.
      await store.administrators.noteSessionUse(number, now).catch(() => {})
    }
    return principalOf(administrator, number, endsAt)
  }

  /** Logs out. A session that is over already is no error. */
  async end({ administrator, session }: SessionIdentity): Promise<void> {
    await this.#options.store.administrators.endSession(administrator, session)
  }

  /** Those of the administrator that are not over, the one that was used last first. */
  list(administrator: number): Promise<readonly SessionTimes[]> {
    const now = this.#options.clock.now()
    return this.#options.store.administrators.sessionsOf(administrator, {
      now,
      usedSince: now - SESSION_IDLE_MS,
    })
  }

  /** Ends one session of the administrator. Throws `not_found`, also for a session of somebody else. */
  async endOne(administrator: number, session: number): Promise<void> {
    if (await this.#options.store.administrators.endSession(administrator, session)) return
    throw new DomainError("not_found", `The administrator has no session with the number ${session}.`)
  }

  /** Ends the session of a token that a browser still has when it logs in again. */
  async endOf(token: string): Promise<void> {
    const principal = await this.principalOf(token, { isUse: false })
    if (principal?.via?.kind === "session") await this.end(principal.via)
  }

  /** Logs the administrator out everywhere; returns how many sessions there were. */
  endAll(administrator: number): Promise<number> {
    return this.#options.store.administrators.endSessions(administrator)
  }

  /**
   * Sets the caller's own password and ends every session of theirs; the one that asked goes on under a new id. Throws
   * `not_authenticated` for a wrong present password, also for one that was replaced since it was compared: who takes an
   * account back from a thief must not have it taken again by what the thief sent before.
   */
  async changePassword(
    { administrator }: SessionIdentity,
    input: { readonly currentPassword?: unknown; readonly password?: unknown },
    address: string,
  ): Promise<BegunSession> {
    const { store, passwords } = this.#options
    const password = checkedPassword(input.password)
    const current = checkedText(input.currentPassword, "currentPassword", { min: 1, max: PASSWORD_RULE.max })
    const known = await store.administrators.byNumber(administrator)
    if (known === undefined) throw refusedLogin()
    const login = loginOf(known.name)
    const compared = await this.#guessed(login, address, async (turn) => {
      const found = await store.administrators.byLogin(login)
      return (await turn.matches(current, found?.passwordHash)) ? found?.passwordHash : undefined
    })
    if (compared === undefined) throw refusedLogin()
    const passwordHash = await passwords.hash(password)
    const present = this.#renewals.presentOf(compared)
    if (!(await store.administrators.replacePassword(administrator, present, passwordHash)))
      throw refusedLogin()
    return this.begin(known, passwordHash)
  }

  /** Counts a guess; undefined is a wrong one. One that is not looked at, because too much is going on, does not count. */
  async #guessed<Found>(
    login: string,
    address: string,
    look: (turn: PasswordTurn) => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const { guesses, passwords } = this.#options
    using turn = guesses.begin(login, address, (isFamiliar) => passwords.turn(address, { isFamiliar }))
    const found = await look(turn)
    if (found !== undefined) guesses.succeeded(login, address)
    return found
  }
}

function principalOf(
  { number, name, scope, applications }: Administrator,
  session: number,
  endsAt: number,
): AdministratorPrincipal {
  return {
    kind: "administrator",
    label: name,
    scope,
    ...(applications !== undefined && { applications: new Set(applications) }),
    via: { kind: "session", session, administrator: number, endsAt },
  }
}

function refusedLogin(): DomainError {
  return new DomainError("not_authenticated", "The name or the password is wrong.")
}
