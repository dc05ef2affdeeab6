import type { Access, PermissionRule, RulePlace } from "../domain/permission-rules.ts"

/** A role that an administrator made. */
export interface CustomRole {
  readonly name: string
  readonly description: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** All rules of an application, and the number that has grown with every change of them. */
export interface RuleSnapshot {
  readonly version: number
  readonly rules: readonly PermissionRule[]
}

/** Custom roles and the rules of applications. System roles are no rows: every application has them. */
export interface PermissionStore {
  /** The custom roles, ordered by name. */
  roles(application: number): Promise<readonly CustomRole[]>
  /** False when the name is taken. Throws DomainError `conflict` when there would be more than `rolesMax`. */
  createRole(
    application: number,
    role: Pick<CustomRole, "name" | "description">,
    options: { readonly now: number; readonly rolesMax: number },
  ): Promise<boolean>
  /** Removes a custom role with its rules, also from its users; `bound`: nothing was removed, because a key or a host name has it. */
  removeRole(application: number, name: string): Promise<"removed" | "unknown" | "bound">
  /** In no particular order. */
  rules(application: number): Promise<RuleSnapshot>
  /**
   * Sets one rule, or takes it away with `inherit`, and raises the version. False: there is no such role, or no such
   * application. Throws DomainError `conflict` when there would be more than `rulesMax`.
   */
  setRule(
    application: number,
    rule: RulePlace & { readonly access: Access },
    options: { readonly now: number; readonly rulesMax: number },
  ): Promise<boolean>
}
