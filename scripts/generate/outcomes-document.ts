import { OBSTACLES } from "../../src/domain/obstacle.ts"
import {
  OUTCOMES,
  type OutcomeKind,
  SUPPRESSED_NEXT,
  SUPPRESSED_REASONS,
  type SuppressedReason,
} from "../../src/domain/outcome.ts"
import { PROVIDER_REASONS } from "../../src/domain/provider-reasons.ts"
import { GENERATED, table } from "./markdown.ts"

/** docs/outcomes.md: what can become of a message for a device. */
export function outcomesDocument(): string {
  const kinds = Object.keys(OUTCOMES) as OutcomeKind[]
  const rows = kinds.map((kind) => {
    const { final, spendsCopy, token, credential, meaning, next } = OUTCOMES[kind]
    return [
      `\`${kind}\``,
      `The message ${meaning}`,
      final ? "yes" : "no",
      spendsCopy ? "yes" : "no",
      token.replaceAll("_", " "),
      credential.replaceAll("_", " "),
      next,
    ]
  })
  return [
    GENERATED,
    "# Outcomes",
    "",
    "What can become of one message for one device. The counts of the final outcomes and the devices that are pending add",
    "up to the audience, always. Accepted by a provider is not delivered to a person.",
    "",
    table(["outcome", "meaning", "final", "spends a copy", "token", "credential", "what happens next"], rows),
    "",
    "## Why a device is suppressed",
    "",
    table(
      ["reason", "meaning", "what to do"],
      Object.entries(SUPPRESSED_REASONS).map(([reason, meaning]) => [
        `\`${reason}\``,
        meaning,
        SUPPRESSED_NEXT[reason as SuppressedReason] ?? OUTCOMES.suppressed.next,
      ]),
    ),
    "",
    "## What a device waits for",
    "",
    "What keeps devices from being sent to for longer than their turn takes: the `obstacles` of a message, and the reason of",
    "`expired`. What follows a colon says more. It can also be what the provider answered to the last attempt.",
    "",
    table(
      ["obstacle", "meaning", "what to do"],
      Object.entries(OBSTACLES).map(([word, { meaning, next }]) => [`\`${word}\``, meaning, next]),
    ),
    "",
    "## What providers answer most",
    "",
    table(
      ["reason", "with the outcome", "meaning", "what to do"],
      PROVIDER_REASONS.map(({ reason, kinds, meaning, next }) => [
        `\`${reason}\``,
        kinds.map((kind) => `\`${kind}\``).join(", "),
        meaning,
        next,
      ]),
    ),
    "",
  ].join("\n")
}
