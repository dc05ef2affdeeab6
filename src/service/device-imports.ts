import type { RegistrationRequest } from "../domain/device.ts"
import { DomainError } from "../domain/errors.ts"
import type { Devices } from "./devices.ts"

/** Rows of one call: a second of a busy store at most, and a body of a few hundred kilobytes. */
export const IMPORTED_AT_ONCE = 1_000

export interface RefusedRow {
  /** Of the row, from 0. */
  readonly index: number
  readonly code: number
  readonly message: string
}

export interface ImportResult {
  readonly created: number
  readonly renewed: number
  readonly refused: readonly RefusedRow[]
}

/**
 * Registers every row that can be, in their order, and says of the others why not. Resolves when they are on stable
 * storage. A store that cannot write fails the whole call: importing the same rows again does no harm.
 */
export async function importDevices(
  devices: Pick<Devices, "register">,
  application: number,
  rows: readonly unknown[],
  decode: (row: unknown) => RegistrationRequest,
): Promise<ImportResult> {
  const outcomes = await Promise.all(
    rows.map(async (row, index) => {
      try {
        return (await devices.register(application, decode(row))).created ? "created" : "renewed"
      } catch (error) {
        if (!(error instanceof DomainError) || error.error === "unavailable") throw error
        return { index, code: error.code, message: error.message }
      }
    }),
  )
  return {
    created: outcomes.filter((outcome) => outcome === "created").length,
    renewed: outcomes.filter((outcome) => outcome === "renewed").length,
    refused: outcomes.filter((outcome) => typeof outcome !== "string"),
  }
}
