import type { Application } from "../domain/application.ts"
import { checkedChannelName } from "../domain/channel.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import type { MessagingOperation } from "../domain/permission.ts"
import { type Explanation, type PermissionRule, PermissionRules } from "../domain/permission-rules.ts"
import { checkedRoleName, isSystemRole, SYSTEM_ROLES, type UserIdentity } from "../domain/roles.ts"
import { checkedText } from "../domain/text.ts"
import { type KeyPrincipal, keyPrincipal, withUser } from "../policy/principal.ts"
import type { Clock } from "../runtime/clock.ts"
import type { HostName, Store } from "../store/store.ts"
import { existingApplication } from "./existing-application.ts"
import { workingKey } from "./keys.ts"
import { checkDecidedOnChannels, checkedOperation, checkedRule, type RuleInput } from "./rule-input.ts"

export interface PermissionsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly limits: Limits
  /** By id; undefined when the application has no such user. Without it, nobody is known. */
  readonly findUser?: (application: Application, id: string) => Promise<UserIdentity | undefined>
}

const ROLES_PER_APPLICATION_MAX = 500
const RULES_PER_APPLICATION_MAX = 10_000
const DESCRIPTION_RULE = { min: 0, max: 200 }

export interface RoleView {
  readonly name: string
  readonly isSystem: boolean
  readonly description: string
}

/** Everything that decides, of one application. */
export interface PermissionMatrix {
  readonly application: Application
  readonly roles: readonly RoleView[]
  readonly rules: readonly PermissionRule[]
}

/** Which request is asked about: of a key (its number or type) or a host name, perhaps of a user, on a channel or not. */
export interface Question {
  readonly operation: unknown
  readonly channel?: string | undefined
  readonly key?: number | string | undefined
  readonly host?: string | undefined
  readonly user?: string | undefined
}

export interface OperationExplanation extends Explanation {
  readonly operation: MessagingOperation
}

export interface PermissionAnswer {
  /** Whether such a request succeeds, all that it needs included. */
  readonly allowed: boolean
  readonly application: Application
  readonly channel: string | undefined
  readonly roles: readonly string[]
  /** The operation asked about; then `channel:create`, when it would have to create the channel. */
  readonly steps: readonly OperationExplanation[]
}

/** Operations that create a channel which does not exist. */
const CREATING: ReadonlySet<MessagingOperation> = new Set<MessagingOperation>([
  "device:register",
  "message:publish",
  "message:publish-template",
])

/** Custom roles, the rules of applications, and why a request may or may not do something. */
export class Permissions {
  readonly #options: PermissionsOptions

  constructor(options: PermissionsOptions) {
    this.#options = options
  }

  /** The system roles, then the custom ones by name. */
  async roles(applicationId: string): Promise<readonly RoleView[]> {
    return this.#roles((await this.#application(applicationId)).number)
  }

  async createRole(applicationId: string, name: unknown, description: unknown = ""): Promise<RoleView> {
    const { store, clock } = this.#options
    const { number } = await this.#application(applicationId)
    const role = {
      name: checkedRoleName(name, "name"),
      description: checkedText(description, "description", DESCRIPTION_RULE),
    }
    const options = { now: clock.now(), rolesMax: ROLES_PER_APPLICATION_MAX }
    if (await store.permissions.createRole(number, role, options)) return { ...role, isSystem: false }
    throw new DomainError("conflict", `The application has a role "${role.name}" already.`, {
      property: "name",
    })
  }

  /** Removes a role with its rules. Throws `conflict` while a key or a host name has it, and for a system role. */
  async removeRole(applicationId: string, name: string): Promise<void> {
    const { number } = await this.#application(applicationId)
    if (isSystemRole(name)) throw new DomainError("conflict", `${name} is a system role, which stays.`)
    const removal = await this.#options.store.permissions.removeRole(number, name)
    if (removal === "unknown") throw noSuchRole(name)
    if (removal === "bound") {
      throw new DomainError(
        "conflict",
        `A key or a host name is bound to the role "${name}"; revoke or bind them otherwise first.`,
      )
    }
  }

  async matrix(applicationId: string): Promise<PermissionMatrix> {
    const application = await this.#application(applicationId)
    const { rules } = await this.#options.store.permissions.rules(application.number)
    return { application, roles: await this.#roles(application.number), rules }
  }

  /** Sets one rule, or takes it away with `inherit`; in force within five seconds. Returns it as it was understood. */
  async setRule(applicationId: string, input: RuleInput): Promise<ReturnType<typeof checkedRule>> {
    const { store, clock, limits, findUser } = this.#options
    const application = await this.#application(applicationId)
    const rule = checkedRule(input, limits)
    // A rule that denies something to nobody would look like protection; taking one away is always right.
    if (
      "user" in rule &&
      rule.access !== "inherit" &&
      (await findUser?.(application, rule.user)) === undefined
    ) {
      throw noSuchUser(rule.user)
    }
    const options = { now: clock.now(), rulesMax: RULES_PER_APPLICATION_MAX }
    if (await store.permissions.setRule(application.number, rule, options)) return rule
    // Refused because of the role, unless the application was deleted meanwhile: this says so.
    await this.#application(applicationId)
    throw noSuchRole("role" in rule ? rule.role : "")
  }

  /** Why a request may or may not do something, by the rules as they are stored now. */
  async explain(applicationId: string, question: Question): Promise<PermissionAnswer> {
    const application = await this.#application(applicationId)
    const operation = checkedOperation(question.operation)
    const channel = this.#checkedChannel(operation, question.channel)
    const { rules } = await this.#options.store.permissions.rules(application.number)
    const caller = await this.#callerOf(application, question, new PermissionRules(rules))
    const explained = (one: MessagingOperation) => ({
      operation: one,
      ...caller.rights.explain(one, channel),
    })
    const creates = channel !== undefined && CREATING.has(operation)
    const isMissing = creates && (await this.missingChannels(application.number, [channel])).length > 0
    const steps = [explained(operation), ...(isMissing ? [explained("channel:create")] : [])]
    const allowed = steps.every((step) => step.allowed)
    return { allowed, application, channel, roles: caller.roles, steps }
  }

  /** Those of the channels that do not exist. */
  async missingChannels(application: number, names: readonly string[]): Promise<readonly string[]> {
    const { channels } = this.#options.store
    const found = await Promise.all(names.map((name) => channels.byName(application, name)))
    return names.filter((_, index) => found[index] === undefined)
  }

  async #roles(application: number): Promise<readonly RoleView[]> {
    const custom = await this.#options.store.permissions.roles(application)
    return [
      ...Object.entries(SYSTEM_ROLES).map(([name, description]) => ({ name, isSystem: true, description })),
      ...custom.map(({ name, description }) => ({ name, isSystem: false, description })),
    ]
  }

  #checkedChannel(operation: MessagingOperation, channel: string | undefined): string | undefined {
    if (channel === undefined) return undefined
    checkDecidedOnChannels(operation)
    return checkedChannelName(channel, "channel", this.#options.limits)
  }

  async #callerOf(
    application: Application,
    { key, host, user }: Question,
    rules: PermissionRules,
  ): Promise<KeyPrincipal> {
    const holder = await this.#holderOf(application.number, key, host)
    const principal = keyPrincipal({ application, ...holder }, rules)
    if (user === undefined) return principal
    const identity = await this.#options.findUser?.(
      application,
      checkedText(user, "user", { min: 1, max: 100 }),
    )
    if (identity === undefined) throw noSuchUser(user)
    return withUser(principal, identity)
  }

  async #holderOf(application: number, wanted: number | string | undefined, host: string | undefined) {
    if ((wanted === undefined) === (host === undefined)) {
      throw new DomainError("invalid_property", "key or host must be given, and not both.", {
        property: "key",
      })
    }
    const { clock, store } = this.#options
    const bound = host === undefined ? undefined : await this.#host(application, host.toLowerCase())
    const keys = await store.applications.keys(application)
    const key = workingKey(keys, bound?.keyNumber ?? wanted, clock.now())
    const boundRoles = [key.role, bound?.role].filter((role) => role !== undefined)
    return { keyNumber: key.number, keyKind: key.kind, boundRoles }
  }

  async #host(application: number, name: string): Promise<HostName> {
    const hosts = await this.#options.store.applications.hosts(application)
    const bound = hosts.find(({ host }) => host === name)
    if (bound !== undefined) return bound
    throw new DomainError("not_found", `The host name ${name} is bound to nothing in this application.`)
  }

  #application(id: string): Promise<Application> {
    return existingApplication(this.#options.store, id)
  }
}

function noSuchRole(name: string): DomainError {
  return new DomainError("not_found", `The application has no role "${name}".`)
}

function noSuchUser(id: string): DomainError {
  return new DomainError("not_found", `The application has no user with the id "${id}".`)
}
