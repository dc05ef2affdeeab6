import { hash } from "node:crypto"
import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { ApiKeyKind, UserIdentity } from "../domain/roles.ts"
import { checkedText, wrongType } from "../domain/text.ts"
import { IDENTITY_RULE, identityKeyOf, USER_PASSWORD_RULE, type User } from "../domain/user.ts"
import { SESSIONS_PER_USER_MAX, type UserSettings } from "../domain/user-settings.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Store } from "../store/store.ts"
import type { SessionPolicy } from "../store/user-store.ts"
import type { GuessLimits } from "./guess-limits.ts"
import { HashRenewals } from "./hash-renewals.ts"
import type { IdentityTokens } from "./identity-tokens.ts"
import { NotedUses } from "./noted-uses.ts"
import type { PasswordHashes, PasswordTurn } from "./password-hashes.ts"
import type { UserEndings } from "./user-endings.ts"
import { sessionBounds, type UserSettingsOfApplications } from "./user-settings.ts"

export interface UserSessionsOptions {
  readonly store: Pick<Store, "users">
  readonly clock: Clock
  readonly random: Random
  readonly passwords: PasswordHashes
  readonly guesses: GuessLimits
  readonly settings: UserSettingsOfApplications
  readonly endings: UserEndings
  readonly identityTokens: IdentityTokens
}

/** A login that has begun: the token is for the app alone. */
export interface BegunLogin {
  readonly user: User
  readonly token: string
}

/** A password that was right, and what it was compared with. */
interface ComparedPassword {
  readonly password: string
  readonly passwordHash: string
}

/** Who tries to log in, and from where. */
export interface LoginCaller {
  readonly keyKind: ApiKeyKind
  readonly address: string
}

const SECRET_BYTES = 32
/** How many wrong passwords are free when the application does not say it. */
const FREE_GUESSES = 5
const SECOND_MS = 1000
const DAY_MS = 86_400_000
const ID_RULE = { min: 1, max: 100 }

/** Logins of users: opaque tokens of 256 bits, of which only hashes are kept (reliability 2.4). */
export class UserSessions {
  readonly #options: UserSessionsOptions
  readonly #uses = new NotedUses()
  readonly #renewals: HashRenewals

  constructor(options: UserSessionsOptions) {
    this.#options = options
    this.#renewals = new HashRenewals(options.passwords, options.clock)
  }

  /** For whoever remembers what `userOf` said. */
  get endings(): UserEndings {
    return this.#options.endings
  }

  /**
   * With `login` and `password`, or with `objectId` and a BL key. Throws what the contract says (6.3); `bad_login` in the
   * same words and after the same work for an unknown login as for a wrong password.
   */
  async login(
    application: Application,
    fields: Readonly<Record<string, unknown>>,
    caller: LoginCaller,
  ): Promise<BegunLogin> {
    const settings = await this.#options.settings.of(application.number)
    if (!settings.login) {
      throw new DomainError("login_disabled", "Logins are disabled for this version of the application.")
    }
    const isById = fields["objectId"] !== undefined && fields["login"] === undefined
    const { user, compared } = isById
      ? { user: await this.#userById(application, fields["objectId"], caller), compared: undefined }
      : await this.#userByPassword(application, fields, caller, settings)
    if (user.status === "DISABLED") throw disabledUser()
    if (user.status === "EMAIL_CONFIRMATION_PENDING") {
      throw new DomainError("login_disabled_for_user", "The user's e-mail address is not confirmed yet.")
    }
    if (compared === undefined) return this.#begin(application, user, settings)
    const { password, passwordHash } = compared
    const begun = await this.#begin(application, user, settings, this.#renewals.presentOf(passwordHash))
    void this.#renewals.renew(password, passwordHash, (renewed) =>
      this.#options.store.users.renewPasswordHash(application.number, user.id, passwordHash, renewed),
    )
    return begun
  }

  /** What a login with a password would be refused with at once, whoever it is for; undefined when it would be looked at. */
  loginRefusal(): DomainError | undefined {
    return this.#options.passwords.refusal()
  }

  /** Makes a guest, who is logged in from the start and can never log in again. */
  async loginAsGuest(application: Application): Promise<BegunLogin> {
    const { store, clock, random, settings } = this.#options
    const inForce = await settings.of(application.number)
    if (!inForce.registration || !inForce.guests) {
      throw new DomainError(
        "user_registration_disabled",
        "User registration is denied for this version of application",
      )
    }
    const guest = {
      id: upperCaseUuid(random),
      kind: "guest",
      status: "GUEST",
      identity: undefined,
      origin: undefined,
      passwordHash: undefined,
      properties: {},
      roles: [],
    } as const
    const user = await store.users.create(application.number, guest, clock.now())
    if (user === undefined) throw new Error("a guest with a new id was not created")
    return this.#begin(application, user, inForce)
  }

  /** Ends the login of the token. One that is over already is no error. */
  async logout(application: Application, token: string): Promise<void> {
    const { store, endings, identityTokens } = this.#options
    const user = isOpaque(token)
      ? await store.users.endSession(application.number, hashOf(token))
      : await identityTokens.end(application, token)
    if (user !== undefined) endings.note(user)
  }

  /** Whether `userOf` would say who sends the token. */
  async isValid(application: Application, token: string): Promise<boolean> {
    try {
      return (await this.userOf(application, token)) !== undefined
    } catch (error) {
      if (error instanceof DomainError && error.error === "user_disabled") return false
      throw error
    }
  }

  /**
   * Who sends the token; undefined when it is unknown, over, or of another application. Throws `user_disabled` for the
   * token of an identity provider, which disabling its user does not end.
   */
  async userOf(application: Application, token: string): Promise<UserIdentity | undefined> {
    if (!isOpaque(token)) return this.#options.identityTokens.userOf(application, token)
    const { store, clock, settings } = this.#options
    const inForce = await settings.of(application.number)
    const now = clock.now()
    const bounds = sessionBounds(inForce, now)
    const found = await store.users.sessionByHash(application.number, hashOf(token), bounds)
    if (found === undefined) return undefined
    const { number, user, lastUsedAt } = found
    if (this.#uses.isDue(number, lastUsedAt, now, noteEvery(inForce))) {
      // A store that cannot write must not make users strangers.
      await store.users.noteSessionUse(number, now).catch(() => {})
    }
    return { id: user.id, kind: user.kind, roles: user.roles }
  }

  async #userByPassword(
    application: Application,
    fields: Readonly<Record<string, unknown>>,
    { address }: LoginCaller,
    settings: UserSettings,
  ): Promise<{ readonly user: User; readonly compared: ComparedPassword }> {
    const { store, guesses } = this.#options
    const login = identityKeyOf(loginText(fields["login"], "login"))
    const password = loginText(fields["password"], "password")
    const account = `${application.number} ${login}`
    using turn = this.#beginGuess(account, address, settings.failedLoginsLock)
    const { user, passwordHash } = (await store.users.byIdentity(application.number, login)) ?? {}
    const isRight = await turn.matches(password, passwordHash)
    if (!isRight || user === undefined || passwordHash === undefined) throw badLogin()
    guesses.succeeded(account, address)
    return { user, compared: { password, passwordHash } }
  }

  #beginGuess(account: string, address: string, lock: number): PasswordTurn {
    const { guesses, passwords } = this.#options
    const free = lock === 0 ? FREE_GUESSES : Math.min(lock, FREE_GUESSES)
    let isAdmitted = false
    try {
      return guesses.begin(
        account,
        address,
        () => {
          isAdmitted = true
          return passwords.turn(address)
        },
        free,
      )
    } catch (error) {
      // That too many log in at once is no fault of this login.
      if (lock === 0 || isAdmitted || !(error instanceof DomainError)) throw error
      throw new DomainError(
        "login_locked",
        "Too many failed logins came from this address; wait before the next attempt.",
        error.details,
      )
    }
  }

  async #userById(application: Application, id: unknown, { keyKind }: LoginCaller): Promise<User> {
    if (keyKind !== "BL") {
      throw new DomainError(
        "login_by_id_refused",
        "Login by object id is allowed only for Code Runner API key",
      )
    }
    const user = await this.#options.store.users.byId(
      application.number,
      checkedText(id, "objectId", ID_RULE),
    )
    if (user === undefined) throw badLogin()
    return user
  }

  /** Always under a new token, whatever the app brought along, and only while the password is the one that was compared. */
  async #begin(
    application: Application,
    user: User,
    settings: UserSettings,
    passwordHash?: string,
  ): Promise<BegunLogin> {
    const { store, clock, random, endings } = this.#options
    const now = clock.now()
    const token = random.bytes(SECRET_BYTES).toString("base64url")
    const begun = await store.users.beginSession(
      application.number,
      { user: user.id, hash: hashOf(token), ...(passwordHash !== undefined && { passwordHash }) },
      { now, bounds: sessionBounds(settings, now), policy: policyOf(settings) },
    )
    if (begun === undefined) throw disabledUser()
    if (begun === "replaced") throw badLogin()
    if (begun === "refused") throw refusedLogin(settings)
    endings.note(user.id)
    return { user: { ...user, lastLoginAt: now }, token }
  }
}

/** Tokens of our own have no dot, those of identity providers have two. */
function isOpaque(token: string): boolean {
  return !token.includes(".")
}

function policyOf({ multipleLogins, logoutLastUser, maxConcurrentLogins }: UserSettings): SessionPolicy {
  if (!multipleLogins) return { kind: logoutLastUser ? "first" : "only" }
  return maxConcurrentLogins === 0
    ? { kind: "many", max: SESSIONS_PER_USER_MAX, makesRoom: true }
    : { kind: "many", max: maxConcurrentLogins, makesRoom: false }
}

/** Seldom enough that a login that is used all the time costs a write a day, often enough for a short idle time. */
function noteEvery({ sessionIdleMs }: UserSettings): number {
  return Math.max(SECOND_MS, Math.min(DAY_MS, (sessionIdleMs ?? DAY_MS * 20) / 20))
}

/** A text that may be tried; 3038 when it is not there, 3006 when it is empty. SDKs allow numbers as logins. */
function loginText(value: unknown, property: "login" | "password"): string {
  if (value === undefined || value === null) {
    throw new DomainError("missing_login_parameter", `${property} is missing.`, { property })
  }
  if (value === "") throw new DomainError("empty_login", `${property} is empty.`, { property })
  const text = property === "login" && typeof value === "number" ? String(value) : value
  if (typeof text !== "string") throw wrongType(property, "a string", value)
  return checkedText(text, property, property === "login" ? IDENTITY_RULE : USER_PASSWORD_RULE)
}

function hashOf(token: string): string {
  return hash("sha256", token, "hex")
}

function badLogin(): DomainError {
  return new DomainError("bad_login", "Invalid login or password")
}

function disabledUser(): DomainError {
  return new DomainError("user_disabled", "The user is disabled.")
}

function refusedLogin({ multipleLogins, maxConcurrentLogins }: UserSettings): DomainError {
  if (!multipleLogins) {
    return new DomainError(
      "already_logged_in",
      "The user is logged in already, and multiple logins are disabled.",
    )
  }
  return new DomainError("too_many_logins", `The user is logged in ${maxConcurrentLogins} times already.`, {
    limit: maxConcurrentLogins,
  })
}
