import type { AdministratorSessions } from "./administrator-sessions.ts"
import type { AdministratorTokens } from "./administrator-tokens.ts"
import type { Administrators } from "./administrators.ts"
import type { Applications } from "./applications.ts"
import type { Audit } from "./audit.ts"
import type { Channels } from "./channels.ts"
import type { Credentials } from "./credentials.ts"
import type { DeviceMessages } from "./device-messages.ts"
import type { DeviceSearch } from "./device-search.ts"
import type { Devices } from "./devices.ts"
import type { Hosts } from "./hosts.ts"
import type { Issuers } from "./issuers.ts"
import type { Keys } from "./keys.ts"
import type { MessagePreviews } from "./message-previews.ts"
import type { Messages } from "./messages.ts"
import type { Permissions } from "./permissions.ts"
import type { PhoneNotifications, Phones } from "./phones.ts"
import type { Resends } from "./resends.ts"
import type { ServerFacts } from "./server-facts.ts"
import type { Statistics } from "./statistics.ts"
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
  readonly issuers: Issuers
  readonly userSettings: UserSettingsOfApplications
  readonly devices: Devices
  readonly deviceSearch: DeviceSearch
  readonly deviceMessages: DeviceMessages
  readonly channels: Channels
  readonly messages: Messages
  readonly resends: Resends
  readonly messagePreviews: MessagePreviews
  readonly credentials: Credentials
  readonly audit: Audit
  readonly administrators: Administrators
  readonly administratorSessions: AdministratorSessions
  readonly administratorTokens: AdministratorTokens
  readonly statistics: Statistics
  readonly phones: Phones
  readonly server: ServerFacts
  /** Undefined with --no-sandbox. */
  readonly sandbox: Sandbox | undefined
  /** Milliseconds since 1970. */
  now(): number
}

/** What the bundled simulators received; they are behind a port, since no service knows a provider. */
export interface Sandbox {
  readonly phones: PhoneNotifications
  /** Entries in the order of their arrival, after `since`, at most `limit`. */
  journal(filter: {
    readonly token: string | undefined
    readonly since: number | undefined
    readonly limit: number
  }): { readonly entries: readonly object[]; readonly totals: object }
}
