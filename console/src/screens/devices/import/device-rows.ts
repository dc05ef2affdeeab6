import Papa from "papaparse"
import type { Schema } from "../../../api/client.ts"

/** Rows of a CSV file as registrations: the columns of the export, of which only the first four must be there. */

export type NewDevice = Schema<"DeviceImport">["devices"][number]

const REQUIRED = ["deviceToken", "deviceId", "os", "osVersion"] as const

/** Bytes that are parsed at a time; a file of any size is read in pieces. */
const CHUNK_BYTES = 1_048_576

export interface DeviceRows {
  readonly devices: readonly NewDevice[]
  /** How much of the file has been read with them. */
  readonly bytesRead: number
}

/**
 * Hands out the rows piece by piece and waits until each piece is dealt with. Rejects when the file lacks a column or is no
 * CSV, and ends early when the signal aborts.
 */
export function readDevices(
  file: File,
  handle: (rows: DeviceRows) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    Papa.parse<Record<string, string>>(file, {
      header: true,
      skipEmptyLines: true,
      chunkSize: CHUNK_BYTES,
      chunk: ({ data, meta, errors }, parser) => {
        const fault = faultOf(meta.fields ?? [], errors)
        if (fault !== undefined) {
          // In this order: aborting completes.
          reject(fault)
          parser.abort()
          return
        }
        parser.pause()
        handle({ devices: data.map(deviceOf), bytesRead: meta.cursor }).then(
          () => (signal.aborted ? parser.abort() : parser.resume()),
          (error: unknown) => {
            reject(error)
            parser.abort()
          },
        )
      },
      complete: () => resolve(),
      error: reject,
    })
  })
}

function faultOf(columns: readonly string[], errors: readonly Papa.ParseError[]): Error | undefined {
  const missing = REQUIRED.filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    return new Error(
      `The first line of the file must name the columns, and ${missing.join(", ")} is not among them. An export has them all when it is made with the tokens.`,
    )
  }
  const [broken] = errors.filter(({ type }) => type === "Quotes")
  if (broken === undefined) return undefined
  return new Error(
    `Row ${(broken.row ?? 0) + 1} has a quote that is not closed: ${broken.message}. Save it as CSV again.`,
  )
}

function deviceOf(row: Record<string, string>): NewDevice {
  const text = (name: string) => plain(row[name] ?? "")
  const channels = channelsOf(row["channels"] ?? "")
  const expiration = text("expiration")
  return {
    deviceToken: text("deviceToken"),
    deviceId: text("deviceId"),
    os: text("os"),
    osVersion: text("osVersion"),
    ...(channels.length > 0 && { channels }),
    ...(expiration !== "" && { expiration: /^\d+$/.test(expiration) ? Number(expiration) : expiration }),
  }
}

/** The export puts a ' before what a spreadsheet would run; taking one off gives the text back. */
function plain(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field
}

/** Joined with ; and a \ before each ; and \ that belongs to a name. */
export function channelsOf(field: string): string[] {
  const names: string[] = []
  let name = ""
  const text = plain(field)
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === "\\" && at + 1 < text.length) name += text[++at]
    else if (character === ";") {
      names.push(name)
      name = ""
    } else name += character
  }
  names.push(name)
  return names.filter((one) => one !== "")
}
