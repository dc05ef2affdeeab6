import type { MessagingOperation } from "../domain/permission.ts"
import {
  type Caller,
  type Decision,
  decide,
  type Explanation,
  explain,
  type PermissionRules,
} from "../domain/permission-rules.ts"

/** What one caller may do under the rules of the application as they were when the caller was authenticated. */
export class Rights {
  readonly #rules: PermissionRules
  readonly #caller: Caller
  readonly #ofApplication = new Map<MessagingOperation, boolean>()
  readonly #everywhere = new Map<MessagingOperation, boolean | "depends">()

  constructor(rules: PermissionRules, caller: Caller) {
    this.#rules = rules
    this.#caller = caller
  }

  /** The same rules for somebody else. */
  of(caller: Caller): Rights {
    return new Rights(this.#rules, caller)
  }

  decide(operation: MessagingOperation, channel?: string): Decision {
    return decide(this.#rules, this.#caller, operation, channel)
  }

  explain(operation: MessagingOperation, channel?: string): Explanation {
    return explain(this.#rules, this.#caller, operation, channel)
  }

  /** The same as `decide` without the reason: one look-up where no rule speaks of the channel, as of nearly all. */
  allows(operation: MessagingOperation, channel?: string): boolean {
    if (channel !== undefined && this.#rules.speakOf(channel)) return this.decide(operation, channel).allowed
    return this.#inApplication(operation)
  }

  /**
   * Whether the operation is allowed on every channel or on none. `depends` when a rule of some channel could change the
   * decision of the application.
   */
  everywhere(operation: MessagingOperation): boolean | "depends" {
    const remembered = this.#everywhere.get(operation)
    if (remembered !== undefined) return remembered
    const allowed = this.#inApplication(operation)
    const everywhere = this.#isChangedOnAChannel(operation, allowed) ? "depends" : allowed
    this.#everywhere.set(operation, everywhere)
    return everywhere
  }

  #inApplication(operation: MessagingOperation): boolean {
    const remembered = this.#ofApplication.get(operation)
    if (remembered !== undefined) return remembered
    const { allowed } = this.decide(operation)
    this.#ofApplication.set(operation, allowed)
    return allowed
  }

  #isChangedOnAChannel(operation: MessagingOperation, allowed: boolean): boolean {
    const { roles, user } = this.#caller
    const opposite = allowed ? "deny" : "grant"
    const subjects = [...roles.map((role) => ({ role })), ...(user === undefined ? [] : [{ user }])]
    return subjects.some((subject) => this.#rules.existsOnChannel(subject, operation, opposite))
  }
}
