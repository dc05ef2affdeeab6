import type { KeyObject } from "node:crypto"
import { fieldsOf, privateKeyOf, quoted } from "../credential-input.ts"

export type ApnsEnvironment = "production" | "sandbox"

/** A token-based APNs credential: a key of a developer team for one app. */
export interface ApnsCredential {
  readonly key: KeyObject
  readonly keyId: string
  readonly teamId: string
  /** The bundle id of the app. */
  readonly topic: string
  /** The bundle id of the macOS app where it differs. */
  readonly osxTopic: string
  readonly environment: ApnsEnvironment
}

const TEN_CHARACTERS = /^[A-Z0-9]{10}$/
const BUNDLE_ID = /^[A-Za-z0-9][A-Za-z0-9.-]{0,154}$/

/**
 * Reads `{key, keyId, teamId, topic, osxTopic?, environment?}`, where `key` is the text of the .p8 file; `environment`
 * defaults to production. Returns the credential, or a text that says what is wrong and what would be right.
 */
export function parseApnsCredential(input: unknown): ApnsCredential | string {
  const fields = fieldsOf(input)
  if (fields === undefined) return "an APNs credential must be an object with key, keyId, teamId and topic"
  const { key: pem, keyId, teamId, topic, osxTopic = topic, environment = "production" } = fields
  const key = signingKey(pem)
  if (typeof key === "string") return key
  if (!isMatch(keyId, TEN_CHARACTERS)) return tenCharacters("keyId", "Keys", keyId)
  if (!isMatch(teamId, TEN_CHARACTERS)) return tenCharacters("teamId", "Membership details", teamId)
  if (!isMatch(topic, BUNDLE_ID))
    return `topic must be the app's bundle id, such as com.example.app, not ${quoted(topic)}`
  if (!isMatch(osxTopic, BUNDLE_ID)) {
    return `osxTopic must be the macOS app's bundle id, such as com.example.app, not ${quoted(osxTopic)}`
  }
  if (environment !== "production" && environment !== "sandbox") {
    return `environment must be production or sandbox, not ${quoted(environment)}`
  }
  return { key, keyId, teamId, topic, osxTopic, environment }
}

function signingKey(pem: unknown): KeyObject | string {
  const key = typeof pem === "string" ? privateKeyOf(pem) : undefined
  if (key === undefined) {
    return `key must be the text of the AuthKey_….p8 file, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----${mistaken(pem)}`
  }
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    return `key must be an EC private key on the curve P-256 as Apple issues it, not a ${key.asymmetricKeyType} key of another kind`
  }
  return key
}

/** Which file it is instead, if it is one that people take for the key. */
function mistaken(text: unknown): string {
  if (typeof text !== "string") return ""
  if (/"type"\s*:\s*"service_account"/.test(text)) return "; this is a service account, which belongs to FCM"
  if (text.includes("BEGIN CERTIFICATE")) {
    return "; this is a certificate: make a key under Keys in the Apple developer account instead"
  }
  return ""
}

function isMatch(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value)
}

function tenCharacters(name: string, page: string, value: unknown): string {
  return `${name} must be 10 capital letters and digits, as shown under ${page} in the Apple developer account, not ${quoted(value)}`
}
