import type { Schema } from "../../../api/client.ts"
import { type CsvRow, CsvRows } from "./csv-rows.ts"

/** Rows of a CSV file as registrations: the columns of the export, of which only four must be there. */

export type NewDevice = Schema<"DeviceImport">["devices"][number]

/** So many are handed out together, or a few more: browsers read files in parts of any size. */
const ROWS_AT_ONCE = 1000

const REQUIRED = ["deviceToken", "deviceId", "os", "osVersion"] as const

export interface DeviceRow {
  /** Of the file, the header being 1. */
  readonly line: number
  readonly device: NewDevice
  /** Why it cannot be taken as it stands; undefined when it can. */
  readonly problem?: string
}

export interface DeviceRows {
  readonly rows: readonly DeviceRow[]
  /** How much of the file has been read with them. */
  readonly bytesRead: number
}

/**
 * Hands out the rows piece by piece and waits until each piece is dealt with. Rejects when the file lacks a column, is not
 * UTF-8 or no CSV, and ends early when the signal aborts.
 */
export async function readDevices(
  file: Blob,
  handle: (rows: DeviceRows) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const csv = new CsvRows()
  let columns: readonly string[] | undefined
  let waiting: DeviceRow[] = []
  const take = (found: readonly CsvRow[]) => {
    for (const row of found) {
      if (columns === undefined) columns = columnsOf(row)
      else waiting.push(deviceRowOf(columns, row))
    }
  }
  let bytesRead = 0
  for await (const part of partsOf(file)) {
    if (signal.aborted) return
    bytesRead += part.length
    take(csv.next(decoded(decoder, part)))
    if (waiting.length < ROWS_AT_ONCE) continue
    await handle({ rows: waiting, bytesRead })
    waiting = []
  }
  if (signal.aborted) return
  take([...csv.next(decoded(decoder)), ...csv.end()])
  if (columns === undefined) throw new Error("The file is empty. Its first line must name the columns.")
  await handle({ rows: waiting, bytesRead })
}

/** Not every browser can iterate over a stream. */
async function* partsOf(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = file.stream().getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel()
  }
}

/** Without bytes: what is left at the end. A character may be split between two parts; a wrong byte must not become another name. */
function decoded(decoder: TextDecoder, part?: Uint8Array<ArrayBuffer>): string {
  try {
    return part === undefined ? decoder.decode() : decoder.decode(part, { stream: true })
  } catch {
    throw new Error("The file is not UTF-8. Save it as “CSV UTF-8”, or export it again, and import that.")
  }
}

function columnsOf({ fields }: CsvRow): readonly string[] {
  const columns = fields.map((name) => name.trim())
  const missing = REQUIRED.filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    throw new Error(
      `The first line of the file must name the columns, and ${missing.join(", ")} is not among them. An export has them all when it is made with the tokens.`,
    )
  }
  return columns
}

function deviceRowOf(columns: readonly string[], { line, fields }: CsvRow): DeviceRow {
  const device = deviceOf((name) => fields[columns.indexOf(name)] ?? "")
  if (fields.length <= columns.length) return { line, device }
  const problem = `The row has ${fields.length} fields, and the first line names ${columns.length} columns. A field with a comma in it needs quotes around it.`
  return { line, device, problem }
}

function deviceOf(field: (name: string) => string): NewDevice {
  const text = (name: string) => plain(field(name))
  const channels = channelsOf(field("channels"))
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
function channelsOf(field: string): string[] {
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
