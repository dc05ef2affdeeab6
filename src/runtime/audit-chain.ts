import { hash } from "node:crypto"

/** The hash that the first entry of the audit log continues. */
export const CHAIN_START = "0".repeat(64)

/** What the hash of an entry covers. */
export interface ChainedEntry {
  readonly number: number
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly application: string | undefined
  readonly target: string
  /** As stored. */
  readonly detailsJson: string
}

/** SHA-256, hex, over the hash of the entry before and every field of this one. */
export function chainHash(previous: string, entry: ChainedEntry): string {
  const { number, at, actor, action, application, target, detailsJson } = entry
  return hash(
    "sha256",
    `${previous}\n${JSON.stringify([number, at, actor, action, application ?? null, target, detailsJson])}`,
    "hex",
  )
}
