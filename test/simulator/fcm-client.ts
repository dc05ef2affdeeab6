import type { ClientHttp2Session } from "node:http2"
import {
  ask,
  fetchHttp1,
  type HttpAnswer,
  openHttp2,
  type Setup,
  signedToken,
  type WireAnswer,
} from "./wire.ts"

export const DEVICE = "XXXXXXXXXXXXXXXXXXXXXXXXX"
export const MESSAGING_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

export interface AssertionOptions {
  readonly claims?: object
  readonly header?: object
  readonly privateKey?: string
  readonly grantType?: string
}

/** Asks the token endpoint for an access token. */
export function exchange({ clock, simulators }: Setup, options: AssertionOptions = {}): Promise<HttpAnswer> {
  const { fcm } = simulators.credentials
  const now = Math.floor(clock.now() / 1000)
  const claims = {
    iss: fcm.client_email,
    scope: MESSAGING_SCOPE,
    aud: fcm.token_uri,
    iat: now,
    exp: now + 3_600,
    ...options.claims,
  }
  const header = { typ: "JWT", kid: fcm.private_key_id, ...options.header }
  const assertion = signedToken("RS256", options.privateKey ?? fcm.private_key, header, claims)
  const form = new URLSearchParams({ grant_type: options.grantType ?? JWT_BEARER, assertion })
  return fetchHttp1(fcm.token_uri, simulators.caCertificatePem, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  })
}

export async function accessToken(running: Setup, options: AssertionOptions = {}): Promise<string> {
  return JSON.parse((await exchange(running, options)).body).access_token
}

/** One HTTP/2 connection to the FCM simulator with an access token. */
export class FcmClient implements AsyncDisposable {
  readonly session: ClientHttp2Session
  readonly #running: Setup
  authorization: string
  path: string

  constructor(session: ClientHttp2Session, running: Setup, authorization: string) {
    this.session = session
    this.#running = running
    this.authorization = authorization
    this.path = `/v1/projects/${running.simulators.credentials.fcm.project_id}/messages:send`
  }

  static async open(running: Setup, options: AssertionOptions = {}): Promise<FcmClient> {
    const { origins, caCertificatePem } = running.simulators
    const session = await openHttp2(origins.fcm, caCertificatePem)
    return new FcmClient(session, running, `Bearer ${await accessToken(running, options)}`)
  }

  /** Sends a body as it is. */
  post(body: string): Promise<WireAnswer> {
    const headers = {
      ":path": this.path,
      authorization: this.authorization,
      "content-type": "application/json",
    }
    return ask(this.session, headers, body)
  }

  /** Sends a message to DEVICE unless it names another target. */
  send(message: object = { data: { message: "Hello" } }, request: object = {}): Promise<WireAnswer> {
    return this.post(JSON.stringify({ ...request, message: { token: DEVICE, ...message } }))
  }

  /** The same over HTTP/1.1. */
  sendHttp1(message: object): Promise<HttpAnswer> {
    const { origins, caCertificatePem } = this.#running.simulators
    return fetchHttp1(origins.fcm + this.path, caCertificatePem, {
      headers: { authorization: this.authorization, "content-type": "application/json" },
      body: JSON.stringify({ message: { token: DEVICE, ...message } }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.destroy()
  }
}

interface FcmVerdict {
  readonly status: number | undefined
  readonly grpcStatus: string
  /** Of the FcmError detail; undefined when there is none. */
  readonly errorCode: string | undefined
  readonly fields: readonly string[]
  readonly message: string
}

/** What a client can learn from an error answer. */
export function verdictOf({ status, body }: { readonly status: number | undefined; readonly body: string }) {
  const { error } = JSON.parse(body)
  const details: Record<string, unknown>[] = error.details ?? []
  const detail = (name: string) => details.find((entry) => String(entry["@type"]).endsWith(name))
  const violations = (detail("google.rpc.BadRequest")?.["fieldViolations"] ?? []) as { field: string }[]
  return {
    status,
    grpcStatus: error.status,
    errorCode: detail("FcmError")?.["errorCode"],
    fields: violations.map(({ field }) => field),
    message: error.message,
  } as FcmVerdict
}
