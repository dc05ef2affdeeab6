import { describe, expect, it } from "vitest"
import { openWnsProvider } from "../../src/provider/wns/wns-provider.ts"
import { type AnswerCase, providerContract } from "./provider-contract.ts"
import { providerSetup } from "./provider-setup.ts"
import { BatchRun, contentOf } from "./push-batches.ts"
import { wnsCredential } from "./test-credentials.ts"
import { type ArrivedWnsPush, openWnsFixture } from "./wns-fixture.ts"

const MINUTE_MS = 60_000

const ANSWERS: readonly AnswerCase<ArrivedWnsPush>[] = [
  {
    title: "received",
    answer: (push) => push.accept(),
    outcome: { kind: "accepted", providerMessageId: "3E8B" },
  },
  {
    title: "dropped",
    answer: (push) => push.reply(200, { "X-WNS-Status": "dropped" }),
    outcome: { kind: "payload_rejected", reason: "dropped" },
  },
  {
    title: "channelthrottled",
    answer: (push) => push.reply(200, { "X-WNS-Status": "channelthrottled" }),
    outcome: { kind: "throttled", reason: "channelthrottled", scope: "device", afterMs: 10 * MINUTE_MS },
  },
  {
    title: "410 Gone",
    answer: (push) => push.reply(410, {}, "Gone"),
    outcome: { kind: "token_gone", reason: "status 410" },
  },
  {
    title: "410 Domain Blocked",
    answer: (push) => push.reply(410, {}, "Domain Blocked"),
    outcome: { kind: "credential_refused", reason: "Domain Blocked", scope: "credential" },
  },
  {
    title: "403",
    answer: (push) => push.reply(403),
    outcome: { kind: "credential_refused", reason: "status 403", scope: "pairing" },
  },
  {
    title: "406 with Retry-After",
    answer: (push) => push.reply(406, { "Retry-After": "30" }),
    outcome: { kind: "throttled", reason: "status 406", scope: "credential", afterMs: 30_000 },
  },
  {
    title: "503 with Retry-After",
    answer: (push) => push.reply(503, { "Retry-After": "5" }),
    outcome: { kind: "retry_later", reason: "status 503", afterMs: 5_000 },
  },
]

providerContract("WNS over HTTP/1.1", { open: openWnsFixture, answers: ANSWERS })

describe("WNS: the request", () => {
  it("is a POST to the channel with type, length and the time that is left, and no chunks", async () => {
    await using fixture = await openWnsFixture()
    const content = contentOf({ "wp-title": "News", "wns-tag": "tag1", "wns-cache-policy": "cache" }, "Ä")
    const sending = new BatchRun(fixture.provider, "wp", [fixture.token(1)], { content })
    await sending.offerAll()
    const { request } = await fixture.nextPush()
    expect(request.method).toBe("POST")
    expect(request.url).toBe("/w/?token=AwYAAAD1")
    expect(request.headers).toMatchObject({
      authorization: "Bearer access-1",
      "content-type": "text/xml",
      "content-length": String(sending.batch.push.payloadBytes),
      "x-wns-type": "wns/toast",
      "x-wns-ttl": "3600",
      "x-wns-tag": "tag1",
      "x-wns-cache-policy": "cache",
    })
    expect(request.headers).not.toHaveProperty("transfer-encoding")
    expect(request.body).toContain("<text>News</text><text>Ä</text>")
  })

  it("sends raw notifications as octets", async () => {
    await using fixture = await openWnsFixture()
    const content = contentOf({ "wp-type": "RAW", "wp-raw": "a<b" })
    await new BatchRun(fixture.provider, "wp", [fixture.token(1)], { content }).offerAll()
    const { request } = await fixture.nextPush()
    expect(request.headers).toMatchObject({
      "content-type": "application/octet-stream",
      "x-wns-type": "wns/raw",
    })
    expect(request.body).toBe("a<b")
  })

  it("gives a token that is no URL to another origin as a parameter", async () => {
    await using fixture = await openWnsFixture()
    await new BatchRun(fixture.provider, "wp", ["plain token&ä"]).offerAll()
    expect((await fixture.nextPush()).request.url).toBe("/?channel=plain%20token%26%C3%A4")
  })

  it("fetches its access token with the secret of the app registration", async () => {
    await using fixture = await openWnsFixture()
    await new BatchRun(fixture.provider, "wp", [fixture.token(1)]).offerAll()
    expect(Object.fromEntries(fixture.exchanges[0] ?? [])).toEqual({
      grant_type: "client_credentials",
      client_id: "66666666-7777-8888-9999-000000000000",
      client_secret: "Zq8~a-client-secret-of-the-test",
      scope: "https://wns.windows.com/.default",
    })
  })

  it("suppresses every channel that is not WNS's when it has no other origin", async () => {
    const { origin: _, ...setup } = providerSetup("https://unused.example")
    const provider = openWnsProvider({ ...setup, credential: wnsCredential() })
    const tokens = [
      "https://169.254.169.254/latest",
      "https://notify.windows.com.evil.example/",
      "https://db5p.notify.windows.com:8443/?token=1",
      "no URL",
      "https://db5p.notify.windows.com/?token=1",
    ]
    // Expired, so that the last one, which is good, is not sent to the real service.
    const content = contentOf({}, "Hello", setup.clock.now() + 500)
    const sending = new BatchRun(provider, "wp", tokens, { content })
    const suppressed = { kind: "suppressed", reason: "invalid_token" }
    expect(await sending.outcomes()).toEqual([...Array(4).fill(suppressed), { kind: "expired", reason: "" }])
    await provider.close(AbortSignal.abort())
  })
})

describe("WNS: connections", () => {
  it("keeps connections alive from push to push", async () => {
    await using fixture = await openWnsFixture()
    const connections = new Set<number>()
    for (let index = 0; index < 5; index += 1) {
      const sending = new BatchRun(fixture.provider, "wp", [fixture.token(index)])
      await sending.offerAll()
      const push = await fixture.nextPush()
      connections.add(push.request.connection)
      push.accept()
      await sending.outcomes()
    }
    expect(connections.size).toBe(1)
  })

  it("keeps as many as pushes were in flight, for the next ones", async () => {
    await using fixture = await openWnsFixture()
    const burst = async (size: number) => {
      const tokens = Array.from({ length: size }, (_, index) => fixture.token(index))
      const sending = new BatchRun(fixture.provider, "wp", tokens)
      await sending.offerAll()
      const pushes: ArrivedWnsPush[] = []
      while (pushes.length < size) pushes.push(await fixture.nextPush())
      for (const push of pushes) push.accept()
      await sending.outcomes()
      // node:http has a connection free again in the turn after its answer.
      await new Promise((resolve) => setImmediate(resolve))
      return pushes.map(({ request }) => request.connection)
    }
    const first = [...(await burst(1)), ...(await burst(60))]
    const later = await burst(60)
    expect(later.filter((connection) => !first.includes(connection))).toEqual([])
  })

  it("uses a new connection after the peer has closed an idle one", async () => {
    await using fixture = await openWnsFixture()
    const first = new BatchRun(fixture.provider, "wp", [fixture.token(1)])
    await first.offerAll()
    const push = await fixture.nextPush()
    const isClosed = new Promise((resolve) => push.request.socket.once("close", resolve))
    push.accept()
    await first.outcomes()
    push.request.socket.end()
    await isClosed
    const second = new BatchRun(fixture.provider, "wp", [fixture.token(2)])
    await second.offerAll()
    const next = await fixture.nextPush()
    expect(next.request.connection).toBeGreaterThan(push.request.connection)
    next.accept()
    expect((await second.sink.outcome(1)).kind).toBe("accepted")
  })

  it("does not know what became of a push that a kept connection swallowed while it was closing", async () => {
    await using fixture = await openWnsFixture()
    const first = new BatchRun(fixture.provider, "wp", [fixture.token(1)])
    await first.offerAll()
    ;(await fixture.nextPush()).accept()
    await first.outcomes()
    const second = new BatchRun(fixture.provider, "wp", [fixture.token(2)])
    await second.offerAll()
    ;(await fixture.nextPush()).request.socket.end()
    expect(await second.sink.outcome(1)).toMatchObject({ kind: "ambiguous" })
  })
})
