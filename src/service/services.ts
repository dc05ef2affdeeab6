import type { AdministratorSessions } from "./administrator-sessions.ts"
import type { AdministratorTokens } from "./administrator-tokens.ts"
import type { Administrators } from "./administrators.ts"
import type { Applications } from "./applications.ts"
import type { Audit } from "./audit.ts"
import type { Channels } from "./channels.ts"
import type { Credentials } from "./credentials.ts"
import type { DeviceSearch } from "./device-search.ts"
import type { Devices } from "./devices.ts"
import type { Hosts } from "./hosts.ts"
import type { Keys } from "./keys.ts"
import type { Messages } from "./messages.ts"
import type { Permissions } from "./permissions.ts"
import type { UserSessions } from "./user-sessions.ts"
import type { UserSettingsOfApplications } from "./user-settings.ts"
import type { Users } from "./users.ts"

/** The verbs of the product, as the HTTP surfaces and the command line call them. */
export interface Services {
  readonly applications: Applications
  readonly keys: Keys
  readonly hosts: Hosts
  readonly permissions: Permissions
  readonly users: Users
  readonly userSessions: UserSessions
  readonly userSettings: UserSettingsOfApplications
  readonly devices: Devices
  readonly deviceSearch: DeviceSearch
  readonly channels: Channels
  readonly messages: Messages
  readonly credentials: Credentials
  readonly audit: Audit
  readonly administrators: Administrators
  readonly administratorSessions: AdministratorSessions
  readonly administratorTokens: AdministratorTokens
  /** Undefined with --no-sandbox. */
  readonly sandbox: Sandbox | undefined
  /** Milliseconds since 1970. */
  now(): number
}

/** What the bundled simulators received; they are behind a port, since no service knows a provider. */
export interface Sandbox {
  /** Entries in the order of their arrival, after `since`, at most `limit`. */
  journal(filter: {
    readonly token: string | undefined
    readonly since: number | undefined
    readonly limit: number
  }): { readonly entries: readonly object[]; readonly totals: object }
}
