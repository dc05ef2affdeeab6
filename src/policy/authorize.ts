import { DomainError } from "../domain/errors.ts"
import {
  CHANNEL_OPERATIONS,
  isMessagingOperation,
  MANAGEMENT_SCOPES,
  type ManagementScope,
  MESSAGING_OPERATIONS,
  type MessagingOperation,
  type Permission,
} from "../domain/permission.ts"
import type { Decision } from "../domain/permission-rules.ts"
import type { KeyPrincipal, Principal } from "./principal.ts"

/**
 * What can be said of a request before its body is read: throws `no_permission` (1011) when the caller may not do what
 * the route demands. For an operation that is decided on a channel it refuses only who may do it on no channel at all;
 * such a route asks `authorize` when it knows the channel. `channel` is the one that the path names, for the refusal.
 */
export function authorizeRoute(principal: Principal, permission: Permission, channel?: string): void {
  if (permission === "open" || principal.kind === "system") return
  if (!isMessagingOperation(permission)) {
    authorizeAdministrator(principal, permission.slice("admin:".length) as ManagementScope)
    return
  }
  const holder = keyHolder(principal, permission)
  if (!CHANNEL_OPERATIONS.has(permission)) authorize(holder, permission)
  else if (holder.rights.everywhere(permission) === false) {
    const place = channel === undefined ? " on any channel" : undefined
    throw refused(holder, permission, channel, holder.rights.decide(permission, channel), place)
  }
}

/**
 * Decides: on the channel, or without one for the application as a whole. Throws `no_permission` (1011), which names the
 * operation, the channel and the roles it was tried with.
 */
export function authorize(principal: Principal, operation: MessagingOperation, channel?: string): void {
  if (principal.kind === "system") return
  const holder = keyHolder(principal, operation)
  if (holder.rights.allows(operation, channel)) return
  throw refused(holder, operation, channel, holder.rights.decide(operation, channel))
}

/** Finds out which of these channels of an application do not exist. */
export interface ChannelFinder {
  missingChannels(application: number, names: readonly string[]): Promise<readonly string[]>
}

/**
 * Decides for an operation that creates the channels which do not exist: on each channel, and for `channel:create` on
 * each that is missing. Returns undefined when all is allowed whatever exists, which is nearly always: then nothing has
 * to be looked up. Throws, or rejects, with `no_permission`.
 */
export function authorizeChannels(
  principal: KeyPrincipal,
  operation: MessagingOperation,
  channels: readonly string[],
  finder: ChannelFinder,
): Promise<void> | undefined {
  const { rights } = principal
  for (const channel of channels) authorize(principal, operation, channel)
  if (rights.everywhere("channel:create") === true) return undefined
  const barred = channels.filter((channel) => !rights.allows("channel:create", channel))
  return barred.length === 0 ? undefined : mustExist(principal, barred, finder)
}

async function mustExist(
  principal: KeyPrincipal,
  channels: readonly string[],
  finder: ChannelFinder,
): Promise<void> {
  const missing = await finder.missingChannels(principal.application.number, channels)
  for (const channel of missing) authorize(principal, "channel:create", channel)
}

function keyHolder(
  principal: Exclude<Principal, { kind: "system" }>,
  operation: MessagingOperation,
): KeyPrincipal {
  if (principal.kind === "key") return principal
  throw new DomainError(
    "no_permission",
    `No permission to ${MESSAGING_OPERATIONS[operation]} (${operation}): it needs an API key of the application.`,
    { operation },
  )
}

function authorizeAdministrator(principal: Principal, scope: ManagementScope): void {
  const mayDo =
    principal.kind === "administrator" &&
    MANAGEMENT_SCOPES.indexOf(principal.scope) >= MANAGEMENT_SCOPES.indexOf(scope)
  if (mayDo) return
  throw new DomainError(
    "no_permission",
    `The operation needs an administrator's token with the scope "${scope}".`,
  )
}

function refused(
  { application, roles }: KeyPrincipal,
  operation: MessagingOperation,
  channel: string | undefined,
  { decidedBy }: Decision,
  place = channel === undefined ? "" : ` on the channel "${channel}"`,
): DomainError {
  const reason =
    decidedBy === "preset"
      ? `the preset "${application.preset}" grants it to none of them`
      : `it is denied to ${decidedBy.subject}`
  return new DomainError(
    "no_permission",
    `No permission to ${MESSAGING_OPERATIONS[operation]} (${operation})${place} with the roles ${roles.join(", ")}: ${reason}.`,
    { operation, ...(channel !== undefined && { channel }), roles },
  )
}
