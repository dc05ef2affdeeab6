import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { client, type Schema } from "../../../api/client.ts"
import { type DeviceRows, readDevices } from "./device-rows.ts"

type Answer = Schema<"ImportedDevices">

/** The management API takes so many at once. */
const SLICE = 1000
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
  useEffect(() => () => running.current?.abort(), [])

  const start = async (file: File) => {
    const stopper = new AbortController()
    running.current = stopper
    setState({ ...READY, stage: "running", bytes: file.size })
    let line = 2
    const handle = async ({ devices, bytesRead }: DeviceRows) => {
      for (let at = 0; at < devices.length && !stopper.signal.aborted; at += SLICE) {
        const slice = devices.slice(at, at + SLICE)
        const answer = await send(applicationId, slice, stopper.signal)
        const first = line
        setState((before) => added(before, answer, slice, first))
        line += slice.length
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

async function send(
  applicationId: string,
  devices: DeviceRows["devices"],
  signal: AbortSignal,
): Promise<Answer> {
  const { data } = await client.POST("/admin/v1/applications/{applicationId}/device-imports", {
    params: { path: { applicationId } },
    body: { devices: [...devices] },
    signal,
  })
  return data as Answer
}

function added(before: ImportState, answer: Answer, slice: DeviceRows["devices"], line: number): ImportState {
  const room = REFUSED_SHOWN - before.refusals.length
  const refusals = answer.refused.slice(0, Math.max(0, room)).map(({ index, message }) => ({
    line: line + index,
    deviceId: slice[index]?.deviceId ?? "",
    message,
  }))
  return {
    ...before,
    created: before.created + answer.created,
    renewed: before.renewed + answer.renewed,
    refused: before.refused + answer.refused.length,
    refusals: [...before.refusals, ...refusals],
  }
}
