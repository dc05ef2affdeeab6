import { generateKeyPair, type KeyObject } from "node:crypto"
import { promisify } from "node:util"
import type { Random } from "../runtime/random.ts"
import { RandomIds } from "./random-ids.ts"
import { ellipticKey } from "./self-signed-certificate.ts"

/** Credentials that the simulators accept, in the forms in which Apple, Google and Microsoft hand them out. */

export interface ApnsTestCredential {
  /** PEM (PKCS #8), the content of a .p8 file. */
  readonly privateKey: string
  readonly keyId: string
  readonly teamId: string
  /** The app's bundle id. */
  readonly topic: string
}

/** The JSON file of a service account. */
export interface FcmTestCredential {
  readonly type: "service_account"
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly client_id: string
  readonly auth_uri: string
  readonly token_uri: string
  readonly universe_domain: string
}

export interface WnsTestCredential {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly packageSid: string
}

export interface TestCredentials {
  readonly apns: ApnsTestCredential
  readonly fcm: FcmTestCredential
  readonly wns: WnsTestCredential
}

const BASE_36_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
const DIGITS = "0123456789"

function drawn(random: Random, alphabet: string, length: number): string {
  return Array.from(random.bytes(length), (byte) => alphabet[byte % alphabet.length]).join("")
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string
}

export function createApnsCredential(random: Random, topic = "com.example.app"): ApnsTestCredential {
  return {
    privateKey: pem(ellipticKey(random)),
    keyId: drawn(random, BASE_36_UPPER, 10),
    teamId: drawn(random, BASE_36_UPPER, 10),
    topic,
  }
}

/** The RSA key comes from OpenSSL's own randomness: it cannot be drawn from the injected one. */
export async function createFcmCredential(
  random: Random,
  tokenUri: string,
  projectId = "belfry-simulator",
): Promise<FcmTestCredential> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })
  return {
    type: "service_account",
    project_id: projectId,
    private_key_id: random.bytes(20).toString("hex"),
    private_key: pem(privateKey),
    client_email: `firebase-adminsdk@${projectId}.iam.gserviceaccount.com`,
    client_id: drawn(random, DIGITS, 21),
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: tokenUri,
    universe_domain: "googleapis.com",
  }
}

export function createWnsCredential(random: Random): WnsTestCredential {
  const ids = new RandomIds(random)
  const sid = Array.from({ length: 7 }, () => random.bytes(4).readUInt32BE()).join("-")
  return {
    tenantId: ids.uuid(),
    clientId: ids.uuid(),
    clientSecret: random.bytes(30).toString("base64url"),
    packageSid: `ms-app://S-1-15-2-${sid}`,
  }
}
