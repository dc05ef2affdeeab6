import { Agent, request } from "node:http"

export interface OpenLoop {
  readonly port: number
  readonly perSecond: number
  readonly seconds: number
  /** The next request: path, body and headers. */
  next(index: number): {
    readonly path: string
    readonly body: object
    readonly headers?: Readonly<Record<string, string>>
  }
}

export interface OpenLoopResult {
  /** From when a request was due, not from when it could be sent, to its answer, in ms, ascending. */
  readonly latencies: readonly number[]
  /** By status; 0: no answer. */
  readonly statuses: Readonly<Record<number, number>>
}

/** Requests at a fixed rate, however slow the answers are: a closed loop would be slowed down by what it measures. */
export async function openLoop({ port, perSecond, seconds, next }: OpenLoop): Promise<OpenLoopResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const start = performance.now()
  const running: Promise<void>[] = []
  const total = Math.round(perSecond * seconds)
  for (let index = 0; index < total; ) {
    // The first is due at once.
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1)
    for (; index < due; index++) {
      const dueAt = start + (index / perSecond) * 1000
      running.push(
        send(agent, port, next(index)).then((status) => {
          statuses[status] = (statuses[status] ?? 0) + 1
          latencies.push(performance.now() - dueAt)
        }),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(running)
  agent.destroy()
  return { latencies: latencies.sort((a, b) => a - b), statuses }
}

function send(
  agent: Agent,
  port: number,
  { path, body, headers = {} }: ReturnType<OpenLoop["next"]>,
): Promise<number> {
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  return new Promise((resolve) => {
    const sent = request(
      {
        agent,
        port,
        host: "127.0.0.1",
        path,
        method: "POST",
        headers: { "content-type": "application/json", "content-length": length, ...headers },
      },
      (response) => {
        response.resume()
        response.on("end", () => resolve(response.statusCode ?? 0))
        response.on("error", () => resolve(0))
      },
    )
    sent.on("error", () => resolve(0))
    sent.end(text)
  })
}
