import { OBSTACLES, obstacleSentence } from "../../src/domain/obstacle.ts"
import {
  FINAL_KINDS,
  OUTCOMES,
  SUPPRESSED_NEXT,
  SUPPRESSED_REASONS,
  type SuppressedReason,
} from "../../src/domain/outcome.ts"
import { PROVIDER_REASONS } from "../../src/domain/provider-reasons.ts"

/** console/src/api/outcomes.ts: what outcomes mean and what to do about them, from the one table of outcomes. */
export function consoleOutcomes(): string {
  const words = FINAL_KINDS.map((kind) => {
    const { meaning, next } = OUTCOMES[kind]
    return entry(kind, `The message ${meaning}`, next)
  })
  const suppressed = Object.entries(SUPPRESSED_REASONS).map(([reason, meaning]) =>
    entry(
      `suppressed ${reason}`,
      meaning,
      SUPPRESSED_NEXT[reason as SuppressedReason] ?? OUTCOMES.suppressed.next,
    ),
  )
  const expired = Object.entries(OBSTACLES).map(([word, { next }]) =>
    entry(`expired ${word}`, obstacleSentence(word), next),
  )
  const answered = PROVIDER_REASONS.flatMap(({ kinds, reason, meaning, next }) =>
    kinds.map((kind) => entry(`${kind} ${reason}`, meaning, next)),
  )
  return [
    "// Made by `npm run generate` from the table of outcomes; do not edit.",
    "",
    "interface Words {",
    "  readonly meaning: string",
    "  readonly next: string",
    "}",
    "",
    "/** By outcome. */",
    "export const OUTCOME_WORDS: Readonly<Record<string, Words>> = {",
    ...words,
    "}",
    "",
    "/** By outcome and reason, for reasons that say more. */",
    "export const REASON_WORDS: Readonly<Record<string, Words>> = {",
    ...suppressed,
    ...expired,
    ...answered,
    "}",
    "",
  ].join("\n")
}

function entry(name: string, meaning: string, next: string): string {
  const key = /^\w+$/.test(name) ? name : JSON.stringify(name)
  return `  ${key}: {\n    meaning: ${JSON.stringify(meaning)},\n    next: ${JSON.stringify(next)},\n  },`
}
