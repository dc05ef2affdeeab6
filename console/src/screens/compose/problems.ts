import { HEADER_GROUPS } from "./header-catalogue.ts"
import type { Preview } from "./use-preview.ts"

type Problem = Preview["problems"][number]

const HEADER_NAMES: ReadonlySet<string> = new Set(
  HEADER_GROUPS.flatMap(({ fields }) => fields.map(({ name }) => `headers.${name}`)),
)
const FIELDS: ReadonlySet<string> = new Set(["channel", "deviceIds", "message", "ttlSeconds"])

export interface PlacedProblems {
  /** By the name of the field next to which each is shown. */
  readonly atFields: Readonly<Record<string, string>>
  /** What has no field of its own. */
  readonly others: readonly string[]
}

export function placed(problems: readonly Problem[]): PlacedProblems {
  const atFields: Record<string, string> = {}
  const others: string[] = []
  for (const { property, message } of problems) {
    const field = fieldOf(property, message)
    if (field === undefined) others.push(message)
    else atFields[field] = field in atFields ? `${atFields[field]} ${message}` : message
  }
  return { atFields, others }
}

/** `deviceIds[3]` belongs to `deviceIds`; what concerns the headers as a whole may name one of them. */
function fieldOf(property: string, message: string): string | undefined {
  const field = property.replace(/\[.*$/, "")
  if (FIELDS.has(field) || HEADER_NAMES.has(field)) return field
  const named = /\bthe header ([\w-]+)/.exec(message)?.[1]
  return named !== undefined && HEADER_NAMES.has(`headers.${named}`) ? `headers.${named}` : undefined
}
