import type { Application, KeyKind } from "../domain/application.ts"
import type { ManagementScope } from "../domain/permission.ts"

/** Who is calling. */
export type Principal = KeyPrincipal | AdministratorPrincipal | SystemPrincipal

/** The holder of an application's API key, or of a host name that is bound to one. */
export interface KeyPrincipal {
  readonly kind: "key"
  readonly application: Application
  readonly keyNumber: number
  readonly keyKind: KeyKind
}

export interface AdministratorPrincipal {
  readonly kind: "administrator"
  readonly label: string
  readonly scope: ManagementScope
}

/** The server itself and its command line, which already have the data directory. */
export interface SystemPrincipal {
  readonly kind: "system"
}
