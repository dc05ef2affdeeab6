import { openApnsProvider } from "../../src/provider/apns/apns-provider.ts"
import type { OpenClient } from "../../src/provider/http2/client.ts"
import type { ArrivedPush, FixtureOptions, ProviderFixture } from "./provider-contract.ts"
import { providerSetup } from "./provider-setup.ts"
import { type ArrivedRequest, openHttp2Server, type ScriptedHttp2Server } from "./scripted-http2-server.ts"
import { apnsCredential } from "./test-credentials.ts"

/** A push in front of a server that speaks APNs. */
export interface ArrivedApnsPush extends ArrivedPush {
  readonly request: ArrivedRequest
  /** An error of APNs: `{"reason", …}`. */
  refuse(status: number, reason: string, more?: object): void
}

export interface ApnsFixture extends ProviderFixture<ArrivedApnsPush> {
  readonly server: ScriptedHttp2Server
}

export async function openApnsFixture(
  openClient: OpenClient,
  options: FixtureOptions = {},
): Promise<ApnsFixture> {
  const server = await openHttp2Server({ maxConcurrentStreams: 100 })
  const setup = providerSetup(server.origin, options.inFlightMax)
  const provider = openApnsProvider({ ...setup, credential: apnsCredential(), openClient })
  return {
    server,
    provider,
    clock: setup.clock,
    platform: "ios",
    token: (index) => index.toString(16).padStart(64, "ab"),
    malformedToken: "not hexadecimal",
    nextPush: async () => arrivedPush(await server.requests.next()),
    get arrived() {
      return server.requests.count
    },
    disappear: () => server.close(),
    async [Symbol.asyncDispose]() {
      await provider.close(AbortSignal.abort())
      await server.close()
    },
  }
}

function arrivedPush(request: ArrivedRequest): ArrivedApnsPush {
  const refuse = (status: number, reason: string, more: object = {}) =>
    request.respond(status, { "content-type": "application/json" }, JSON.stringify({ reason, ...more }))
  return {
    request,
    token: String(request.headers[":path"]).slice("/3/device/".length),
    authorization: request.headers.authorization ?? "",
    accept: () => request.respond(200, { "apns-id": "2B3E4A5C-0000-0000-0000-000000000001" }),
    refuse,
    refuseAuthorization: () => refuse(403, "ExpiredProviderToken"),
    vanish: () => request.session.destroy(),
  }
}
