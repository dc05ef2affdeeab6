import { generateKeyPairSync } from "node:crypto"
import { type ApnsCredential, parseApnsCredential } from "../../src/provider/apns/apns-credential.ts"
import { type FcmCredential, parseFcmCredential } from "../../src/provider/fcm/fcm-credential.ts"
import { parseWnsCredential, type WnsCredential } from "../../src/provider/wns/wns-credential.ts"

const PEM = { type: "pkcs8", format: "pem" } as const

export const APNS_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
export const RSA_KEY = generateKeyPairSync("rsa", { modulusLength: 2048 })

export const APNS_INPUT = {
  key: APNS_KEY.privateKey.export(PEM),
  keyId: "ABCDE12345",
  teamId: "TEAM123456",
  topic: "com.example.app",
}

export const FCM_INPUT = {
  type: "service_account",
  project_id: "example-project",
  private_key_id: "0123456789abcdef",
  private_key: RSA_KEY.privateKey.export(PEM),
  client_email: "push@example-project.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
}

export const WNS_INPUT = {
  tenantId: "11111111-2222-3333-4444-555555555555",
  clientId: "66666666-7777-8888-9999-000000000000",
  clientSecret: "Zq8~a-client-secret-of-the-test",
}

export function apnsCredential(more: object = {}): ApnsCredential {
  return accepted(parseApnsCredential({ ...APNS_INPUT, ...more }))
}

export function fcmCredential(more: object = {}): FcmCredential {
  return accepted(parseFcmCredential({ ...FCM_INPUT, ...more }))
}

export function wnsCredential(): WnsCredential {
  return accepted(parseWnsCredential(WNS_INPUT))
}

function accepted<Credential>(parsed: Credential | string): Credential {
  if (typeof parsed === "string") throw new Error(parsed)
  return parsed
}
