import type { ProviderName } from "../domain/platform.ts"
import { parseApnsCredential } from "../provider/apns/apns-credential.ts"
import { openApnsProvider } from "../provider/apns/apns-provider.ts"
import { parseFcmCredential } from "../provider/fcm/fcm-credential.ts"
import { openFcmProvider } from "../provider/fcm/fcm-provider.ts"
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
}

/** Opens a provider with a credential that was checked when it was stored; throws when it no longer parses. */
export function openProvider(
  name: ProviderName,
  input: CredentialInput,
  surroundings: ProviderSurroundings,
): Provider {
  const { origin, ca, fields } = input
  const setup = {
    ...surroundings,
    ...(origin === undefined ? {} : { origin }),
    ...(ca === undefined ? {} : { ca }),
  }
  switch (name) {
    case "apns":
      return openApnsProvider({
        ...setup,
        credential: parsed(parseApnsCredential(fields)),
        openClient: openReferenceClient,
      })
    case "fcm":
      return openFcmProvider({
        ...setup,
        credential: parsed(parseFcmCredential(fields)),
        openClient: openReferenceClient,
      })
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
