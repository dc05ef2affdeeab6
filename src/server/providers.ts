import type { ProviderName } from "../domain/platform.ts"
import { parseApnsCredential } from "../provider/apns/apns-credential.ts"
import { openApnsProvider } from "../provider/apns/apns-provider.ts"
import { parseFcmCredential } from "../provider/fcm/fcm-credential.ts"
import { openFcmProvider } from "../provider/fcm/fcm-provider.ts"
import type { OpenClient } from "../provider/http2/client.ts"
import { openFramedClient } from "../provider/http2/framed-client.ts"
import { openReferenceClient } from "../provider/http2/reference-client.ts"
import type { Provider } from "../provider/provider.ts"
import { parseWnsCredential } from "../provider/wns/wns-credential.ts"
import { openWnsProvider } from "../provider/wns/wns-provider.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { CredentialInput } from "../service/credentials.ts"
import type { Simulators } from "../simulator/simulator.ts"

/** The three providers as the delivery engine needs them: opened with a credential, or pointed at the sandbox. */

export interface ProviderSurroundings {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Whose HTTP/2 carries the pushes to APNs and FCM. Defaults to "belfry". */
  readonly http2?: Http2
}

export type Http2 = "belfry" | "node"

const OPEN_CLIENT: { readonly [H in Http2]: OpenClient } = {
  belfry: openFramedClient,
  node: openReferenceClient,
}

/** Opens a provider with a credential that was checked when it was stored; throws when it no longer parses. */
export function openProvider(
  name: ProviderName,
  input: CredentialInput,
  surroundings: ProviderSurroundings,
): Provider {
  const { origin, ca, fields } = input
  const { http2 = "belfry", ...rest } = surroundings
  const openClient = OPEN_CLIENT[http2]
  const setup = {
    ...rest,
    ...(origin === undefined ? {} : { origin }),
    ...(ca === undefined ? {} : { ca }),
  }
  switch (name) {
    case "apns":
      return openApnsProvider({ ...setup, openClient, credential: parsed(parseApnsCredential(fields)) })
    case "fcm":
      return openFcmProvider({ ...setup, openClient, credential: parsed(parseFcmCredential(fields)) })
    case "wns":
      return openWnsProvider({ ...setup, credential: parsed(parseWnsCredential(fields)) })
  }
}

function parsed<Credential extends object>(result: Credential | string): Credential {
  if (typeof result === "string") throw new Error(`a stored credential cannot be read: ${result}`)
  return result
}

/** The credentials with which the bundled simulators are reached. */
export function sandboxCredentials(simulators: Simulators): (name: ProviderName) => CredentialInput {
  const { origins, credentials, caCertificatePem: ca } = simulators
  const { privateKey, ...apns } = credentials.apns
  const { tenantId, clientId, clientSecret } = credentials.wns
  const inputs: { readonly [P in ProviderName]: CredentialInput } = {
    apns: { fields: { ...apns, key: privateKey }, origin: origins.apns, ca },
    fcm: { fields: credentials.fcm, origin: origins.fcm, ca },
    wns: { fields: { tenantId, clientId, clientSecret }, origin: origins.wns, ca },
  }
  return (name) => inputs[name]
}
