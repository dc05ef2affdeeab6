import { openFcmProvider } from "../../src/provider/fcm/fcm-provider.ts"
import type { OpenClient } from "../../src/provider/http2/client.ts"
import type { ArrivedPush, FixtureOptions, ProviderFixture } from "./provider-contract.ts"
import { providerSetup } from "./provider-setup.ts"
import { openHttp1Server, type ScriptedHttp1Server } from "./scripted-http1-server.ts"
import { type ArrivedRequest, openHttp2Server, type ScriptedHttp2Server } from "./scripted-http2-server.ts"
import { fcmCredential } from "./test-credentials.ts"

/** A push in front of a server that speaks FCM HTTP v1. */
export interface ArrivedFcmPush extends ArrivedPush {
  readonly request: ArrivedRequest
  readonly message: FcmMessage
  /** An error of FCM; `errorCode` adds the FcmError detail. */
  refuse(status: number, error: FcmErrorReply): void
}

export interface FcmMessage {
  readonly token: string
  readonly android: Readonly<Record<string, string>>
  readonly data: Readonly<Record<string, string>>
}

export interface FcmErrorReply {
  readonly status: string
  readonly message?: string
  readonly errorCode?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface FcmFixture extends ProviderFixture<ArrivedFcmPush> {
  readonly server: ScriptedHttp2Server
  readonly tokenServer: ScriptedHttp1Server
  /** The forms of the exchanges so far. */
  readonly exchanges: readonly URLSearchParams[]
}

export interface FcmFixtureOptions extends FixtureOptions {
  /** The test answers the exchanges itself, from `tokenServer.requests`. */
  readonly scriptsExchanges?: boolean
}

export async function openFcmFixture(
  openClient: OpenClient,
  options: FcmFixtureOptions = {},
): Promise<FcmFixture> {
  const exchanges: URLSearchParams[] = []
  const server = await openHttp2Server({ maxConcurrentStreams: 100 })
  const tokenServer = await openHttp1Server((request) => {
    exchanges.push(new URLSearchParams(request.body))
    if (options.scriptsExchanges === true) return false
    request.respond(200, {}, JSON.stringify(grant(exchanges.length)))
    return true
  })
  const setup = providerSetup(server.origin, options.inFlightMax)
  const credential = fcmCredential({ token_uri: `${tokenServer.origin}/token` })
  const provider = openFcmProvider({ ...setup, credential, openClient })
  return {
    server,
    tokenServer,
    exchanges,
    provider,
    clock: setup.clock,
    platform: "android",
    token: (index) => `fcm-${index}:APA91b_"quoted"\\`,
    malformedToken: "has a space",
    nextPush: async () => arrivedPush(await server.requests.next()),
    get arrived() {
      return server.requests.count
    },
    disappear: () => server.close(),
    async [Symbol.asyncDispose]() {
      await provider.close(AbortSignal.abort())
      await server.close()
      await tokenServer[Symbol.asyncDispose]()
    },
  }
}

export function grant(number: number): object {
  return { access_token: `access-${number}`, expires_in: 3599, token_type: "Bearer" }
}

function arrivedPush(request: ArrivedRequest): ArrivedFcmPush {
  const { message } = JSON.parse(request.body) as { message: FcmMessage }
  const refuse = (status: number, { headers, ...error }: FcmErrorReply) =>
    request.respond(status, { "content-type": "application/json", ...headers }, fcmErrorBody(status, error))
  return {
    request,
    message,
    token: message.token,
    authorization: request.headers.authorization ?? "",
    accept: () => request.respond(200, {}, JSON.stringify({ name: "projects/example-project/messages/1" })),
    refuse,
    refuseAuthorization: () => refuse(401, { status: "UNAUTHENTICATED" }),
    vanish: () => request.session.destroy(),
  }
}

export function fcmErrorBody(code: number, { status, message = "", errorCode }: FcmErrorReply): string {
  const details =
    errorCode === undefined
      ? []
      : [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode }]
  return JSON.stringify({ error: { code, message, status, details } })
}
