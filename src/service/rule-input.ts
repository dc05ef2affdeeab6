import { checkedChannelName } from "../domain/channel.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import {
  CHANNEL_OPERATIONS,
  isMessagingOperation,
  MESSAGING_OPERATIONS,
  type MessagingOperation,
} from "../domain/permission.ts"
import { ACCESSES, type Access, type RulePlace } from "../domain/permission-rules.ts"
import { checkedText } from "../domain/text.ts"

/** One rule as an administrator writes it, unchecked. */
export interface RuleInput {
  readonly level?: unknown
  readonly channel?: unknown
  readonly role?: unknown
  readonly user?: unknown
  readonly operation?: unknown
  readonly access?: unknown
}

const SUBJECT_RULE = { min: 1, max: 100 }

/** The rule, or a DomainError that names the property which is wrong. Whether role and user exist is not looked at. */
export function checkedRule(input: RuleInput, limits: Limits): RulePlace & { readonly access: Access } {
  const operation = checkedOperation(input.operation)
  const access = ACCESSES.find((known) => known === input.access)
  if (access === undefined) throw invalid("access", `must be one of ${ACCESSES.join(", ")}`)
  if ((input.role === undefined) === (input.user === undefined)) {
    throw invalid("role", "or user must be given, and not both")
  }
  if (input.level === "application") {
    if (input.channel !== undefined) throw invalid("channel", "is for the level channel only")
    if (input.user !== undefined) throw invalid("user", "is for the level channel only")
    return { level: "application", role: checkedText(input.role, "role", SUBJECT_RULE), operation, access }
  }
  if (input.level !== "channel") throw invalid("level", "must be application or channel")
  const channel = checkedChannelName(input.channel, "channel", limits)
  checkDecidedOnChannels(operation)
  if (input.user !== undefined) {
    return {
      level: "channel",
      channel,
      user: checkedText(input.user, "user", SUBJECT_RULE),
      operation,
      access,
    }
  }
  return { level: "channel", channel, role: checkedText(input.role, "role", SUBJECT_RULE), operation, access }
}

export function checkedOperation(value: unknown): MessagingOperation {
  if (typeof value === "string" && isMessagingOperation(value)) return value
  throw invalid("operation", `must be one of ${Object.keys(MESSAGING_OPERATIONS).join(", ")}`)
}

/** Throws for an operation that concerns the application as a whole. */
export function checkDecidedOnChannels(operation: MessagingOperation): void {
  if (CHANNEL_OPERATIONS.has(operation)) return
  throw invalid("channel", `says nothing about ${operation}, which concerns the application as a whole`)
}

function invalid(property: string, what: string): DomainError {
  return new DomainError("invalid_property", `${property} ${what}.`, { property })
}
