import { fieldsOf, quoted } from "../credential-input.ts"
import { Secret } from "../secret.ts"

/** An app registration in Microsoft Entra ID (Azure AD) that may send through WNS. */
export interface WnsCredential {
  /** The directory: a UUID or a domain. */
  readonly tenantId: string
  /** The application: a UUID. */
  readonly clientId: string
  readonly clientSecret: Secret
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DOMAIN = /^(?=.{3,253}$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+$/i
const PRINTABLE = /^[\x21-\x7e]{8,512}$/

/**
 * Reads `{tenantId, clientId, clientSecret}`. Returns the credential, or a text that says what is wrong and what would
 * be right.
 */
export function parseWnsCredential(input: unknown): WnsCredential | string {
  const fields = fieldsOf(input)
  if (fields === undefined)
    return "a WNS credential must be an object with tenantId, clientId and clientSecret"
  const { tenantId, clientId, clientSecret } = fields
  if (typeof tenantId !== "string" || !(UUID.test(tenantId) || DOMAIN.test(tenantId))) {
    return `tenantId must be the Directory (tenant) ID of the Azure app registration, a UUID or a domain, not ${quoted(tenantId)}`
  }
  if (typeof clientId !== "string" || !UUID.test(clientId)) {
    return `clientId must be the Application (client) ID of the Azure app registration, a UUID, not ${quoted(clientId)}`
  }
  const secret = typeof clientSecret === "string" ? clientSecret.trim() : ""
  if (!PRINTABLE.test(secret)) {
    return "clientSecret must be the Value (not the Secret ID) of a client secret of the Azure app registration"
  }
  if (UUID.test(secret))
    return "clientSecret looks like the Secret ID; it must be the Value of the client secret"
  return { tenantId, clientId, clientSecret: new Secret(secret) }
}
