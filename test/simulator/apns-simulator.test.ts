import { connect } from "node:tls"
import { describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import { createApnsCredential } from "../../src/simulator/test-credentials.ts"
import { ALERT, ApnsClient, type PushOptions, providerToken, setup, TOKEN } from "./wire.ts"

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

describe("the APNs simulator, provider tokens", () => {
  test("accepts a push with a valid provider token", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const answer = await client.push()
    expect(answer).toMatchObject({ status: 200, body: "" })
    expect(running.simulators.journal.read()).toMatchObject([
      { token: TOKEN, title: "Lunch", body: "The soup is ready", kind: "alert", environment: "production" },
    ])
  })

  test.each([
    ["an unknown key id (item 5)", { keyId: "UNKNOWN000" }, {}, "403 InvalidProviderToken"],
    ["another team as issuer (item 5)", {}, { iss: "OTHERTEAM0" }, "403 InvalidProviderToken"],
    ["iat as a text (item 5)", {}, { iat: "1800000000" }, "403 InvalidProviderToken"],
    ["no iat (item 5)", {}, { iat: undefined }, "403 InvalidProviderToken"],
    ["an iat far in the future (item 5)", {}, { iat: 1_800_003_600 }, "403 InvalidProviderToken"],
    ["an iat of more than an hour ago (item 6)", {}, { iat: 1_799_996_399 }, "403 ExpiredProviderToken"],
    ["an iat of just an hour ago (item 6)", {}, { iat: 1_799_996_400 }, "200"],
  ])("judges %s", async (_name, signer, claims, expected) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const { apns } = running.simulators.credentials
    client.authorization = providerToken({ ...apns, ...signer }, running.clock.now(), claims)
    expect(await client.reason()).toBe(expected)
  })

  test("refuses the signature of a stranger's key (item 5)", async () => {
    await using running = await setup()
    const { keyId, teamId } = running.simulators.credentials.apns
    const { privateKey } = createApnsCredential(seededRandom(5))
    await using client = await ApnsClient.open(running, undefined, { privateKey, keyId, teamId })
    expect(await client.reason()).toBe("403 InvalidProviderToken")
  })

  test.each([
    ["no authorization", undefined],
    ["Basic authorization", "Basic dXNlcjpwYXNz"],
    ["an empty bearer", "bearer "],
  ])("answers MissingProviderToken to %s (item 8)", async (_name, authorization) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    expect(await client.reason({ headers: { authorization } })).toBe("403 MissingProviderToken")
  })

  test("answers InvalidProviderToken to a bearer that is no token (item 5)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    expect(await client.reason({ headers: { authorization: "bearer abc" } })).toBe("403 InvalidProviderToken")
  })

  test("keeps refusing on the connection that used an expired token, not on a new one (item 6)", async () => {
    await using running = await setup()
    await using wedged = await ApnsClient.open(running)
    expect(await wedged.reason()).toBe("200")
    await running.clock.advance(HOUR_MS + 1_000)
    expect(await wedged.reason()).toBe("403 ExpiredProviderToken")
    const fresh = providerToken(running.simulators.credentials.apns, running.clock.now())
    expect(await wedged.reason({ headers: { authorization: fresh } })).toBe("403 ExpiredProviderToken")
    await using second = await ApnsClient.open(running)
    expect(await second.reason()).toBe("200")
  })

  test("answers TooManyProviderTokenUpdates to a second token within 20 minutes (item 7)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const { apns } = running.simulators.credentials
    expect(await client.reason()).toBe("200")
    await running.clock.advance(19 * MINUTE_MS)
    const second = providerToken(apns, running.clock.now())
    expect(await client.reason({ headers: { authorization: second } })).toBe(
      "429 TooManyProviderTokenUpdates",
    )
    expect(await client.reason()).toBe("200")
    await running.clock.advance(MINUTE_MS)
    expect(await client.reason({ headers: { authorization: second } })).toBe("200")
  })

  test("takes the same provider token again and again and on many connections (item 7)", async () => {
    await using running = await setup()
    await using first = await ApnsClient.open(running)
    await using second = await ApnsClient.open(running)
    second.authorization = first.authorization
    expect(await Promise.all([first.reason(), first.reason(), second.reason()])).toEqual([
      "200",
      "200",
      "200",
    ])
  })
})

describe("the APNs simulator, what a connection is bound to (item 9)", () => {
  async function twoKeys(first: object, second: object, sameTeam: boolean) {
    const running = await setup()
    const { teamId } = createApnsCredential(seededRandom(20))
    const keys = [21, 22].map((seed) => createApnsCredential(seededRandom(seed)))
    const signers = keys.map((key) => (sameTeam ? { ...key, teamId } : key))
    for (const [index, extra] of [first, second].entries()) {
      const { privateKey, keyId, teamId: team } = signers[index]!
      running.simulators.trustApnsKey({ keyId, teamId: team, key: privateKey, ...extra })
    }
    const client = await ApnsClient.open(running, undefined, signers[0])
    expect(await client.reason()).toBe("200")
    const authorization = providerToken(signers[1]!, running.clock.now())
    const reason = await client.reason({ headers: { authorization } })
    await client[Symbol.asyncDispose]()
    await running[Symbol.asyncDispose]()
    return reason
  }

  test("a second team on one connection is refused", async () => {
    expect(await twoKeys({}, {}, false)).toBe("403 InvalidProviderToken")
  })

  test("a topic-specific key after another key is UnrelatedKeyIdInToken", async () => {
    expect(await twoKeys({ scope: "topic" }, { scope: "topic" }, true)).toBe("403 UnrelatedKeyIdInToken")
    expect(await twoKeys({ scope: "team" }, { scope: "topic" }, true)).toBe("403 UnrelatedKeyIdInToken")
  })

  test("a second key of the team, or the related one, is judged like a new token of the same key", async () => {
    const tooSoon = "429 TooManyProviderTokenUpdates"
    expect(await twoKeys({}, {}, true)).toBe(tooSoon)
    const second = createApnsCredential(seededRandom(22)).keyId
    expect(await twoKeys({ scope: "topic", relatedKeyId: second }, { scope: "topic" }, true)).toBe(tooSoon)
  })

  test.each([
    [false, "403 BadEnvironmentKeyIdInToken"],
    [true, "403 BadEnvironmentKeyInToken"],
  ])(
    "a key of the other environment is refused (old spelling: %s)",
    async (usesOldEnvironmentSpelling, expected) => {
      await using running = await setup({ apns: { usesOldEnvironmentSpelling } })
      const key = createApnsCredential(seededRandom(30))
      running.simulators.trustApnsKey({ ...key, key: key.privateKey, environment: "sandbox" })
      const { apns, apnsSandbox } = running.simulators.origins
      await using production = await ApnsClient.open(running, apns, key)
      expect(await production.reason()).toBe(expected)
      await using sandbox = await ApnsClient.open(running, apnsSandbox, key)
      expect(await sandbox.reason()).toBe("200")
    },
  )
})

const ROWS: readonly (readonly [string, PushOptions, string])[] = [
  ["an unknown path (item 14)", { path: "/4/device/abc" }, "404 BadPath"],
  ["GET (item 14)", { headers: { ":method": "GET" } }, "405 MethodNotAllowed"],
  ["an empty token (item 14)", { token: "" }, "400 MissingDeviceToken"],
  ["a token that is not hex (item 15)", { token: "xy".repeat(32) }, "400 BadDeviceToken"],
  ["a token of odd length (item 15)", { token: `${TOKEN}a` }, "400 BadDeviceToken"],
  ["a token that is too short (item 15)", { token: "abcd" }, "400 BadDeviceToken"],
  ["a hex token longer than 64 digits (item 15)", { token: "ab".repeat(80) }, "200"],
  ["a missing topic (item 17)", { headers: { "apns-topic": undefined } }, "400 MissingTopic"],
  [
    "a topic that the key does not cover (item 17)",
    { headers: { "apns-topic": "com.other" } },
    "400 TopicDisallowed",
  ],
  ["an unknown push type (item 18)", { headers: { "apns-push-type": "shout" } }, "400 InvalidPushType"],
  ["no push type (item 18)", { headers: { "apns-push-type": undefined } }, "200"],
  [
    "background with priority 10 (item 19)",
    { headers: { "apns-push-type": "background", "apns-priority": "10" } },
    "400 BadPriority",
  ],
  [
    "background with priority 5 (item 19)",
    { headers: { "apns-push-type": "background", "apns-priority": "5" } },
    "200",
  ],
  ["priority 1 (item 19)", { headers: { "apns-priority": "1" } }, "200"],
  ["priority 6 (item 19)", { headers: { "apns-priority": "6" } }, "400 BadPriority"],
  [
    "an expiration that is no integer (item 20)",
    { headers: { "apns-expiration": "1.5" } },
    "400 BadExpirationDate",
  ],
  ["an expiration of 0 (item 20)", { headers: { "apns-expiration": "0" } }, "200"],
  ["an id that is no UUID (item 20)", { headers: { "apns-id": "17" } }, "400 BadMessageId"],
  ["a collapse id of 64 bytes (item 20)", { headers: { "apns-collapse-id": latin1("é".repeat(32)) } }, "200"],
  [
    "a collapse id of 65 bytes in 33 characters (item 20)",
    { headers: { "apns-collapse-id": latin1(`${"é".repeat(32)}x`) } },
    "400 BadCollapseId",
  ],
  ["a repeated header (item 21)", { headers: { "apns-priority": ["5", "5"] } }, "400 DuplicateHeaders"],
  ["a payload of 4096 bytes (item 22)", { body: payloadOf(4096) }, "200"],
  ["a payload of 4097 bytes (item 22)", { body: payloadOf(4097) }, "413 PayloadTooLarge"],
  ["a payload of 10 MB (item 22)", { body: payloadOf(10_000_000) }, "413 PayloadTooLarge"],
  ["a VoIP payload of 5120 bytes (item 22)", { headers: voip(), body: payloadOf(5120) }, "200"],
  [
    "a VoIP payload of 5121 bytes (item 22)",
    { headers: voip(), body: payloadOf(5121) },
    "413 PayloadTooLarge",
  ],
  ["an empty payload (item 22)", { body: "" }, "400 PayloadEmpty"],
  ["a payload that is no JSON object (item 22)", { body: "[1]" }, "400 PayloadEmpty"],
]

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1")
}

function voip() {
  return { "apns-push-type": "voip", "apns-topic": "com.example.app.voip" }
}

function payloadOf(bytes: number): string {
  const frame = '{"aps":{"alert":""}}'
  return `{"aps":{"alert":"${"x".repeat(bytes - frame.length)}"}}`
}

describe("the APNs simulator, requests", () => {
  test.each(ROWS)("judges %s", async (_name, options, expected) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    expect(await client.reason(options)).toBe(expected)
    expect(running.simulators.counters().apns.accepted).toBe(expected === "200" ? 1 : 0)
  })

  test.each([
    ["alert", ""],
    ["voip", ".voip"],
    ["pushtotalk", ".voip-ptt"],
    ["complication", ".complication"],
    ["fileprovider", ".pushkit.fileprovider"],
    ["location", ".location-query"],
    ["liveactivity", ".push-type.liveactivity"],
    ["widgets", ".push-type.widgets"],
    ["controls", ".push-type.controls"],
  ])("the topic of a push of type %s ends in '%s' (item 18)", async (type, suffix) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const push = (topic: string) =>
      client.reason({ headers: { "apns-push-type": type, "apns-topic": topic, "apns-priority": "5" } })
    expect(await push(`com.example.app${suffix}`)).toBe("200")
    expect(await push(`com.example.app${suffix === ".voip" ? "" : ".voip"}`)).toBe("400 BadTopic")
  })

  test("is not reachable over HTTP/1.1 (item 13)", async () => {
    await using running = await setup()
    const { apns } = running.simulators.origins
    const failure = await new Promise<string>((resolve) => {
      const socket = connect({
        host: "127.0.0.1",
        port: Number(new URL(apns).port),
        ca: running.simulators.caCertificatePem,
        ALPNProtocols: ["http/1.1"],
      })
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
      socket.on("secureConnect", () => resolve("connected"))
    })
    expect(failure).toBe("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL")
  })

  test("echoes the apns-id, or makes one; the sandbox adds an apns-unique-id (item 23)", async () => {
    await using running = await setup()
    const { apns, apnsSandbox } = running.simulators.origins
    await using production = await ApnsClient.open(running, apns)
    await using sandbox = await ApnsClient.open(running, apnsSandbox)
    const id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    const echoed = await production.push({ headers: { "apns-id": id } })
    expect(echoed.headers["apns-id"]).toBe(id)
    expect(echoed.headers).not.toHaveProperty("apns-unique-id")
    const made = await sandbox.push()
    expect(made.headers["apns-id"]).toMatch(uuid)
    expect(made.headers["apns-unique-id"]).toMatch(uuid)
    const refused = await production.push({ headers: { "apns-id": id, "apns-priority": "6" } })
    expect(refused.headers["apns-id"]).toBe(id)
    expect(refused.headers["content-type"]).toBe("application/json")
  })
})

describe("the APNs simulator, devices", () => {
  test("a token of the sandbox is a BadDeviceToken in production (item 16)", async () => {
    await using running = await setup()
    const { simulators, clock } = running
    simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "valid", environment: "sandbox" },
      clock.now(),
    )
    await using production = await ApnsClient.open(running)
    await using sandbox = await ApnsClient.open(running, simulators.origins.apnsSandbox)
    expect(await production.reason()).toBe("400 BadDeviceToken")
    expect(await sandbox.reason({ token: TOKEN.toUpperCase() })).toBe("200")
  })

  test("a token of another app is DeviceTokenNotForTopic (item 17)", async () => {
    await using running = await setup()
    running.simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "valid", application: "com.other" },
      running.clock.now(),
    )
    await using client = await ApnsClient.open(running)
    expect(await client.reason()).toBe("400 DeviceTokenNotForTopic")
  })

  test.each([
    ["unregistered", "Unregistered"],
    ["expired", "ExpiredToken"],
  ] as const)(
    "a token that is %s is answered with 410 and since when (item 35)",
    async (condition, reason) => {
      await using running = await setup()
      const { clock, simulators } = running
      await using client = await ApnsClient.open(running)
      const registeredAt = clock.now()
      for (const since of [registeredAt - 86_400_000, registeredAt + 5]) {
        simulators.devices.declare({ provider: "apns", token: TOKEN, condition, since }, clock.now())
        const { status, body } = await client.push()
        expect({ status, ...JSON.parse(body) }).toEqual({ status: 410, reason, timestamp: since })
      }
    },
  )

  test("the same token is valid again after a reinstall (item 39)", async () => {
    await using running = await setup()
    const until = running.clock.now() + MINUTE_MS
    running.simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "unregistered", until },
      running.clock.now(),
    )
    await using client = await ApnsClient.open(running)
    expect(await client.reason()).toBe("410 Unregistered")
    await running.clock.advance(MINUTE_MS)
    expect(await client.reason()).toBe("200")
  })

  test("TooManyRequests concerns one token and no other (item 42)", async () => {
    await using running = await setup()
    running.simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "throttled" },
      running.clock.now(),
    )
    await using client = await ApnsClient.open(running)
    expect(await client.reason()).toBe("429 TooManyRequests")
    expect(await client.reason({ token: "cd".repeat(32) })).toBe("200")
  })

  test("counts acceptances and refusals by reason", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    await client.push()
    await client.push({ token: "zz" })
    await client.push({ token: "zz" })
    await client.push({ body: `${ALERT}x` })
    expect(running.simulators.counters().apns).toMatchObject({
      accepted: 1,
      rejected: 3,
      rejectedByReason: { BadDeviceToken: 2, PayloadEmpty: 1 },
    })
  })
})
