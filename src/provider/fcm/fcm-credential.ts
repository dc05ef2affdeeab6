import type { KeyObject } from "node:crypto"
import { fieldsOf, privateKeyOf, quoted } from "../credential-input.ts"
import { addressProblem } from "../origin.ts"

/** A service account of a Firebase project. */
export interface FcmCredential {
  readonly projectId: string
  readonly clientEmail: string
  readonly privateKeyId: string
  readonly key: KeyObject
  /** Where access tokens are fetched. */
  readonly tokenUri: string
}

const TOKEN_URI_DEFAULT = "https://oauth2.googleapis.com/token"
const PROJECT_ID = /^[a-z0-9][a-z0-9.:-]{0,99}$/
const RSA_BITS_MIN = 2048

/**
 * Reads a service account as the Firebase console hands it out: the JSON of its file, or the object in it. Returns the
 * credential, or a text that says what is wrong and what would be right.
 */
export function parseFcmCredential(input: unknown): FcmCredential | string {
  if (typeof input === "string" && input.includes("-----BEGIN") && !input.trimStart().startsWith("{")) {
    return `an FCM credential must be the JSON of a service account file, not a private key or certificate on its own (an AuthKey_….p8 file belongs to APNs); ${WHERE}`
  }
  const fields = typeof input === "string" ? parsedFields(input) : fieldsOf(input)
  if (fields === undefined) return `an FCM credential must be the JSON of a service account file; ${WHERE}`
  if ("project_info" in fields) {
    return `an FCM credential must be the JSON of a service account file, not google-services.json, which belongs into the app; ${WHERE}`
  }
  if (fields["type"] !== "service_account") {
    return `type must be "service_account", not ${quoted(fields["type"])}; ${WHERE}`
  }
  const projectId = fields["project_id"]
  if (typeof projectId !== "string" || !PROJECT_ID.test(projectId)) {
    return `project_id must be the id of the Firebase project, not ${quoted(projectId)}; ${WHERE}`
  }
  const clientEmail = fields["client_email"]
  if (typeof clientEmail !== "string" || !/^[^\s@]+@[^\s@]+$/.test(clientEmail)) {
    return `client_email must be the address of the service account, not ${quoted(clientEmail)}; ${WHERE}`
  }
  const privateKeyId = fields["private_key_id"]
  if (typeof privateKeyId !== "string" || privateKeyId === "") {
    return `private_key_id must be the id of the key, not ${quoted(privateKeyId)}; ${WHERE}`
  }
  const tokenUri = fields["token_uri"] ?? TOKEN_URI_DEFAULT
  if (typeof tokenUri !== "string") return `token_uri must be a URL, not ${quoted(tokenUri)}`
  const uriProblem = addressProblem(tokenUri, "token_uri")
  if (uriProblem !== undefined) return uriProblem
  const key = rsaKey(fields["private_key"])
  return typeof key === "string" ? key : { projectId, clientEmail, privateKeyId, key, tokenUri }
}

const WHERE =
  "create one in the Firebase console under Project settings, Service accounts, Generate new private key"

function rsaKey(pem: unknown): KeyObject | string {
  const key = typeof pem === "string" ? privateKeyOf(pem) : undefined
  if (key === undefined)
    return `private_key must be a private key in PEM form, as it stands in the file; ${WHERE}`
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== "rsa" || bits < RSA_BITS_MIN) {
    return `private_key must be an RSA key of at least ${RSA_BITS_MIN} bits, not ${key.asymmetricKeyType} ${bits || ""}`.trim()
  }
  return key
}

function parsedFields(text: string): ReturnType<typeof fieldsOf> {
  try {
    return fieldsOf(JSON.parse(text))
  } catch {
    return undefined
  }
}
