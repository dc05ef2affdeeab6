import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { client, type Schema } from "../../../api/client.ts"
import { noteUnsaved } from "../../../app/unsaved.ts"
import { type DeviceRow, type DeviceRows, readDevices } from "./device-rows.ts"

type Answer = Schema<"ImportedDevices">

/** The management API takes so many at once, and so many characters of them fit into a request with room to spare. */
const SLICE = 1000
const SLICE_LENGTH = 200_000
/** So many refused rows are shown with their reasons; more are counted. */
const REFUSED_SHOWN = 100

export interface Refusal {
  /** The line of the file, the header being 1. */
  readonly line: number
  readonly deviceId: string
  readonly message: string
}

export interface ImportState {
  readonly stage: "ready" | "running" | "done" | "stopped" | "failed"
  readonly bytesRead: number
  readonly bytes: number
  readonly created: number
  readonly renewed: number
  readonly refused: number
  readonly refusals: readonly Refusal[]
  readonly error?: Error
}

const READY: ImportState = {
  stage: "ready",
  bytesRead: 0,
  bytes: 0,
  created: 0,
  renewed: 0,
  refused: 0,
  refusals: [],
}

/** Sends a file in slices, one after the other: what was answered is stored, whatever happens to the rest. */
export function useImport(applicationId: string) {
  const [state, setState] = useState(READY)
  const running = useRef<AbortController>(undefined)
  const queries = useQueryClient()
  // Leaving the screen ends the import.
  useEffect(() => () => running.current?.abort(), [])
  const isRunning = state.stage === "running"
  useEffect(() => {
    noteUnsaved("import", isRunning)
    return () => noteUnsaved("import", false)
  }, [isRunning])

  const start = async (file: File) => {
    const stopper = new AbortController()
    running.current = stopper
    setState({ ...READY, stage: "running", bytes: file.size })
    const handle = async ({ rows, bytesRead }: DeviceRows) => {
      for (const slice of slicesOf(rows)) {
        if (stopper.signal.aborted) return
        const outcome = await send(applicationId, slice, stopper.signal)
        setState((before) => added(before, outcome))
      }
      setState((before) => ({ ...before, bytesRead }))
    }
    try {
      await readDevices(file, handle, stopper.signal)
      const stage = stopper.signal.aborted ? "stopped" : "done"
      setState((before) => ({ ...before, stage, ...(stage === "done" && { bytesRead: before.bytes }) }))
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      setState((before) =>
        stopper.signal.aborted
          ? { ...before, stage: "stopped" }
          : { ...before, stage: "failed", error: failure },
      )
    }
    await queries.invalidateQueries()
  }
  return { state, start, stop: () => running.current?.abort(), reset: () => setState(READY) }
}

/** Never more in one request than it may hold. */
function* slicesOf(rows: readonly DeviceRow[]): Generator<readonly DeviceRow[]> {
  let slice: DeviceRow[] = []
  let length = 0
  for (const row of rows) {
    const size = JSON.stringify(row.device).length
    if (slice.length === SLICE || (slice.length > 0 && length + size > SLICE_LENGTH)) {
      yield slice
      slice = []
      length = 0
    }
    slice.push(row)
    length += size
  }
  if (slice.length > 0) yield slice
}

interface SliceOutcome {
  readonly created: number
  readonly renewed: number
  readonly refusals: readonly Refusal[]
}

/** What cannot be taken as it stands in the file is not sent at all. */
async function send(
  applicationId: string,
  slice: readonly DeviceRow[],
  signal: AbortSignal,
): Promise<SliceOutcome> {
  const sound = slice.filter(({ problem }) => problem === undefined)
  const broken = slice.flatMap((row) => (row.problem === undefined ? [] : [refusalOf(row, row.problem)]))
  if (sound.length === 0) return { created: 0, renewed: 0, refusals: broken }
  const { data } = await client.POST("/admin/v1/applications/{applicationId}/device-imports", {
    params: { path: { applicationId } },
    body: { devices: sound.map(({ device }) => device) },
    signal,
  })
  const { created, renewed, refused } = data as Answer
  const refusals = refused.flatMap(({ index, message }) => {
    const row = sound[index]
    return row === undefined ? [] : [refusalOf(row, message)]
  })
  return { created, renewed, refusals: [...broken, ...refusals].sort((a, b) => a.line - b.line) }
}

function refusalOf({ line, device: { deviceId } }: DeviceRow, message: string): Refusal {
  return { line, deviceId, message }
}

function added(before: ImportState, { created, renewed, refusals }: SliceOutcome): ImportState {
  const room = REFUSED_SHOWN - before.refusals.length
  return {
    ...before,
    created: before.created + created,
    renewed: before.renewed + renewed,
    refused: before.refused + refusals.length,
    refusals: [...before.refusals, ...refusals.slice(0, Math.max(0, room))],
  }
}
