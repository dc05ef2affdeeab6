import { type Answer, KeepAliveClient } from "../http/keep-alive-client.ts"
import type { DeviceHistory, DeviceState, Ending, Operation } from "./device-history.ts"
import { type DeviceOperations, LANES } from "./device-operations.ts"
import type { RunningServer } from "./server-site.ts"

const READERS = 16

/** Many clients that register, renew and cancel devices over HTTP, each its own ones and one after the other. */
export class Phones {
  readonly history: DeviceHistory
  readonly #operations: DeviceOperations
  #waiting:
    | { readonly type: Ending["type"]; readonly atLeast: number; readonly resolve: () => void }
    | undefined

  constructor(history: DeviceHistory, operations: DeviceOperations) {
    this.history = history
    this.#operations = operations
  }

  /** Works until the server is gone or the signal aborts; throws when an answer contradicts the history. */
  async work(server: RunningServer, signal?: AbortSignal): Promise<void> {
    await Promise.all(LANES.map((lane) => this.#workOn(lane, server, signal)))
  }

  /** Resolves after so many more operations were acknowledged ("ok") or refused ("fail"). */
  reached(type: "ok" | "fail", count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { type, atLeast: this.history.counts[type] + count, resolve }
    })
  }

  /** Works until so many more operations were acknowledged or refused. */
  async workUntil(server: RunningServer, type: "ok" | "fail", count: number): Promise<void> {
    const stop = new AbortController()
    void this.reached(type, count).then(() => stop.abort())
    await this.work(server, stop.signal)
    if (!stop.signal.aborted) throw new Error(`the server ended: ${server.program.stderr}`)
  }

  /** Reads the devices and throws unless each is as it was acknowledged. */
  async verify(server: RunningServer, deviceIds: readonly string[]): Promise<void> {
    const queue = deviceIds.values()
    const readers = Array.from({ length: READERS }, async () => {
      using client = new KeepAliveClient(server.port)
      for (const deviceId of queue) {
        const problem = this.history.verify(deviceId, await read(client, server, deviceId))
        if (problem !== undefined) throw problem
      }
    })
    await Promise.all(readers)
  }

  async #workOn(lane: number, server: RunningServer, signal: AbortSignal | undefined): Promise<void> {
    using client = new KeepAliveClient(server.port)
    while (signal?.aborted !== true) {
      const operation = this.#operations.choose(lane)
      const answer = await client.send(requestOf(server, operation)).catch((error: Error) => error)
      if (answer instanceof Error) return this.history.record(operation, endingOfLoss(answer))
      const ending = this.#endingOf(operation, answer)
      this.history.record(operation, ending)
      this.#announce()
    }
  }

  #announce(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.history.counts[waiting.type] < waiting.atLeast) return
    this.#waiting = undefined
    waiting.resolve()
  }

  #endingOf(operation: Operation, { status, headers, text }: Answer): Ending {
    const body = JSON.parse(text) as { readonly registrationId?: string; readonly code?: number }
    if (status === 200 && operation.op === "cancel") return { type: "ok", found: true }
    if (status === 200) return { type: "ok", ids: idsIn(body.registrationId ?? "") }
    if (operation.op === "cancel" && body.code === 5001) return { type: "ok", found: false }
    if (status === 503 && Number(headers["retry-after"]) >= 1) return { type: "fail" }
    throw new Error(`${JSON.stringify(operation)} was answered with ${status}: ${text}`)
  }
}

/** A request that found nobody listening cannot have done anything. */
function endingOfLoss(error: NodeJS.ErrnoException): Ending {
  return { type: error.code === "ECONNREFUSED" ? "fail" : "unknown" }
}

function requestOf({ path }: RunningServer, operation: Operation) {
  const registrations = `${path}/messaging/registrations`
  return operation.op === "register"
    ? { method: "POST", path: registrations, body: JSON.stringify(operation.body) }
    : { method: "DELETE", path: `${registrations}/${operation.deviceId}` }
}

/** `<id>::<channel>` for each channel, joined with commas. */
function idsIn(registrationId: string): ReadonlyMap<string, string> {
  const parts = registrationId.split(",").map((part) => part.split("::"))
  return new Map(parts.map(([id = "", channel = ""]) => [channel, id]))
}

interface Row {
  readonly objectId: string
  readonly channelName: string
  readonly deviceToken: string
  readonly operatingSystemName: string
  readonly operatingSystemVersion: string
  readonly expiration: number | null
}

async function read(
  client: KeepAliveClient,
  { path }: RunningServer,
  deviceId: string,
): Promise<DeviceState> {
  const { status, text } = await client.send({
    method: "POST",
    path: `${path}/data/DeviceRegistration/find`,
    body: JSON.stringify({ where: `deviceId='${deviceId}'`, pageSize: 100 }),
  })
  if (status !== 200) throw new Error(`${deviceId} could not be read: ${status} ${text}`)
  const rows = JSON.parse(text) as readonly Row[]
  const [first] = rows
  if (first === undefined) return undefined
  return {
    token: first.deviceToken,
    os: first.operatingSystemName,
    osVersion: first.operatingSystemVersion,
    expiration: first.expiration,
    channels: new Map(rows.map(({ channelName, objectId }) => [channelName, objectId])),
  }
}
