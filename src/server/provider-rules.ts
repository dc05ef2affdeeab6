import { X509Certificate } from "node:crypto"
import { parseApnsCredential } from "../provider/apns/apns-credential.ts"
import { fieldOf } from "../provider/credential-input.ts"
import { parseFcmCredential } from "../provider/fcm/fcm-credential.ts"
import { addressProblem } from "../provider/origin.ts"
import { parseWnsCredential } from "../provider/wns/wns-credential.ts"
import type { CredentialCheck, CredentialInput, CredentialsOptions } from "../service/credentials.ts"

/** What the services must know of provider credentials, since they import no provider. */

type Summary = Readonly<Record<string, string>>

export const CREDENTIAL_CHECKS: CredentialsOptions["checks"] = {
  apns: checkOf(parseApnsCredential, ({ keyId, teamId, topic, osxTopic, environment }) => ({
    keyId,
    teamId,
    topic,
    ...(osxTopic === topic ? {} : { osxTopic }),
    environment,
  })),
  fcm: checkOf(
    parseFcmCredential,
    ({ projectId, clientEmail }) => ({ projectId, clientEmail }),
    ({ tokenUri }) => !isGoogles(tokenUri),
  ),
  wns: checkOf(parseWnsCredential, ({ tenantId, clientId }) => ({ tenantId, clientId })),
}

function checkOf<Credential>(
  parse: (fields: unknown) => Credential | string,
  summarise: (credential: Credential) => Summary,
  asksElsewhere: (credential: Credential) => boolean = () => false,
): CredentialCheck {
  return (input) => {
    const parsed = parse(input.fields)
    if (typeof parsed === "string") return fault(parsed)
    const problem = destinationProblem(input)
    if (problem !== undefined) return fault(problem)
    const { origin, ca } = input
    return {
      summary: { ...summarise(parsed), ...(origin === undefined ? {} : { origin }) },
      leadsElsewhere: origin !== undefined || ca !== undefined || asksElsewhere(parsed),
    }
  }
}

/** Where service accounts of Google ask for access tokens; old ones at accounts.google.com. */
function isGoogles(tokenUri: string): boolean {
  const { protocol, host } = new URL(tokenUri)
  return protocol === "https:" && (host === "accounts.google.com" || host.endsWith(".googleapis.com"))
}

function fault(problem: string): { readonly problem: string; readonly property: string } {
  return { problem, property: fieldOf(problem) ?? "fields" }
}

function destinationProblem({ origin, ca }: CredentialInput): string | undefined {
  const problem = origin === undefined ? undefined : addressProblem(origin, "origin")
  if (problem !== undefined || ca === undefined) return problem
  try {
    new X509Certificate(ca)
    return undefined
  } catch {
    return "ca must be a certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----"
  }
}
