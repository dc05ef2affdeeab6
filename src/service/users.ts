import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { UserIdentity } from "../domain/roles.ts"
import { wrongType } from "../domain/text.ts"
import {
  checkedIdentity,
  checkedRoleNames,
  checkedStatus,
  checkedUserPassword,
  identityKeyOf,
  type User,
} from "../domain/user.ts"
import { checkedUserInput, checkedUserProperties } from "../domain/user-input.ts"
import type { UserSettings } from "../domain/user-settings.ts"
import type { Clock } from "../runtime/clock.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { Store } from "../store/store.ts"
import type { NewUser, UserChanges, UserPage } from "../store/user-store.ts"
import { existingApplication } from "./existing-application.ts"
import type { PasswordHashes } from "./password-hashes.ts"
import type { UserEndings } from "./user-endings.ts"
import type { UserSettingsOfApplications } from "./user-settings.ts"

export interface UsersOptions {
  readonly store: Pick<Store, "users" | "applications">
  readonly clock: Clock
  readonly random: Random
  readonly passwords: PasswordHashes
  readonly settings: UserSettingsOfApplications
  readonly endings: UserEndings
}

/** What an administrator makes a user of, or changes; unchecked. */
export interface UserForm {
  readonly identity?: unknown
  readonly password?: unknown
  readonly properties?: unknown
  readonly status?: unknown
}

/** The users of applications: registering, and what administrators do with them. Logins are in user-sessions.ts. */
export class Users {
  readonly #options: UsersOptions

  constructor(options: UsersOptions) {
    this.#options = options
  }

  /** Registers a user for an app that calls from the address; throws what the contract says (6.3). */
  async register(
    application: Application,
    fields: Readonly<Record<string, unknown>>,
    address: string,
  ): Promise<User> {
    const { settings } = this.#options
    const inForce = await settings.of(application.number)
    if (!inForce.registration) {
      throw new DomainError(
        "user_registration_disabled",
        "User registration is denied for this version of application",
      )
    }
    const input = checkedUserInput(fields, inForce)
    const key = identityKeyOf(input.identity)
    await this.#mustBeFree(application, key, inForce)
    const passwordHash = await this.#options.passwords.hash(input.password, address)
    return this.#create(application, inForce, {
      identity: { text: input.identity, key },
      passwordHash,
      properties: input.properties,
    })
  }

  /** Who a user is for the rules of the application; undefined when there is no such user. */
  async find({ number }: Application, id: string): Promise<UserIdentity | undefined> {
    const user = await this.#options.store.users.byId(number, id)
    return user && { id: user.id, kind: user.kind, roles: user.roles }
  }

  async get(applicationId: string, id: string): Promise<User> {
    return (await this.#existing(applicationId, id)).user
  }

  /** `identityPrefix`: in whatever case. */
  async page(
    applicationId: string,
    query: {
      readonly identityPrefix: string | undefined
      readonly after: string | undefined
      readonly limit: number
    },
  ): Promise<UserPage> {
    const { number } = await this.#application(applicationId)
    const { identityPrefix, after, limit } = query
    if (identityPrefix === undefined && after !== undefined && !/^\d{1,15}$/.test(after)) {
      throw new DomainError("invalid_property", "cursor is none that a page ended with.", {
        property: "cursor",
      })
    }
    return this.#options.store.users.page(number, {
      after,
      limit,
      ...(identityPrefix !== undefined && { identityPrefix: identityKeyOf(identityPrefix) }),
    })
  }

  /** Without a password the user cannot log in until one is set. Registration need not be on. */
  async create(applicationId: string, form: UserForm): Promise<User> {
    const { settings, passwords } = this.#options
    const application = await this.#application(applicationId)
    const inForce = await settings.of(application.number)
    const identity = checkedIdentity(form.identity, "identity")
    if (inForce.identityProperty === "email") checkedIdentity(identity, "email")
    const key = identityKeyOf(identity)
    const status = form.status === undefined ? "ENABLED" : checkedStatus(form.status)
    const properties = checkedUserProperties(objectOf(form.properties), {
      ...inForce,
      requiredProperties: [],
    })
    const password = form.password === undefined ? undefined : checkedUserPassword(form.password)
    await this.#mustBeFree(application, key, inForce)
    const passwordHash = password === undefined ? undefined : await passwords.hash(password)
    return this.#create(application, inForce, {
      identity: { text: identity, key },
      passwordHash,
      properties,
      status,
    })
  }

  /** Changes what is given; a new password and the status DISABLED end every login. Properties are replaced as a whole. */
  async update(applicationId: string, id: string, form: UserForm): Promise<User> {
    const { store, clock, settings, endings } = this.#options
    const { application, user } = await this.#existing(applicationId, id)
    const inForce = await settings.of(application.number)
    const changes = await this.#checkedChanges(form, user, inForce)
    const updated = await store.users.update(application.number, id, changes, clock.now())
    if (updated === undefined) throw unknownUser(id)
    if (updated === "taken") throw userExists(inForce)
    endings.note(id)
    return updated
  }

  /** Gives the user exactly these custom roles. */
  async setRoles(applicationId: string, id: string, input: unknown): Promise<User> {
    const roles = checkedRoleNames(input)
    const { number } = await this.#application(applicationId)
    const user = await this.#options.store.users.setRoles(number, id, roles)
    if (user === undefined) throw unknownUser(id)
    if (user === "unknown_role") {
      throw new DomainError(
        "not_found",
        "The application lacks one of these custom roles; create it first.",
        {
          property: "roles",
        },
      )
    }
    this.#options.endings.note(id)
    return user
  }

  async remove(applicationId: string, id: string): Promise<void> {
    const { store, clock, endings } = this.#options
    const { number } = await this.#application(applicationId)
    if (!(await store.users.remove(number, id, clock.now()))) throw unknownUser(id)
    endings.note(id)
  }

  /** Logs the user out everywhere; returns how many logins there were. */
  async endSessions(applicationId: string, id: string): Promise<number> {
    const { store, clock, endings } = this.#options
    const { number } = await this.#application(applicationId)
    const ended = await store.users.endSessions(number, id, clock.now())
    if (ended === undefined) throw unknownUser(id)
    endings.note(id)
    return ended
  }

  async #checkedChanges(form: UserForm, user: User, settings: UserSettings): Promise<UserChanges> {
    const { identity, password, properties, status } = form
    if ((identity !== undefined || password !== undefined) && user.kind !== "registered") {
      throw new DomainError("conflict", "Only a user who registered has an identity and a password.")
    }
    if (status !== undefined && user.kind === "guest") {
      throw new DomainError("conflict", "The status of a guest stays; remove the guest instead.")
    }
    // It keeps from logging in here, which they never do: it would look as if it kept them out.
    if (status === "EMAIL_CONFIRMATION_PENDING" && user.kind === "social") {
      throw new DomainError(
        "conflict",
        "An identity provider confirms the addresses of its users; DISABLED keeps this one out.",
      )
    }
    const text = identity === undefined ? undefined : checkedIdentity(identity, "identity")
    if (text !== undefined && settings.identityProperty === "email") checkedIdentity(text, "email")
    const checked: UserChanges = {
      ...(text !== undefined && { identity: { text, key: identityKeyOf(text) } }),
      ...(status !== undefined && { status: checkedStatus(status) }),
      ...(properties !== undefined && {
        properties: checkedUserProperties(objectOf(properties), { ...settings, requiredProperties: [] }),
      }),
    }
    if (password === undefined) return checked
    return { ...checked, passwordHash: await this.#options.passwords.hash(checkedUserPassword(password)) }
  }

  async #create(
    application: Application,
    settings: UserSettings,
    user: Pick<NewUser, "identity" | "passwordHash" | "properties"> & { readonly status?: NewUser["status"] },
  ): Promise<User> {
    const { store, clock, random } = this.#options
    const created = await store.users.create(
      application.number,
      {
        status: "ENABLED",
        ...user,
        id: upperCaseUuid(random),
        kind: "registered",
        origin: undefined,
        roles: [],
      },
      clock.now(),
    )
    if (created === undefined) throw userExists(settings)
    return created
  }

  /** Before the password is hashed: it would be work for nothing. */
  async #mustBeFree({ number }: Application, key: string, settings: UserSettings): Promise<void> {
    if ((await this.#options.store.users.byIdentity(number, key)) !== undefined) throw userExists(settings)
  }

  async #existing(applicationId: string, id: string) {
    const application = await this.#application(applicationId)
    const user = await this.#options.store.users.byId(application.number, id)
    if (user === undefined) throw unknownUser(id)
    return { application, user }
  }

  #application(id: string): Promise<Application> {
    return existingApplication(this.#options.store, id)
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {}
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw wrongType("properties", "an object", value)
}

function userExists({ identityProperty }: UserSettings): DomainError {
  return new DomainError("user_exists", `User with the same identity already exists (${identityProperty}).`, {
    property: identityProperty,
  })
}

function unknownUser(id: string): DomainError {
  return new DomainError("not_found", `The application has no user with the id ${id}.`)
}
