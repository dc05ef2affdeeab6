import { openWnsProvider } from "../../src/provider/wns/wns-provider.ts"
import type { ArrivedPush, FixtureOptions, ProviderFixture } from "./provider-contract.ts"
import { providerSetup } from "./provider-setup.ts"
import {
  type ArrivedHttp1Request,
  openHttp1Server,
  type ScriptedHttp1Server,
} from "./scripted-http1-server.ts"
import { WNS_INPUT, wnsCredential } from "./test-credentials.ts"

/** A push in front of a server that speaks WNS. */
export interface ArrivedWnsPush extends ArrivedPush {
  readonly request: ArrivedHttp1Request
  reply(status: number, headers?: Readonly<Record<string, string>>, reasonPhrase?: string): void
}

export interface WnsFixture extends ProviderFixture<ArrivedWnsPush> {
  readonly server: ScriptedHttp1Server
  readonly exchanges: readonly URLSearchParams[]
}

const TOKEN_PATH = `/${WNS_INPUT.tenantId}/oauth2/v2.0/token`

export async function openWnsFixture(options: FixtureOptions = {}): Promise<WnsFixture> {
  const exchanges: URLSearchParams[] = []
  const server = await openHttp1Server((request) => {
    if (request.url !== TOKEN_PATH) return false
    exchanges.push(new URLSearchParams(request.body))
    // Microsoft gives the lifetime as a text.
    const grant = { token_type: "Bearer", expires_in: "86399", access_token: `access-${exchanges.length}` }
    request.respond(200, {}, JSON.stringify(grant))
    return true
  })
  const setup = providerSetup(server.origin, options.inFlightMax)
  const provider = openWnsProvider({ ...setup, credential: wnsCredential() })
  return {
    server,
    exchanges,
    provider,
    clock: setup.clock,
    platform: "wp",
    token: (index) => `https://db5p.notify.windows.com/w/?token=AwYAAAD${index}`,
    // Without an origin of its own the provider suppresses every other host; here only the empty token is no address.
    malformedToken: "",
    nextPush: async () => arrivedPush(await server.requests.next()),
    get arrived() {
      return server.requests.count
    },
    disappear: () => server[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      await provider.close(AbortSignal.abort())
      await server[Symbol.asyncDispose]()
    },
  }
}

function arrivedPush(request: ArrivedHttp1Request): ArrivedWnsPush {
  const reply = (status: number, headers: Readonly<Record<string, string>> = {}, reasonPhrase?: string) =>
    request.respond(status, headers, "", reasonPhrase)
  return {
    request,
    token: `https://db5p.notify.windows.com${request.url}`,
    authorization: request.headers.authorization ?? "",
    reply,
    accept: () => reply(200, { "X-WNS-Status": "received", "X-WNS-Msg-ID": "3E8B" }),
    refuseAuthorization: () => reply(401),
    vanish: () => request.socket.destroy(),
  }
}
