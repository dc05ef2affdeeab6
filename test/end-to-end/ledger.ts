import { readFileSync } from "node:fs"
import type { ProviderName } from "../../src/domain/platform.ts"
import { addressOf } from "../../src/simulator/device-states.ts"

/** One push that a simulator processed, as it stands in the ledger file. */
export interface LedgerLine {
  /** ms since 1970. */
  readonly at: number
  readonly provider: ProviderName
  readonly token: string
  readonly messageId?: string
  readonly outcome: "accepted" | "rejected"
  readonly reason?: string
}

/** All lines of a ledger, or those of one message. */
export function readLedger(file: string, messageId?: string): readonly LedgerLine[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "" && (messageId === undefined || text.includes(messageId)))
  return lines.map((text) => JSON.parse(text) as LedgerLine)
}

export function linesFor(
  lines: readonly LedgerLine[],
  provider: ProviderName,
  token: string,
): readonly LedgerLine[] {
  const address = addressOf(provider, token)
  return lines.filter((line) => line.provider === provider && addressOf(provider, line.token) === address)
}
