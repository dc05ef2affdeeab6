import { DomainError } from "../../domain/errors.ts"
import type { MessagingOperation } from "../../domain/permission.ts"
import type { Access, PermissionRule, RulePlace, Verdict } from "../../domain/permission-rules.ts"
import { isSystemRole } from "../../domain/roles.ts"
import type { CustomRole, PermissionStore, RuleSnapshot } from "../permission-store.ts"
import type { SqliteContext } from "./context.ts"

interface RuleRow {
  readonly channel: string
  readonly role: string
  readonly user_id: string
  readonly operation: MessagingOperation
  readonly access: Verdict
}

type PlaceColumns = [application: number, channel: string, role: string, user: string, operation: string]

export class SqlitePermissions implements PermissionStore {
  readonly #context: SqliteContext
  readonly #roles: ReturnType<typeof prepareRoleStatements>
  readonly #rules: ReturnType<typeof prepareRuleStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#roles = prepareRoleStatements(context)
    this.#rules = prepareRuleStatements(context)
  }

  async roles(application: number): Promise<readonly CustomRole[]> {
    return this.#roles.list.all(application)
  }

  createRole(
    application: number,
    { name, description }: Pick<CustomRole, "name" | "description">,
    { now, rolesMax }: { readonly now: number; readonly rolesMax: number },
  ): Promise<boolean> {
    return this.#context.writer.write(() => {
      if ((this.#roles.count.get(application) as number) >= rolesMax) throw tooMany("roles", rolesMax)
      return this.#roles.insert.run(application, name, description, now).changes > 0
    })
  }

  removeRole(application: number, name: string): Promise<"removed" | "unknown" | "bound"> {
    return this.#context.writer.write(() => {
      if (this.#roles.find.get(application, name) === undefined) return "unknown"
      if (this.#roles.isBound.get({ application, name }) === 1) return "bound"
      this.#roles.remove.run(application, name)
      this.#roles.takeFromUsers.run(application, name)
      this.#rules.removeOfRole.run(application, name)
      this.#rules.raiseVersion.run(application)
      return "removed"
    })
  }

  async rules(application: number): Promise<RuleSnapshot> {
    // The version first: were a rule changed in between, it is only loaded once more.
    const version = this.#rules.version.get(application) ?? 0
    return { version, rules: this.#rules.list.all(application).map(toRule) }
  }

  setRule(
    application: number,
    rule: RulePlace & { readonly access: Access },
    { now, rulesMax }: { readonly now: number; readonly rulesMax: number },
  ): Promise<boolean> {
    return this.#context.writer.write(() => {
      if (this.#rules.version.get(application) === undefined) return false
      if ("role" in rule && !this.#hasRole(application, rule.role)) return false
      const place = columnsOf(application, rule)
      if (rule.access === "inherit") this.#rules.remove.run(...place)
      else {
        const isNew = this.#rules.find.get(...place) === undefined
        if (isNew && (this.#rules.count.get(application) as number) >= rulesMax)
          throw tooMany("rules", rulesMax)
        this.#rules.set.run(...place, rule.access, now)
      }
      this.#rules.raiseVersion.run(application)
      return true
    })
  }

  #hasRole(application: number, role: string): boolean {
    return isSystemRole(role) || this.#roles.find.get(application, role) !== undefined
  }
}

function columnsOf(application: number, place: RulePlace): PlaceColumns {
  const channel = place.level === "channel" ? place.channel : ""
  const [role, user] = "user" in place ? ["", place.user] : [place.role, ""]
  return [application, channel, role, user, place.operation]
}

function toRule({ channel, role, user_id: user, operation, access }: RuleRow): PermissionRule {
  if (channel === "") return { level: "application", role, operation, access }
  if (user === "") return { level: "channel", channel, role, operation, access }
  return { level: "channel", channel, user, operation, access }
}

function tooMany(what: string, max: number): DomainError {
  return new DomainError("conflict", `The application has ${max} ${what}, and more are not allowed.`, {
    limit: max,
  })
}

function prepareRoleStatements({ connection }: SqliteContext) {
  return {
    list: connection.prepare<[number], CustomRole>(
      "select name, description, created_at as createdAt from roles where application = ? order by name",
    ),
    count: connection.prepare<[number], number>("select count(*) from roles where application = ?").pluck(),
    find: connection.prepare<[number, string]>("select 1 from roles where application = ? and name = ?"),
    insert: connection.prepare<[number, string, string, number]>(
      `insert into roles (application, name, description, created_at) values (?, ?, ?, ?)
       on conflict do nothing`,
    ),
    isBound: connection
      .prepare<[{ readonly application: number; readonly name: string }], number>(
        `select exists (select 1 from api_keys where application = @application and role = @name)
           or exists (select 1 from host_names where application = @application and role = @name)`,
      )
      .pluck(),
    remove: connection.prepare<[number, string]>("delete from roles where application = ? and name = ?"),
    takeFromUsers: connection.prepare<[number, string]>(
      "delete from user_roles where application = ? and role = ?",
    ),
  }
}

const PLACE = "application = ? and channel = ? and role = ? and user_id = ? and operation = ?"

function prepareRuleStatements({ connection }: SqliteContext) {
  return {
    version: connection
      .prepare<[number], number>(
        "select rules_version from applications where number = ? and deleted_at is null",
      )
      .pluck(),
    raiseVersion: connection.prepare<[number]>(
      "update applications set rules_version = rules_version + 1 where number = ?",
    ),
    list: connection.prepare<[number], RuleRow>(
      "select channel, role, user_id, operation, access from permission_rules where application = ?",
    ),
    count: connection
      .prepare<[number], number>("select count(*) from permission_rules where application = ?")
      .pluck(),
    find: connection.prepare<PlaceColumns>(`select 1 from permission_rules where ${PLACE}`),
    set: connection.prepare<[...PlaceColumns, access: string, now: number]>(
      `insert into permission_rules (application, channel, role, user_id, operation, access, changed_at)
       values (?, ?, ?, ?, ?, ?, ?)
       on conflict do update set access = excluded.access, changed_at = excluded.changed_at`,
    ),
    remove: connection.prepare<PlaceColumns>(`delete from permission_rules where ${PLACE}`),
    removeOfRole: connection.prepare<[number, string]>(
      "delete from permission_rules where application = ? and role = ?",
    ),
  }
}
