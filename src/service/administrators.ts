import { hash } from "node:crypto"
import {
  checkedAdministratorName,
  checkedApplicationIds,
  checkedPassword,
  checkedScope,
  loginOf,
} from "../domain/administrator.ts"
import { DomainError } from "../domain/errors.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type {
  Administrator,
  AdministratorChange,
  ManagementRights,
  NewAdministrator,
} from "../store/administrator-store.ts"
import type { Store } from "../store/store.ts"
import { checkedApplications } from "./existing-application.ts"
import type { PasswordHashes } from "./password-hashes.ts"

export interface AdministratorsOptions {
  readonly store: Pick<Store, "administrators" | "applications">
  readonly clock: Clock
  readonly random: Random
  readonly passwords: PasswordHashes
}

/** What an administrator is made of, unchecked. */
export interface AdministratorInput {
  readonly name?: unknown
  readonly password?: unknown
  readonly scope?: unknown
  /** Ids of the applications that they are restricted to; null: no restriction. */
  readonly applications?: unknown
}

/** An administrator as they may be shown. */
export type AdministratorView = Administrator

/** A link that makes an administrator, shown once. */
export interface SetupLink {
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const SETUP_LASTS_MS = 24 * 3_600_000
const SECRET_BYTES = 32
const EVERYTHING: ManagementRights = { scope: "administer", applications: undefined }

/** The people who manage the server. There is no account from the start: the first one comes from a setup link. */
export class Administrators {
  readonly #options: AdministratorsOptions

  constructor(options: AdministratorsOptions) {
    this.#options = options
  }

  /** Ordered by creation. */
  list(): Promise<readonly Administrator[]> {
    return this.#options.store.administrators.list()
  }

  /** Throws `not_found`. */
  async get(number: number): Promise<Administrator> {
    const administrator = await this.#options.store.administrators.byNumber(number)
    if (administrator === undefined) throw noSuchAdministrator(number)
    return administrator
  }

  /**
   * A link that makes an administrator who may do everything, once and within 24 hours. It replaces earlier links unless
   * it is one more of those that servers print which start without an administrator.
   */
  async createSetupLink({ replacesOthers }: { readonly replacesOthers: boolean }): Promise<SetupLink> {
    const { store, clock, random } = this.#options
    const now = clock.now()
    const token = random.bytes(SECRET_BYTES).toString("base64url")
    const expiresAt = now + SETUP_LASTS_MS
    await store.administrators.addSetupLink({ hash: hashOf(token), expiresAt }, { now, replacesOthers })
    return { token, expiresAt }
  }

  /** Throws `not_authenticated` unless the link works; `conflict` when the name is taken. */
  async redeemSetupLink(token: unknown, input: AdministratorInput): Promise<Administrator> {
    const { store, clock } = this.#options
    const linkHash = hashOf(typeof token === "string" ? token : "")
    // Before the password is hashed: that is dear, and nobody who has no link shall make the server do it.
    if (!(await store.administrators.hasSetupLink(linkHash, clock.now()))) throw refusedLink()
    const administrator = { ...(await this.#identity(input)), ...EVERYTHING }
    const created = await store.administrators.redeemSetupLink(linkHash, administrator, clock.now())
    if (created === undefined) throw refusedLink()
    return created
  }

  /** Throws `conflict` when the name is taken. */
  async create(input: AdministratorInput): Promise<Administrator> {
    const { store, clock } = this.#options
    const rights = await this.#rights(input)
    return store.administrators.create({ ...(await this.#identity(input)), ...rights }, clock.now())
  }

  /**
   * Changes what is given and ends the administrator's sessions, so that nobody goes on with rights of before. Throws
   * `not_found`; `conflict` when nobody would be left who may administer the server.
   */
  async update(number: number, input: Omit<AdministratorInput, "name">): Promise<Administrator> {
    const { store, passwords } = this.#options
    const present = await this.get(number)
    const rights = await this.#changedRights(present, input)
    const passwordHash =
      input.password === undefined ? undefined : await passwords.hash(checkedPassword(input.password))
    const change = await store.administrators.update(number, {
      ...(rights !== undefined && { rights }),
      ...(passwordHash !== undefined && { passwordHash }),
    })
    checkChange(change, number)
    return this.get(number)
  }

  /** Throws as `update` does. */
  async remove(number: number): Promise<void> {
    checkChange(await this.#options.store.administrators.remove(number), number)
  }

  async #identity(
    input: AdministratorInput,
  ): Promise<Pick<NewAdministrator, "name" | "login" | "passwordHash">> {
    const name = checkedAdministratorName(input.name)
    const passwordHash = await this.#options.passwords.hash(checkedPassword(input.password))
    return { name, login: loginOf(name), passwordHash }
  }

  async #rights({ scope, applications }: AdministratorInput): Promise<ManagementRights> {
    return { scope: checkedScope(scope), applications: await this.#applications(applications) }
  }

  /** Undefined when neither is given. What is not given stays, also where an application was deleted since. */
  async #changedRights(
    present: ManagementRights,
    { scope, applications }: AdministratorInput,
  ): Promise<ManagementRights | undefined> {
    if (scope === undefined && applications === undefined) return undefined
    return {
      scope: scope === undefined ? present.scope : checkedScope(scope),
      applications:
        applications === undefined ? present.applications : await this.#applications(applications),
    }
  }

  #applications(ids: unknown): Promise<readonly string[] | undefined> {
    return checkedApplications(this.#options.store, checkedApplicationIds(ids))
  }
}

function checkChange(change: AdministratorChange, number: number): void {
  if (change === "unknown") throw noSuchAdministrator(number)
  if (change === "done") return
  throw new DomainError(
    "conflict",
    "Nobody else may administer the whole server: give somebody the scope administer without a restriction first.",
  )
}

function noSuchAdministrator(number: number): DomainError {
  return new DomainError(
    "not_found",
    `No administrator has the number ${number}; \`belfry administrator list\` shows those that exist.`,
  )
}

function refusedLink(): DomainError {
  return new DomainError(
    "not_authenticated",
    "The setup link is unknown, was used or has expired; `belfry administrator setup-link` makes a new one.",
  )
}

function hashOf(token: string): string {
  return hash("sha256", token, "hex")
}
