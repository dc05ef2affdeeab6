import { verify } from "node:crypto"
import { describe, expect, it } from "vitest"
import { openApnsProvider } from "../../src/provider/apns/apns-provider.ts"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { openReferenceClient } from "../../src/provider/http2/reference-client.ts"
import { type ArrivedApnsPush, openApnsFixture } from "./apns-fixture.ts"
import { type AnswerCase, providerContract } from "./provider-contract.ts"
import { providerSetup } from "./provider-setup.ts"
import { BatchRun, contentOf, MESSAGE_UUID } from "./push-batches.ts"
import { openHttp2Server } from "./scripted-http2-server.ts"
import { APNS_KEY, apnsCredential } from "./test-credentials.ts"

const MINUTE_MS = 60_000

const ANSWERS: readonly AnswerCase<ArrivedApnsPush>[] = [
  {
    title: "200",
    answer: (push) => push.accept(),
    outcome: { kind: "accepted", providerMessageId: "2B3E4A5C-0000-0000-0000-000000000001" },
  },
  {
    title: "410 with a timestamp",
    answer: (push) => push.refuse(410, "Unregistered", { timestamp: 1_700_000_000_000 }),
    outcome: { kind: "token_gone", reason: "Unregistered", since: 1_700_000_000_000 },
  },
  {
    title: "BadDeviceToken",
    answer: (push) => push.refuse(400, "BadDeviceToken"),
    outcome: { kind: "credential_refused", reason: "BadDeviceToken", scope: "pairing" },
  },
  {
    title: "InvalidProviderToken",
    answer: (push) => push.refuse(403, "InvalidProviderToken"),
    outcome: { kind: "credential_refused", reason: "InvalidProviderToken", scope: "credential" },
  },
  {
    title: "a provider token that is called expired though it is new",
    answer: (push) => push.refuseAuthorization(),
    outcome: { kind: "credential_refused", reason: "ExpiredProviderToken", scope: "credential" },
  },
  {
    title: "PayloadTooLarge",
    answer: (push) => push.refuse(413, "PayloadTooLarge"),
    outcome: { kind: "payload_rejected", reason: "PayloadTooLarge" },
  },
  {
    title: "TooManyRequests",
    answer: (push) => push.refuse(429, "TooManyRequests"),
    outcome: { kind: "throttled", reason: "TooManyRequests", scope: "device" },
  },
  {
    title: "ServiceUnavailable",
    answer: (push) => push.refuse(503, "ServiceUnavailable"),
    outcome: { kind: "retry_later", reason: "ServiceUnavailable", afterMs: 15 * MINUTE_MS },
  },
]

const CLIENTS = { "frames of our own": openFramedClient, "node:http2": openReferenceClient }
for (const [name, openClient] of Object.entries(CLIENTS)) {
  providerContract(`APNs over ${name}`, {
    open: (options) => openApnsFixture(openClient, options),
    answers: ANSWERS,
  })
}

describe("APNs: the request", () => {
  it("carries the topic, type, priority, expiry and collapse id in headers and the payload as it is", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const sending = new BatchRun(fixture.provider, "ios", [fixture.token(1)])
    await sending.offerAll()
    const { request } = await fixture.nextPush()
    expect(request.headers).toMatchObject({
      ":path": `/3/device/${fixture.token(1)}`,
      "apns-topic": "com.example.app",
      "apns-push-type": "alert",
      "apns-priority": "10",
      "apns-expiration": "1800003600",
      "apns-collapse-id": MESSAGE_UUID,
    })
    expect(JSON.parse(request.body)).toMatchObject({ aps: { alert: { body: "Hello" } } })
  })

  it("uses the topic of the macOS app for osx", async () => {
    await using server = await openHttp2Server()
    const setup = providerSetup(server.origin)
    const credential = apnsCredential({ osxTopic: "com.example.mac" })
    const provider = openApnsProvider({ ...setup, credential, openClient: openFramedClient })
    const sending = new BatchRun(provider, "osx", ["ab".repeat(32)])
    await sending.offerAll()
    const request = await server.requests.next()
    expect(request.headers["apns-topic"]).toBe("com.example.mac")
    request.respond(200)
    await provider.close(new AbortController().signal)
  })

  it("appends the suffix of the push type to the topic", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const content = contentOf({ "apns-push-type": "voip", "apns-priority": "5" })
    const sending = new BatchRun(fixture.provider, "ios", [fixture.token(1)], { content })
    await sending.offerAll()
    const { request } = await fixture.nextPush()
    expect(request.headers).toMatchObject({
      "apns-topic": "com.example.app.voip",
      "apns-push-type": "voip",
      "apns-priority": "5",
    })
    expect(request.headers).not.toHaveProperty("apns-collapse-id")
  })

  it("never asks Apple to keep a notification longer than 30 days", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const content = contentOf({}, "Hello", fixture.clock.now() + 400 * 86_400_000)
    await new BatchRun(fixture.provider, "ios", [fixture.token(1)], { content }).offerAll()
    const { request } = await fixture.nextPush()
    expect(request.headers["apns-expiration"]).toBe(String(1_800_000_000 + 30 * 86_400))
  })

  it("signs its provider token with the key, team and time", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    await new BatchRun(fixture.provider, "ios", [fixture.token(1)]).offerAll()
    const [scheme, jwt] = (await fixture.nextPush()).authorization.split(" ")
    const [header = "", claims = "", signature = ""] = (jwt ?? "").split(".")
    expect(scheme).toBe("bearer")
    expect(decoded(header)).toEqual({ alg: "ES256", kid: "ABCDE12345" })
    expect(decoded(claims)).toEqual({ iss: "TEAM123456", iat: 1_800_000_000 })
    const key = { key: APNS_KEY.publicKey, dsaEncoding: "ieee-p1363" as const }
    const isValid = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      key,
      Buffer.from(signature, "base64url"),
    )
    expect(isValid).toBe(true)
  })
})

describe("APNs: connections and provider tokens", () => {
  it("keeps its provider token for 50 minutes and renews it then", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const seen: string[] = []
    const content = contentOf({}, "Hello", fixture.clock.now() + 120 * MINUTE_MS)
    for (let minutes = 0; minutes <= 60; minutes += 10) {
      const sending = new BatchRun(fixture.provider, "ios", [fixture.token(minutes)], { content })
      await sending.offerAll()
      const push = await fixture.nextPush()
      seen.push(push.authorization)
      push.accept()
      await sending.outcomes()
      await fixture.clock.advance(10 * MINUTE_MS)
    }
    expect(new Set(seen.slice(0, 5)).size).toBe(1)
    expect(new Set(seen).size).toBe(2)
    expect(fixture.server.connections).toBe(1)
  })

  it("goes on with a renewed provider token on new connections only", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const first = new BatchRun(fixture.provider, "ios", [fixture.token(1)])
    await first.offerAll()
    const probe = await fixture.nextPush()
    probe.accept()
    await first.outcomes()
    await fixture.clock.advance(30 * MINUTE_MS)
    const sending = new BatchRun(fixture.provider, "ios", [2, 3, 4].map(fixture.token))
    await sending.offerAll()
    const refused = [await fixture.nextPush(), await fixture.nextPush(), await fixture.nextPush()]
    for (const push of refused) push.refuseAuthorization()
    const renewed = new Set<string>()
    for (let count = 0; count < 3; count += 1) {
      const push = await fixture.nextPush()
      expect(push.request.connection).toBe(2)
      renewed.add(push.authorization)
      push.accept()
    }
    expect((await sending.outcomes()).map((outcome) => outcome.kind)).toEqual([
      "accepted",
      "accepted",
      "accepted",
    ])
    expect(renewed.size).toBe(1)
    expect(renewed).not.toContain(probe.authorization)
  })

  it("leaves a connection that took its token for too old, which refuses every token from then on", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const run = (index: number) => new BatchRun(fixture.provider, "ios", [fixture.token(index)])
    const first = run(1)
    await first.offerAll()
    ;(await fixture.nextPush()).refuseAuthorization()
    expect(await first.outcomes()).toMatchObject([{ kind: "credential_refused" }])
    await fixture.clock.advance(1_000)
    const second = run(2)
    await second.offerAll()
    const push = await fixture.nextPush()
    expect(push.request.connection).toBe(2)
    push.accept()
    expect(await second.outcomes()).toMatchObject([{ kind: "accepted" }])
  })

  it("leaves it also when its token has been renewed since the push was sent", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const content = contentOf({}, "Hello", fixture.clock.now() + 120 * MINUTE_MS)
    const run = async (index: number) => {
      const sending = new BatchRun(fixture.provider, "ios", [fixture.token(index)], { content })
      await sending.offerAll()
      return { sending, push: await fixture.nextPush() }
    }
    const probe = await run(1)
    probe.push.accept()
    await probe.sending.outcomes()
    for (let minutes = 0; minutes < 49; minutes += 7) await fixture.clock.advance(7 * MINUTE_MS)
    await fixture.clock.advance(55_000)
    const early = await run(2)
    await fixture.clock.advance(10_000)
    const renewed = await run(3)
    expect(renewed.push).toMatchObject({ request: { connection: 1 } })
    expect(renewed.push.authorization).not.toBe(early.push.authorization)
    renewed.push.accept()
    early.push.refuseAuthorization()
    expect(await early.sending.outcomes()).toMatchObject([{ kind: "retry_later" }])
    await fixture.clock.advance(1_000)
    expect((await run(2)).push.request.connection).toBe(2)
  })

  it("leaves a connection that is shut down for another one", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const sending = new BatchRun(fixture.provider, "ios", [fixture.token(1)])
    await sending.offerAll()
    ;(await fixture.nextPush()).refuse(503, "Shutdown")
    expect(await sending.outcomes()).toEqual([{ kind: "retry_later", reason: "Shutdown" }])
    await fixture.clock.advance(1000)
    const again = new BatchRun(fixture.provider, "ios", [fixture.token(1)])
    await again.offerAll()
    const push = await fixture.nextPush()
    expect(push.request.connection).toBe(2)
    push.accept()
  })

  it("takes a server error that comes late for a push that may have been processed", async () => {
    await using fixture = await openApnsFixture(openFramedClient)
    const sending = new BatchRun(fixture.provider, "ios", [fixture.token(1)])
    await sending.offerAll()
    const push = await fixture.nextPush()
    await fixture.clock.advance(6_000)
    push.refuse(500, "InternalServerError")
    expect(await sending.outcomes()).toEqual([{ kind: "ambiguous", reason: "InternalServerError" }])
  })
})

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
}
