import { isClientKey } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import {
  MANAGEMENT_SCOPES,
  type ManagementScope,
  MESSAGING_OPERATIONS,
  type MessagingOperation,
  type Permission,
} from "../domain/permission.ts"
import type { AdministratorPrincipal, KeyPrincipal, Principal } from "./principal.ts"

/** What a client key, which is public, may do in the preset `locked` (design D14). */
const CLIENT_OPERATIONS: ReadonlySet<MessagingOperation> = new Set<MessagingOperation>([
  "device:register",
  "device:retrieve",
  "device:cancel",
  "template:list",
  "application:info",
])

/** Returns when the caller may do it; throws `no_permission` (1011) with what was asked and what would be needed. */
export function authorize(principal: Principal, permission: Permission): void {
  if (permission === "open" || principal.kind === "system") return
  if (isMessagingOperation(permission)) authorizeKey(principal, permission)
  else authorizeAdministrator(principal, permission.slice("admin:".length) as ManagementScope)
}

function isMessagingOperation(permission: Permission): permission is MessagingOperation {
  return permission in MESSAGING_OPERATIONS
}

function authorizeKey(principal: KeyPrincipal | AdministratorPrincipal, operation: MessagingOperation): void {
  if (principal.kind !== "key") throw refused(operation, "an API key of the application")
  const { keyKind, application } = principal
  if (application.preset === "compatible" || !isClientKey(keyKind) || CLIENT_OPERATIONS.has(operation)) return
  throw refused(
    operation,
    `the REST or BL key; this is the ${keyKind} key of an application with the preset "locked", which is public`,
  )
}

function authorizeAdministrator(
  principal: KeyPrincipal | AdministratorPrincipal,
  scope: ManagementScope,
): void {
  const mayDo =
    principal.kind === "administrator" &&
    MANAGEMENT_SCOPES.indexOf(principal.scope) >= MANAGEMENT_SCOPES.indexOf(scope)
  if (mayDo) return
  throw new DomainError(
    "no_permission",
    `The operation needs an administrator's token with the scope "${scope}".`,
  )
}

function refused(operation: MessagingOperation, needed: string): DomainError {
  return new DomainError(
    "no_permission",
    `No permission to ${MESSAGING_OPERATIONS[operation]} (${operation}): it needs ${needed}.`,
    { operation },
  )
}
