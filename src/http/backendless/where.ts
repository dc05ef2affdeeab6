import { DomainError } from "../../domain/errors.ts"
import type { Limits } from "../../domain/limits.ts"
import { checkedText } from "../../domain/text.ts"

/** The where-clauses over DeviceRegistration that this server answers: one device, optionally some of its channels. */
export interface DeviceWhere {
  readonly deviceId: string
  /** Undefined: all channels. */
  readonly channels: ReadonlySet<string> | undefined
}

const TEXT = "'((?:[^']|'')*)'"
const LIST = String.raw`'(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*`
const CLAUSE = new RegExp(
  String.raw`^\s*deviceId\s*=\s*${TEXT}\s*(?:and\s+channelName\s*(?:=\s*${TEXT}|in\s*\(\s*(${LIST})\s*\))\s*)?$`,
  "i",
)
const EACH_TEXT = new RegExp(TEXT, "g")
const PAGE_SIZE_MAX = 100

export function decodeDeviceWhere(value: unknown, limits: Limits): DeviceWhere {
  const where = checkedText(value, "where", { min: 1, max: 4000 })
  const match = CLAUSE.exec(where)
  if (match?.[1] === undefined) {
    throw new DomainError(
      "not_supported",
      "where must be deviceId='…', optionally followed by and channelName='…' or and channelName in ('…', …).",
      { property: "where" },
    )
  }
  const deviceId = checkedText(unquoted(match[1]), "where: deviceId", { min: 1, max: limits.deviceId })
  if (match[2] !== undefined) return { deviceId, channels: new Set([unquoted(match[2])]) }
  return { deviceId, channels: match[3] === undefined ? undefined : new Set(listEntries(match[3])) }
}

export function decodePaging(fields: Readonly<Record<string, unknown>>): {
  readonly pageSize: number
  readonly offset: number
} {
  return {
    pageSize: Math.min(wholeNumber(fields["pageSize"], "pageSize", PAGE_SIZE_MAX), PAGE_SIZE_MAX),
    offset: wholeNumber(fields["offset"], "offset", 0),
  }
}

function wholeNumber(value: unknown, property: string, fallback: number): number {
  if (value === undefined || value === null) return fallback
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value
  throw new DomainError("invalid_property", `${property} must be a whole number from 0.`, { property })
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'")
}

function listEntries(list: string): string[] {
  return [...list.matchAll(EACH_TEXT)].map((match) => unquoted(match[1] ?? ""))
}
