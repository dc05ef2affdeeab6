import type { IncomingMessage, ServerResponse } from "node:http"
import type { Clock } from "../runtime/clock.ts"
import { createServer } from "../runtime/node-http.ts"
import { checkDeviceState, type DeviceState } from "./device-states.ts"
import { checkFault, type Fault } from "./fault-rules.ts"
import type { Checked } from "./field-rules.ts"
import type { Simulators } from "./simulator.ts"

/** Steers running simulators over plain HTTP on 127.0.0.1: journal, counters, faults, device states, credentials. */

export interface ControlServer extends AsyncDisposable {
  /** http://127.0.0.1:<port> */
  readonly origin: string
  close(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly value: object
}

interface ControlRequest {
  readonly query: URLSearchParams
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown
}

type Handler = (request: ControlRequest) => Reply

const BODY_BYTES_MAX = 8 * 1_048_576
const JOURNAL_LIMIT_MAX = 2_000

const done = (value: object): Reply => ({ status: 200, value })
const refused = (status: number, error: string): Reply => ({ status, value: { error } })

/** Rejects when the port is taken; 0 picks a free one. */
export async function openControlServer(
  simulators: Simulators,
  clock: Clock,
  port: number,
): Promise<ControlServer> {
  const routes = routesOf(simulators, clock)
  const server = createServer((request, response) => void serve(request, response, routes))
  const bound = await new Promise<number>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : port)
    })
  })
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  return { origin: `http://127.0.0.1:${bound}`, close, [Symbol.asyncDispose]: close }
}

function routesOf(simulators: Simulators, clock: Clock): ReadonlyMap<string, Handler> {
  const { journal, faults, devices } = simulators
  const routes: Record<string, Handler> = {
    "GET /": () => done({ routes: Object.keys(routes) }),
    "GET /credentials": () =>
      done({
        origins: simulators.origins,
        caCertificatePem: simulators.caCertificatePem,
        ...simulators.credentials,
      }),
    "GET /counters": () => done(simulators.counters()),
    "GET /journal": ({ query }) => readJournal(simulators, query),
    "DELETE /journal": () => {
      journal.clear()
      return done({ lastSequence: journal.lastSequence })
    },
    "GET /faults": () => done({ faults: faults.list() }),
    "POST /faults": ({ body }) =>
      eachOf<Fault>(body, checkFault, (all) => ({ ids: all.map((fault) => faults.add(fault)) })),
    "DELETE /faults": ({ query }) => {
      const id = query.get("id")
      if (id === null) faults.clear()
      else if (!faults.remove(Number(id))) return refused(404, `there is no fault ${id}`)
      return done({ faults: faults.list() })
    },
    "POST /tokens": ({ body }) =>
      eachOf<DeviceState>(body, checkDeviceState, (all) => {
        for (const state of all) devices.declare(state, clock.now())
        return { declared: devices.size }
      }),
    "DELETE /tokens": () => {
      devices.clear()
      return done({ declared: devices.size })
    },
  }
  return new Map(Object.entries(routes))
}

function readJournal({ journal }: Simulators, query: URLSearchParams): Reply {
  const since = numberIn(query, "since")
  const limit = numberIn(query, "limit")
  if (since === "wrong") return refused(400, "since must be a whole number, the sequence of an entry")
  if (limit === "wrong" || (limit !== undefined && (limit < 1 || limit > JOURNAL_LIMIT_MAX))) {
    return refused(400, `limit must be a whole number from 1 to ${JOURNAL_LIMIT_MAX}`)
  }
  const token = query.get("token")
  const entries = journal.read({
    ...(token !== null && { token }),
    ...(since !== undefined && { since }),
    ...(limit !== undefined && { limit }),
  })
  return done({ entries, lastSequence: journal.lastSequence })
}

function numberIn(query: URLSearchParams, name: string): number | undefined | "wrong" {
  const text = query.get(name)
  if (text === null) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : "wrong"
}

/** One object or a list of them; nothing is applied when any of them is wrong. */
function eachOf<Value>(
  body: unknown,
  check: (value: unknown) => Checked<Value>,
  apply: (values: readonly Value[]) => object,
): Reply {
  const values: Value[] = []
  for (const [index, value] of (Array.isArray(body) ? body : [body]).entries()) {
    const checked = check(value)
    if (!checked.ok)
      return refused(400, Array.isArray(body) ? `[${index}]: ${checked.problem}` : checked.problem)
    values.push(checked.value)
  }
  try {
    return done(apply(values))
  } catch (error) {
    if (error instanceof RangeError) return refused(409, error.message)
    throw error
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string, Handler>,
): Promise<void> {
  const { status, value } = await replyTo(request, routes)
  const text = `${JSON.stringify(value, null, 2)}\n`
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" })
  response.end(text)
}

async function replyTo(request: IncomingMessage, routes: ReadonlyMap<string, Handler>): Promise<Reply> {
  // A web page may reach loopback ports: one behind a rebound name shows a foreign Host, one that posts a form cannot
  // send JSON without asking first.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(request.headers.host ?? "")) {
    return refused(403, "the control server answers to 127.0.0.1 and localhost only")
  }
  const url = new URL(request.url ?? "/", "http://127.0.0.1")
  const handler = routes.get(`${request.method} ${url.pathname}`)
  if (handler === undefined) {
    return refused(404, `${request.method} ${url.pathname} is not known; GET / lists what is`)
  }
  if (request.method !== "POST") return handler({ query: url.searchParams, body: undefined })
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return refused(415, "the content-type must be application/json")
  }
  const text = await bodyOf(request)
  if (text === undefined) return refused(413, `the body may have ${BODY_BYTES_MAX} bytes`)
  try {
    return handler({ query: url.searchParams, body: JSON.parse(text) })
  } catch (error) {
    if (error instanceof SyntaxError) return refused(400, `the body is not JSON: ${error.message}`)
    throw error
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= BODY_BYTES_MAX) parts.push(part)
  }
  return bytes <= BODY_BYTES_MAX ? Buffer.concat(parts).toString("utf8") : undefined
}
