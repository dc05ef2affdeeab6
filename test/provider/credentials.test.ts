import { generateKeyPairSync } from "node:crypto"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { parseApnsCredential } from "../../src/provider/apns/apns-credential.ts"
import { fieldOf } from "../../src/provider/credential-input.ts"
import { parseFcmCredential } from "../../src/provider/fcm/fcm-credential.ts"
import { addressProblem } from "../../src/provider/origin.ts"
import { parseWnsCredential } from "../../src/provider/wns/wns-credential.ts"
import { APNS_INPUT, FCM_INPUT, WNS_INPUT } from "./test-credentials.ts"

const PEM = { type: "pkcs8", format: "pem" } as const
const otherCurve = generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey.export(PEM)
const publicKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
  type: "spki",
  format: "pem",
})
const shortRsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export(PEM)

type Cases = readonly (readonly [title: string, change: object, problem: RegExp])[]

describe("an APNs credential", () => {
  it("is taken when it is complete, for production unless it says otherwise", () => {
    expect(parseApnsCredential(APNS_INPUT)).toMatchObject({
      keyId: "ABCDE12345",
      teamId: "TEAM123456",
      topic: "com.example.app",
      osxTopic: "com.example.app",
      environment: "production",
    })
    const more = { ...APNS_INPUT, environment: "sandbox", osxTopic: "com.example.mac" }
    expect(parseApnsCredential(more)).toMatchObject({ environment: "sandbox", osxTopic: "com.example.mac" })
  })

  const cases: Cases = [
    ["without a key", { key: undefined }, /^key must be the text of the AuthKey_….p8 file/],
    [
      "with the path of the key instead of its text",
      { key: "/path/to/AuthKey.p8" },
      /^key must be the text of the AuthKey_….p8 file/,
    ],
    ["with a public key", { key: publicKey }, /^key must be the text of the AuthKey_….p8 file/],
    ["with an RSA key", { key: FCM_INPUT.private_key }, /^key must be an EC private key on the curve P-256/],
    ["with a key on another curve", { key: otherCurve }, /^key must be an EC private key on the curve P-256/],
    ["without a key id", { keyId: undefined }, /^keyId must be 10 capital letters and digits.* not nothing/],
    [
      "with a key id that is too short",
      { keyId: "ABC" },
      /^keyId must be 10 capital letters and digits.* not "ABC"/,
    ],
    ["with a key id in lower case", { keyId: "abcde12345" }, /^keyId must be 10/],
    ["with a team id that is too long", { teamId: "TEAM1234567" }, /^teamId must be 10/],
    ["with a number as team id", { teamId: 1234567890 }, /^teamId must be 10.* not a number/],
    ["without a topic", { topic: "" }, /^topic must be the app's bundle id/],
    ["with a space in the topic", { topic: "com.example app" }, /^topic must be the app's bundle id/],
    [
      "with another header in the topic",
      { topic: "com.example\r\nx: y" },
      /^topic must be the app's bundle id/,
    ],
    [
      "with a macOS topic that is no bundle id",
      { osxTopic: "ä" },
      /^osxTopic must be the macOS app's bundle id/,
    ],
    [
      "with an unknown environment",
      { environment: "development" },
      /^environment must be production or sandbox, not "development"/,
    ],
  ]
  for (const [title, change, problem] of cases) {
    it(`is refused ${title}`, () => {
      expect(parseApnsCredential({ ...APNS_INPUT, ...change })).toMatch(problem)
    })
  }

  it("is refused with the file of another provider, and says which it is, before anything else", () => {
    const account = JSON.stringify(FCM_INPUT)
    expect(parseApnsCredential({ key: account })).toMatch(/^key must .*; this is a service account.* FCM$/)
    const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    expect(parseApnsCredential({ key: certificate })).toMatch(/^key must .*; this is a certificate/)
  })

  it("is refused when it is no object", () => {
    for (const input of [undefined, null, "text", []])
      expect(parseApnsCredential(input)).toMatch(/must be an object/)
  })
})

describe("an FCM credential", () => {
  it("is taken as the text of the file or as its object", () => {
    const expected = {
      projectId: "example-project",
      clientEmail: "push@example-project.iam.gserviceaccount.com",
      tokenUri: "https://oauth2.googleapis.com/token",
    }
    expect(parseFcmCredential(FCM_INPUT)).toMatchObject(expected)
    expect(parseFcmCredential(JSON.stringify(FCM_INPUT))).toMatchObject(expected)
    expect(parseFcmCredential({ ...FCM_INPUT, token_uri: undefined })).toMatchObject(expected)
  })

  it("is refused with the file of another provider or of the app, and says which it is", () => {
    expect(parseFcmCredential(APNS_INPUT.key)).toMatch(/service account file, not a private key.* APNs/)
    expect(parseFcmCredential('{"project_info":{}}')).toMatch(/not google-services.json/)
  })

  const cases: Cases = [
    [
      "of another type",
      { type: "authorized_user" },
      /^type must be "service_account", not "authorized_user"/,
    ],
    ["without a type", { type: undefined }, /^type must be "service_account", not nothing/],
    ["without a project", { project_id: undefined }, /^project_id must be/],
    ["with a project that would change the path", { project_id: "../other" }, /^project_id must be/],
    ["without an address", { client_email: "nobody" }, /^client_email must be/],
    ["without a key id", { private_key_id: "" }, /^private_key_id must be/],
    ["without a key", { private_key: undefined }, /^private_key must be a private key in PEM form/],
    [
      "with a key that is broken",
      { private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" },
      /^private_key must be a private key/,
    ],
    [
      "with an EC key",
      { private_key: APNS_INPUT.key },
      /^private_key must be an RSA key of at least 2048 bits, not ec/,
    ],
    [
      "with a short key",
      { private_key: shortRsa },
      /^private_key must be an RSA key of at least 2048 bits, not rsa 1024/,
    ],
    [
      "with a token address in clear text",
      { token_uri: "http://example.com/token" },
      /^token_uri must start with https/,
    ],
    ["with a token address that is none", { token_uri: "nowhere" }, /^token_uri must be a URL/],
    ["with a number as token address", { token_uri: 5 }, /^token_uri must be a URL/],
  ]
  for (const [title, change, problem] of cases) {
    it(`is refused ${title}`, () => {
      expect(parseFcmCredential({ ...FCM_INPUT, ...change })).toMatch(problem)
    })
  }

  it("is refused when it is no JSON", () => {
    for (const input of [undefined, "AIzaSyA-server-key", "[1]", 5]) {
      expect(parseFcmCredential(input)).toMatch(
        /^an FCM credential must be the JSON of a service account file/,
      )
    }
  })
})

describe("a WNS credential", () => {
  it("is taken with the tenant as UUID or as domain", () => {
    expect(parseWnsCredential(WNS_INPUT)).toMatchObject({ clientId: WNS_INPUT.clientId })
    expect(parseWnsCredential({ ...WNS_INPUT, tenantId: "example.onmicrosoft.com" })).toBeTypeOf("object")
  })

  it("takes a secret read from a file with its line end", () => {
    const parsed = parseWnsCredential({ ...WNS_INPUT, clientSecret: `${WNS_INPUT.clientSecret}\n` })
    expect(typeof parsed === "string" ? parsed : parsed.clientSecret.reveal()).toBe(WNS_INPUT.clientSecret)
  })

  it("never shows its secret", () => {
    const parsed = parseWnsCredential(WNS_INPUT)
    const shown = `${inspect(parsed, { depth: 9 })} ${JSON.stringify(parsed)} ${String(Object.values(parsed))}`
    expect(shown).not.toContain(WNS_INPUT.clientSecret)
    expect(shown).toContain("[secret]")
  })

  const cases: Cases = [
    ["without a tenant", { tenantId: undefined }, /^tenantId must be the Directory \(tenant\) ID/],
    [
      "with a tenant that would change the path",
      { tenantId: "common/../x" },
      /^tenantId must be the Directory \(tenant\) ID/,
    ],
    [
      "with the name of the app instead of its id",
      { clientId: "my app" },
      /^clientId must be the Application \(client\) ID/,
    ],
    ["without a secret", { clientSecret: undefined }, /^clientSecret must be the Value/],
    ["with a secret that is too short", { clientSecret: "short" }, /^clientSecret must be the Value/],
    [
      "with the id of the secret instead of its value",
      { clientSecret: WNS_INPUT.clientId },
      /^clientSecret looks like the Secret ID/,
    ],
  ]
  for (const [title, change, problem] of cases) {
    it(`is refused ${title}`, () => {
      expect(parseWnsCredential({ ...WNS_INPUT, ...change })).toMatch(problem)
    })
  }

  it("is refused when it is no object", () => {
    expect(parseWnsCredential("secret")).toMatch(/must be an object/)
  })
})

describe("the field that a problem is about", () => {
  it("is the one that its text begins with, for every provider", () => {
    const fieldFor = (problem: unknown) => fieldOf(String(problem))
    expect(fieldFor(parseApnsCredential({ ...APNS_INPUT, teamId: "x" }))).toBe("teamId")
    expect(fieldFor(parseApnsCredential({ ...APNS_INPUT, key: "x" }))).toBe("key")
    expect(fieldFor(parseFcmCredential({ ...FCM_INPUT, private_key: "x" }))).toBe("private_key")
    expect(fieldFor(parseWnsCredential({ ...WNS_INPUT, clientSecret: WNS_INPUT.clientId }))).toBe(
      "clientSecret",
    )
    expect(fieldFor(addressProblem("ftp://example.com", "origin"))).toBe("origin")
    expect(fieldFor(parseFcmCredential("not JSON"))).toBeUndefined()
    expect(fieldFor(parseWnsCredential(null))).toBeUndefined()
  })
})

describe("no problem with a credential quotes a key or a secret", () => {
  it("whatever is wrong with it", () => {
    const problems = [
      parseApnsCredential({ ...APNS_INPUT, key: "canary-secret" }),
      parseFcmCredential({ ...FCM_INPUT, private_key: "canary-secret" }),
      parseWnsCredential({ ...WNS_INPUT, clientSecret: "canary secret" }),
    ]
    for (const problem of problems) {
      expect(problem).toBeTypeOf("string")
      expect(problem).not.toContain("canary")
    }
  })
})

describe("an origin of a provider", () => {
  for (const origin of [
    "https://example.com",
    "https://example.com:8443",
    "http://localhost:9001",
    "http://127.0.0.1:9001",
    "http://127.5.5.5",
    "http://[::1]:9001",
  ]) {
    it(`may be ${origin}`, () => {
      expect(addressProblem(origin, "origin")).toBeUndefined()
    })
  }

  for (const origin of [
    "example.com",
    "http://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "ftp://example.com",
    "https://user:password@example.com",
    "",
  ]) {
    it(`may not be ${JSON.stringify(origin)}`, () => {
      expect(addressProblem(origin, "origin")).toMatch(/^origin must/)
    })
  }
})
