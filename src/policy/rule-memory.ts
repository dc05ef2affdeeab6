import { NO_RULES, PermissionRules } from "../domain/permission-rules.ts"
import type { PermissionStore } from "../store/permission-store.ts"

const REMEMBERED_RULES_MAX = 200_000

interface Remembered {
  readonly version: number
  readonly rules: PermissionRules
}

/**
 * The rules of applications, loaded again only when their version has grown. The version comes with every key that is
 * looked up, so this memory adds nothing to the time after which a change is in force.
 */
export class RuleMemory {
  readonly #store: Pick<PermissionStore, "rules">
  readonly #remembered = new Map<number, Remembered>()
  #size = 0

  constructor(store: Pick<PermissionStore, "rules">) {
    this.#store = store
  }

  /** At least as new as the version; 0 is an application that never had a rule. */
  async of(application: number, version: number): Promise<PermissionRules> {
    if (version === 0) return NO_RULES
    const known = this.#remembered.get(application)
    if (known !== undefined && known.version >= version) return known.rules
    const snapshot = await this.#store.rules(application)
    if (this.#size + snapshot.rules.length > REMEMBERED_RULES_MAX) this.#forget()
    const rules = new PermissionRules(snapshot.rules)
    this.#remembered.set(application, { version: snapshot.version, rules })
    this.#size += snapshot.rules.length
    return rules
  }

  #forget(): void {
    this.#remembered.clear()
    this.#size = 0
  }
}
