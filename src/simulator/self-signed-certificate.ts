import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto"
import { isIPv4 } from "node:net"
import type { Random } from "../runtime/random.ts"
import { timeDigits } from "./utc-text.ts"

/**
 * A certificate authority of one's own and a server certificate signed by it, made at run time: Node can use X.509
 * certificates but not make them. Only what TLS on loopback needs: EC P-256, ECDSA with SHA-256 (RFC 5280, RFC 5480).
 */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
  ipAddress: 0x87,
  keyIdentifier: 0x80,
} as const

const OBJECT_ID = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const

// A bit string's first content byte counts the unused bits at its end.
const USAGE_DIGITAL_SIGNATURE = Buffer.from([7, 0x80])
const USAGE_CERTIFICATE_SIGN = Buffer.from([2, 0x04])

/** The last second that UTCTime can name; later instants need GeneralizedTime (RFC 5280 4.1.2.5). */
const UTC_TIME_END = 2_524_607_999_000

// Clients judge validity by the system's clock while the simulator may run on a fake one: so both ends are fixed.
const VALID_FROM = 1_577_836_800_000
const VALID_UNTIL = UTC_TIME_END

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.length), content])
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const digits = [arc & 0x7f]
    for (let high = arc >>> 7; high > 0; high >>>= 7) digits.unshift(0x80 | (high & 0x7f))
    bytes.push(...digits)
  }
  return der(TAG.objectId, Buffer.from(bytes))
}

function time(at: number): Buffer {
  const digits = timeDigits(at)
  if (at > UTC_TIME_END) return der(TAG.generalizedTime, Buffer.from(`${digits}Z`))
  return der(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
}

function commonName(name: string): Buffer {
  const attribute = der(TAG.sequence, objectId(OBJECT_ID.commonName), der(TAG.utf8String, Buffer.from(name)))
  return der(TAG.sequence, der(TAG.set, attribute))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : []
  return der(TAG.sequence, objectId(id), ...flag, der(TAG.octetString, value))
}

function hostName(host: string): Buffer {
  if (isIPv4(host)) return der(TAG.ipAddress, Buffer.from(host.split(".").map(Number)))
  return der(TAG.dnsName, Buffer.from(host))
}

function authorityExtensions(): readonly Buffer[] {
  return [
    extension(
      OBJECT_ID.basicConstraints,
      true,
      der(TAG.sequence, der(TAG.boolean, Buffer.from([0xff])), der(TAG.integer, Buffer.from([0]))),
    ),
    extension(OBJECT_ID.keyUsage, true, der(TAG.bitString, USAGE_CERTIFICATE_SIGN)),
  ]
}

function serverExtensions(hosts: readonly string[]): readonly Buffer[] {
  return [
    extension(OBJECT_ID.basicConstraints, true, der(TAG.sequence)),
    extension(OBJECT_ID.keyUsage, true, der(TAG.bitString, USAGE_DIGITAL_SIGNATURE)),
    extension(OBJECT_ID.extendedKeyUsage, false, der(TAG.sequence, objectId(OBJECT_ID.serverAuth))),
    extension(OBJECT_ID.subjectAltName, false, der(TAG.sequence, ...hosts.map(hostName))),
  ]
}

/** Strict verifiers (Python's default since 3.13) refuse certificates that do not name their keys. */
function keyNames(publicKey: KeyObject, issuerKey: KeyObject): readonly Buffer[] {
  const subject = der(TAG.octetString, keyName(publicKey))
  const authority = der(TAG.sequence, der(TAG.keyIdentifier, keyName(createPublicKey(issuerKey))))
  return [
    extension(OBJECT_ID.subjectKeyIdentifier, false, subject),
    extension(OBJECT_ID.authorityKeyIdentifier, false, authority),
  ]
}

function keyName(publicKey: KeyObject): Buffer {
  return createHash("sha256").update(spki(publicKey)).digest().subarray(0, 20)
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" })
}

interface CertificateRequest {
  readonly subject: string
  readonly publicKey: KeyObject
  readonly issuer: string
  readonly issuerKey: KeyObject
  readonly extensions: readonly Buffer[]
  readonly validFrom: number
  readonly validUntil: number
}

function issue(request: CertificateRequest, random: Random): string {
  const algorithm = der(TAG.sequence, objectId(OBJECT_ID.ecdsaWithSha256))
  const serial = random.bytes(16)
  // A serial number is positive and without leading zero bytes.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f)
  const extensions = [...request.extensions, ...keyNames(request.publicKey, request.issuerKey)]
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    commonName(request.issuer),
    der(TAG.sequence, time(request.validFrom), time(request.validUntil)),
    commonName(request.subject),
    spki(request.publicKey),
    der(TAG.extensions, der(TAG.sequence, ...extensions)),
  )
  const signature = sign("sha256", body, request.issuerKey)
  const certificate = der(
    TAG.sequence,
    body,
    algorithm,
    der(TAG.bitString, Buffer.concat([Buffer.from([0]), signature])),
  )
  const base64 = certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n")
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`
}

/** A P-256 private key drawn from the injected randomness, so that a seeded test can repeat it. */
export function ellipticKey(random: Random): KeyObject {
  for (;;) {
    const curve = createECDH("prime256v1")
    const scalar = random.bytes(32)
    try {
      curve.setPrivateKey(scalar)
    } catch {
      continue // Zero or above the order of the curve: one draw in four billion.
    }
    const point = curve.getPublicKey()
    const jwk = {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
      d: scalar.toString("base64url"),
    }
    return createPrivateKey({ key: jwk, format: "jwk" })
  }
}

export interface ServerIdentity {
  /** What clients must trust. */
  readonly caCertificatePem: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

export interface ServerIdentityOptions {
  /** Names and IPv4 addresses that the certificate is good for. Defaults to localhost and 127.0.0.1. */
  readonly hosts?: readonly string[]
  /** Milliseconds since 1970. Defaults to 2020-01-01. */
  readonly validFrom?: number
  /** Milliseconds since 1970. Defaults to the end of 2049. */
  readonly validUntil?: number
}

/** A new authority and a server certificate signed by it. The authority's private key is forgotten at once. */
export function createServerIdentity(random: Random, options: ServerIdentityOptions = {}): ServerIdentity {
  const authorityKey = ellipticKey(random)
  const serverKey = ellipticKey(random)
  const authority = "Belfry simulator authority"
  const issuedBy = { issuer: authority, issuerKey: authorityKey }
  const caCertificatePem = issue(
    {
      ...issuedBy,
      subject: authority,
      publicKey: createPublicKey(authorityKey),
      extensions: authorityExtensions(),
      validFrom: VALID_FROM,
      validUntil: VALID_UNTIL,
    },
    random,
  )
  const certificatePem = issue(
    {
      ...issuedBy,
      subject: "Belfry simulator",
      publicKey: createPublicKey(serverKey),
      extensions: serverExtensions(options.hosts ?? ["localhost", "127.0.0.1"]),
      validFrom: options.validFrom ?? VALID_FROM,
      validUntil: options.validUntil ?? VALID_UNTIL,
    },
    random,
  )
  const privateKeyPem = serverKey.export({ type: "pkcs8", format: "pem" }) as string
  return { caCertificatePem, certificatePem, privateKeyPem }
}
