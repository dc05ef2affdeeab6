import { unreachable } from "../../api/api-error.ts"
import { client } from "../../api/client.ts"

export interface DeviceExport {
  readonly applicationId: string
  /** Empty: all. */
  readonly channel: string
  /** Empty: all. */
  readonly os: string
  readonly withTokens: boolean
}

export interface ExportProgress {
  readonly devices: number
  readonly bytes: number
}

const LINE_FEED = 0x0a

/**
 * Reads the export as it comes, counting its lines, and hands the whole file to the browser. No name may hold a line
 * break, so every line is a device.
 */
export async function downloadDevices(
  { applicationId, channel, os, withTokens }: DeviceExport,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<ExportProgress> {
  const query = {
    ...(channel !== "" && { channel }),
    ...(os !== "" && { os }),
    ...(withTokens && { tokens: true }),
  }
  const { response } = await client.GET("/admin/v1/applications/{applicationId}/device-export", {
    params: { path: { applicationId }, query },
    parseAs: "stream",
    signal,
  })
  if (response.body === null) throw new Error("The server sent no file. Try again.")
  const parts: Uint8Array<ArrayBuffer>[] = []
  let lines = 0
  let bytes = 0
  for await (const part of chunksOf(response.body)) {
    parts.push(part)
    bytes += part.length
    for (const byte of part) if (byte === LINE_FEED) lines++
    onProgress({ devices: Math.max(0, lines - 1), bytes })
  }
  saveAs(new Blob(parts, { type: "text/csv" }), `devices-${applicationId}.csv`)
  return { devices: Math.max(0, lines - 1), bytes }
}

/** Not every browser can iterate over a stream. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } catch (error) {
    // What browsers say of a connection that was lost on the way tells nobody what to do.
    throw error instanceof TypeError ? unreachable() : error
  } finally {
    reader.releaseLock()
  }
}

function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
