import { DomainError } from "../domain/errors.ts"
import { changedSettings, DEFAULT_USER_SETTINGS, type UserSettings } from "../domain/user-settings.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"
import type { SessionBounds } from "../store/user-store.ts"
import { existingApplication } from "./existing-application.ts"

/** A changed setting is in force within this time, on every node. */
const REMEMBERED_MS = 2_000
const REMEMBERED_MAX = 10_000

interface Remembered {
  readonly settings: UserSettings
  readonly until: number
}

/** How the users of each application register and log in. */
export class UserSettingsOfApplications {
  readonly #store: Pick<Store, "users" | "applications">
  readonly #clock: Clock
  readonly #remembered = new Map<number, Remembered>()

  constructor(store: Pick<Store, "users" | "applications">, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** As they were at most two seconds ago; those that were never changed are the defaults. */
  async of(application: number): Promise<UserSettings> {
    const now = this.#clock.monotonic()
    const known = this.#remembered.get(application)
    if (known !== undefined && known.until > now) return known.settings
    const settings = await this.#stored(application)
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear()
    this.#remembered.set(application, { settings, until: now + REMEMBERED_MS })
    return settings
  }

  async get(applicationId: string): Promise<UserSettings> {
    return this.#stored((await existingApplication(this.#store, applicationId)).number)
  }

  /** Changes what is given. Throws `conflict` when users log in with the identity property that would be replaced. */
  async change(
    applicationId: string,
    changes: { readonly [name in keyof UserSettings]?: unknown },
  ): Promise<UserSettings> {
    const { number } = await existingApplication(this.#store, applicationId)
    const settings = changedSettings(await this.#stored(number), changes)
    if (!(await this.#store.users.setSettings(number, settings, this.#clock.now()))) {
      throw new DomainError(
        "conflict",
        "identityProperty cannot change while there are users who log in with the present one.",
        { property: "identityProperty" },
      )
    }
    this.#remembered.delete(number)
    return settings
  }

  async #stored(application: number): Promise<UserSettings> {
    return (await this.#store.users.settings(application)) ?? DEFAULT_USER_SETTINGS
  }
}

/** From when on a login still counts under these settings. */
export function sessionBounds({ sessionIdleMs, sessionLastsMs }: UserSettings, now: number): SessionBounds {
  return {
    usedSince: sessionIdleMs === null ? -1 : now - sessionIdleMs,
    begunSince: sessionLastsMs === null ? -1 : now - sessionLastsMs,
  }
}
