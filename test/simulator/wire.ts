import { sign } from "node:crypto"
import { once } from "node:events"
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2"
import { Agent, request as httpsRequest } from "node:https"
import { FakeClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import type { Fault, FaultAction } from "../../src/simulator/fault-rules.ts"
import type { JournalEntry } from "../../src/simulator/journal.ts"
import { openSimulators, type SimulatorOptions, type Simulators } from "../../src/simulator/simulator.ts"
import type { TestCredentials } from "../../src/simulator/test-credentials.ts"

/** Running simulators on a fake clock, and plain clients of node:http2 and node:https that talk to them. */

export const TOKEN = "ab".repeat(32)

export interface Setup extends AsyncDisposable {
  readonly clock: FakeClock
  readonly simulators: Simulators
}

// One set of keys for all tests of a file: making an RSA key takes longer than most of the tests.
let credentials: TestCredentials | undefined

export async function setup(options: Partial<SimulatorOptions> = {}): Promise<Setup> {
  const clock = new FakeClock()
  const simulators = await openSimulators({
    clock,
    random: seededRandom(7),
    ...(credentials && { credentials }),
    ...options,
  })
  credentials ??= simulators.credentials
  return { clock, simulators, [Symbol.asyncDispose]: () => simulators.close() }
}

/** Sets a fault, at APNs unless `more` says otherwise. */
export function strike({ simulators }: Setup, action: FaultAction, more: Partial<Fault> = {}): void {
  simulators.faults.add({ provider: "apns", action, ...more })
}

export function nextEntry({ journal }: Simulators): Promise<JournalEntry> {
  return new Promise((resolve) => {
    const stop = journal.subscribe((entry) => {
      stop()
      resolve(entry)
    })
  })
}

/** Waits for a condition that other code of this process brings about. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve))
}

// --- signing

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}

export function signedToken(
  algorithm: "ES256" | "RS256",
  privateKey: string,
  header: object,
  claims: object,
): string {
  const text = `${base64url({ alg: algorithm, ...header })}.${base64url(claims)}`
  const key = algorithm === "ES256" ? ({ key: privateKey, dsaEncoding: "ieee-p1363" } as const) : privateKey
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`
}

interface ApnsSigner {
  readonly privateKey: string
  readonly keyId: string
  readonly teamId: string
}

/** A provider token; `changes` replaces claims. */
export function providerToken(signer: ApnsSigner, now: number, changes: object = {}): string {
  const claims = { iss: signer.teamId, iat: Math.floor(now / 1000), ...changes }
  return `bearer ${signedToken("ES256", signer.privateKey, { kid: signer.keyId }, claims)}`
}

// --- HTTP/2

export interface WireAnswer {
  /** Undefined when the stream ended without an answer. */
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  /** Pieces in which the body came. */
  readonly parts: number
  /** The HTTP/2 error code with which the stream ended. */
  readonly resetCode: number
}

export async function openHttp2(origin: string, ca: string): Promise<ClientHttp2Session> {
  const session = connect(origin, { ca })
  session.on("error", () => {})
  await once(session, "remoteSettings")
  return session
}

export function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string | Buffer,
): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const stream = session.request({ ":method": "POST", ...headers }, { endStream: false })
    const parts: Buffer[] = []
    let answer: Record<string, unknown> = {}
    stream.on("error", () => {})
    stream.on("response", (received) => {
      answer = received
    })
    stream.on("data", (part: Buffer) => parts.push(part))
    stream.on("close", () =>
      resolve({
        status: answer[":status"] as number | undefined,
        headers: answer,
        body: Buffer.concat(parts).toString(),
        parts: parts.length,
        resetCode: stream.rstCode ?? 0,
      }),
    )
    stream.end(body)
  })
}

export const ALERT = JSON.stringify({ aps: { alert: { title: "Lunch", body: "The soup is ready" } } })

export interface PushOptions {
  readonly token?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

/** One connection to the APNs simulator with its own provider token. */
export class ApnsClient implements AsyncDisposable {
  readonly session: ClientHttp2Session
  authorization: string

  constructor(session: ClientHttp2Session, authorization: string) {
    this.session = session
    this.authorization = authorization
  }

  static async open(
    { clock, simulators }: Setup,
    origin = simulators.origins.apns,
    signer: ApnsSigner = simulators.credentials.apns,
  ): Promise<ApnsClient> {
    const session = await openHttp2(origin, simulators.caCertificatePem)
    return new ApnsClient(session, providerToken(signer, clock.now()))
  }

  /** Headers with the value undefined are left out. */
  push({ token = TOKEN, path = `/3/device/${token}`, headers = {}, body = ALERT }: PushOptions = {}) {
    const all = {
      ":path": path,
      authorization: this.authorization,
      "apns-topic": "com.example.app",
      "apns-push-type": "alert",
      ...headers,
    }
    const present = Object.entries(all).filter(([, value]) => value !== undefined)
    return ask(this.session, Object.fromEntries(present), body)
  }

  /** The reason of the refusal, or the status as text. */
  async reason(options: PushOptions = {}): Promise<string> {
    const { status, body } = await this.push(options)
    return body === "" ? String(status) : `${status} ${JSON.parse(body).reason}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.destroy()
  }
}

// --- HTTP/1.1

interface HttpOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly agent?: Agent
}

/** Rejects when the connection ends without a whole answer. */
export function fetchHttp1(url: string, ca: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method = "POST", headers = {}, body = "", agent = new Agent({ keepAlive: false }) } = options
    const request = httpsRequest(url, { method, headers, agent, ca }, (response) => {
      const parts: Buffer[] = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("error", reject)
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? "",
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      )
    })
    request.on("error", reject)
    request.end(body)
  })
}

export interface HttpAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}
