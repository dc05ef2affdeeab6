import type { ProviderName } from "../domain/platform.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import { type Random, upperCaseUuid } from "../runtime/random.ts"
import type { CredentialInput } from "../service/credentials.ts"
import type { Sandbox } from "../service/services.ts"
import type { JournalEntry } from "../simulator/journal.ts"
import { openSimulators, type Simulators } from "../simulator/simulator.ts"
import { PhoneRecorder } from "./phone-recorder.ts"
import { sandboxCredentials } from "./providers.ts"

/** The bundled simulators in this process, and what the services may know of them. */
export interface OpenSandbox extends AsyncDisposable {
  readonly simulators: Simulators
  readonly service: Sandbox
  /** The credential of an application, by its number in the store: no two have the same. */
  readonly credential: (provider: ProviderName, application: number) => CredentialInput
}

export async function openSandbox(surroundings: {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}): Promise<OpenSandbox> {
  const simulators = await openSimulators(surroundings)
  const { privateKey: key, keyId, teamId } = simulators.credentials.apns
  // Of any topic: each application has one of its own.
  simulators.trustApnsKey({ keyId, teamId, key })
  const phones = new PhoneRecorder(upperCaseUuid(surroundings.random).slice(0, 8), applicationIn)
  simulators.journal.subscribe((entry) => phones.add(entry))
  return {
    simulators,
    credential: (provider, application) => credentialOf(simulators, provider, application),
    service: {
      phones,
      journal: ({ token, since, limit }) => ({
        entries: simulators.journal.read({
          limit,
          ...(token === undefined ? {} : { token }),
          ...(since === undefined ? {} : { since }),
        }),
        totals: simulators.counters(),
      }),
    },
    [Symbol.asyncDispose]: () => simulators.close(),
  }
}

/**
 * As the providers tell apps apart, and so the journal: APNs by the topic, FCM by the project, WNS by the client. Without
 * that, what a device of one application got could be shown for another that registered the same token.
 */
function credentialOf(simulators: Simulators, provider: ProviderName, application: number): CredentialInput {
  const input = sandboxCredentials(simulators)(provider)
  const name = `sandbox-application-${application}`
  const { fcm, wns } = simulators.credentials
  switch (provider) {
    case "apns":
      return { ...input, fields: { ...(input.fields as object), topic: name } }
    case "fcm": {
      const account = { ...fcm, project_id: name, client_email: `${name}@example.com` }
      simulators.trustFcmAccount(account)
      return { ...input, fields: account }
    }
    case "wns": {
      const { tenantId, clientSecret } = wns
      const client = { tenantId, clientSecret, clientId: clientIdOf(application) }
      simulators.trustWnsClient(client)
      return { ...input, fields: client }
    }
  }
}

const CLIENT_ID = "5a9db0c5-0000-4000-8000-"

function clientIdOf(application: number): string {
  return CLIENT_ID + application.toString(16).padStart(12, "0")
}

/** The application whose push it is; undefined when it was sent with another credential. */
function applicationIn({ application }: JournalEntry): number | undefined {
  if (application.startsWith(CLIENT_ID)) return Number.parseInt(application.slice(CLIENT_ID.length), 16)
  const number = /^sandbox-application-(\d+)/.exec(application)?.[1]
  return number === undefined ? undefined : Number(number)
}
