import { verify } from "node:crypto"
import { describe, expect, it } from "vitest"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { openReferenceClient } from "../../src/provider/http2/reference-client.ts"
import { type ArrivedFcmPush, grant, openFcmFixture } from "./fcm-fixture.ts"
import { type AnswerCase, providerContract } from "./provider-contract.ts"
import { BatchRun, contentOf, MESSAGE_UUID } from "./push-batches.ts"
import { RSA_KEY } from "./test-credentials.ts"

const ANSWERS: readonly AnswerCase<ArrivedFcmPush>[] = [
  {
    title: "200 with a name",
    answer: (push) => push.accept(),
    outcome: { kind: "accepted", providerMessageId: "projects/example-project/messages/1" },
  },
  {
    title: "UNREGISTERED",
    answer: (push) => push.refuse(404, { status: "NOT_FOUND", errorCode: "UNREGISTERED" }),
    outcome: { kind: "token_gone", reason: "UNREGISTERED" },
  },
  {
    title: "NOT_FOUND without a word about the token",
    answer: (push) => push.refuse(404, { status: "NOT_FOUND" }),
    outcome: { kind: "credential_refused", reason: "NOT_FOUND", scope: "credential" },
  },
  {
    title: "SENDER_ID_MISMATCH",
    answer: (push) => push.refuse(403, { status: "PERMISSION_DENIED", errorCode: "SENDER_ID_MISMATCH" }),
    outcome: { kind: "credential_refused", reason: "SENDER_ID_MISMATCH", scope: "pairing" },
  },
  {
    title: "INVALID_ARGUMENT about the message",
    answer: (push) => push.refuse(400, { status: "INVALID_ARGUMENT", errorCode: "INVALID_ARGUMENT" }),
    outcome: { kind: "payload_rejected", reason: "INVALID_ARGUMENT" },
  },
  {
    title: "429 with Retry-After",
    answer: (push) =>
      push.refuse(429, {
        status: "RESOURCE_EXHAUSTED",
        errorCode: "QUOTA_EXCEEDED",
        headers: { "Retry-After": "7" },
      }),
    outcome: { kind: "throttled", reason: "QUOTA_EXCEEDED", scope: "credential", afterMs: 7_000 },
  },
  {
    title: "UNAVAILABLE",
    answer: (push) => push.refuse(503, { status: "UNAVAILABLE", errorCode: "UNAVAILABLE" }),
    outcome: { kind: "retry_later", reason: "UNAVAILABLE", afterMs: 10_000 },
  },
]

const CLIENTS = { "frames of our own": openFramedClient, "node:http2": openReferenceClient }
for (const [name, openClient] of Object.entries(CLIENTS)) {
  providerContract(`FCM over ${name}`, {
    open: (options) => openFcmFixture(openClient, options),
    answers: ANSWERS,
  })
}

describe("FCM: the request", () => {
  it("addresses the project and carries token, data and the time that is left", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    await fixture.clock.advance(400)
    const content = contentOf({ "fcm-collapse-key": "news", "fcm-priority": "normal", custom: "1" })
    await new BatchRun(fixture.provider, "android", [fixture.token(1)], { content }).offerAll()
    const { request, message } = await fixture.nextPush()
    expect(request.headers).toMatchObject({
      ":path": "/v1/projects/example-project/messages:send",
      authorization: "Bearer access-1",
      "content-type": "application/json",
    })
    expect(message).toEqual({
      token: fixture.token(1),
      // 3 599.6 seconds are left, and FCM must never keep it longer.
      android: { priority: "NORMAL", ttl: "3599s", collapse_key: "news" },
      data: {
        message: "Hello",
        "android-content-title": "",
        messageId: `message:${MESSAGE_UUID}`,
        custom: "1",
      },
    })
  })

  it("never asks FCM to keep a message longer than 28 days", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    const content = contentOf({}, "Hello", fixture.clock.now() + 400 * 86_400_000)
    await new BatchRun(fixture.provider, "android", [fixture.token(1)], { content }).offerAll()
    expect((await fixture.nextPush()).message.android["ttl"]).toBe("2419200s")
  })
})

describe("FCM: the access token", () => {
  it("exchanges a signed assertion of the service account", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    await new BatchRun(fixture.provider, "android", [fixture.token(1)]).offerAll()
    const [form] = fixture.exchanges
    expect(form?.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer")
    const [header = "", claims = "", signature = ""] = form?.get("assertion")?.split(".") ?? []
    expect(decoded(header)).toEqual({ alg: "RS256", typ: "JWT", kid: "0123456789abcdef" })
    expect(decoded(claims)).toEqual({
      iss: "push@example-project.iam.gserviceaccount.com",
      scope: "https://www.googleapis.com/auth/firebase.messaging",
      aud: `${fixture.tokenServer.origin}/token`,
      iat: 1_800_000_000,
      exp: 1_800_003_600,
    })
    const input = Buffer.from(`${header}.${claims}`)
    expect(verify("sha256", input, RSA_KEY.publicKey, Buffer.from(signature, "base64url"))).toBe(true)
  })

  it("is fetched once however many pushes wait for it, and once however many are refused for it", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    const sending = new BatchRun(
      fixture.provider,
      "android",
      Array.from({ length: 100 }, (_, index) => fixture.token(index)),
    )
    const outcomes = sending.outcomes()
    for (let count = 0; count < 100; count += 1) (await fixture.nextPush()).refuseAuthorization()
    for (let count = 0; count < 100; count += 1) (await fixture.nextPush()).accept()
    expect((await outcomes).every((outcome) => outcome.kind === "accepted")).toBe(true)
    expect(fixture.exchanges).toHaveLength(2)
  })

  it("is renewed five minutes before it expires, while the old one still serves", async () => {
    await using fixture = await openFcmFixture(openFramedClient, { scriptsExchanges: true })
    const push = async (index: number) => {
      const content = contentOf({}, "Hello", fixture.clock.now() + 60_000)
      const sending = new BatchRun(fixture.provider, "android", [fixture.token(index)], { content })
      const outcomes = sending.outcomes()
      const arrived = await fixture.nextPush()
      arrived.accept()
      await outcomes
      return arrived.authorization
    }
    const first = push(1)
    ;(await fixture.tokenServer.requests.next()).respond(200, {}, JSON.stringify(grant(1)))
    expect(await first).toBe("Bearer access-1")
    await fixture.clock.advance(54 * 60_000)
    await push(2)
    expect(fixture.exchanges).toHaveLength(1)
    await fixture.clock.advance(60_000)
    expect(await push(3)).toBe("Bearer access-1")
    const exchange = await fixture.tokenServer.requests.next()
    expect(await push(4)).toBe("Bearer access-1")
    exchange.respond(200, {}, JSON.stringify(grant(2)))
    let authorization = await push(5)
    while (authorization === "Bearer access-1") authorization = await push(6)
    expect(authorization).toBe("Bearer access-2")
    expect(fixture.exchanges).toHaveLength(2)
  })

  it("is fetched no more than once a minute because of refusals, or a credential refused for good would fetch on and on", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    for (let index = 0; index < 10; index += 1) {
      const sending = new BatchRun(fixture.provider, "android", [fixture.token(index)])
      const outcomes = sending.outcomes()
      ;(await fixture.nextPush()).refuseAuthorization()
      if (index === 0) (await fixture.nextPush()).refuseAuthorization()
      expect(await outcomes).toEqual([
        { kind: "credential_refused", reason: "UNAUTHENTICATED", scope: "credential" },
      ])
    }
    expect(fixture.exchanges).toHaveLength(2)
    await fixture.clock.advance(60_000)
    const sending = new BatchRun(fixture.provider, "android", [fixture.token(0)])
    const outcomes = sending.outcomes()
    ;(await fixture.nextPush()).refuseAuthorization()
    ;(await fixture.nextPush()).accept()
    expect((await outcomes)[0]?.kind).toBe("accepted")
    expect(fixture.exchanges).toHaveLength(3)
  })

  it("is not blamed for single refusals while it serves others: they are put off until another may be fetched", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    const push = async (...answers: readonly ("accept" | "refuseAuthorization")[]) => {
      const outcomes = new BatchRun(fixture.provider, "android", [fixture.token(1)]).outcomes()
      for (const answer of answers) (await fixture.nextPush())[answer]()
      return (await outcomes)[0]
    }
    expect(await push("refuseAuthorization", "accept")).toMatchObject({ kind: "accepted" })
    expect(await push("refuseAuthorization")).toEqual({ kind: "retry_later", reason: "UNAUTHENTICATED" })
    expect(await push("accept")).toMatchObject({ kind: "accepted" })
    expect(fixture.exchanges).toHaveLength(2)
    await fixture.clock.advance(60_000)
    expect(await push("refuseAuthorization", "refuseAuthorization")).toMatchObject({
      kind: "credential_refused",
    })
    expect(fixture.exchanges).toHaveLength(3)
  })

  it("is not blamed either where it served to refuse what FCM looks at afterwards", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    const run = (index: number) =>
      new BatchRun(fixture.provider, "android", [fixture.token(index)]).outcomes()
    const gone = run(1)
    ;(await fixture.nextPush()).refuseAuthorization()
    ;(await fixture.nextPush()).refuse(404, { status: "NOT_FOUND", errorCode: "UNREGISTERED" })
    expect(await gone).toMatchObject([{ kind: "token_gone" }])
    const put = run(2)
    ;(await fixture.nextPush()).refuseAuthorization()
    expect(await put).toEqual([{ kind: "retry_later", reason: "UNAUTHENTICATED" }])
  })

  it("lets a push be sent twice at most, though each time a newer token has come meanwhile", async () => {
    await using fixture = await openFcmFixture(openFramedClient)
    const content = contentOf({}, "Hello", fixture.clock.now() + 7_200_000)
    const run = (index: number) =>
      new BatchRun(fixture.provider, "android", [fixture.token(index)], { content })
    const first = run(0).outcomes()
    ;(await fixture.nextPush()).accept()
    await first
    await fixture.clock.advance(56 * 60_000)
    // Sent with the old token, while this very offer has the next one fetched.
    const sending = run(1)
    const outcomes = sending.outcomes()
    const push = await fixture.nextPush()
    let index = 2
    for (let authorization = push.authorization; authorization === push.authorization; index += 1) {
      const other = run(index).outcomes()
      const arrived = await fixture.nextPush()
      authorization = arrived.authorization
      arrived.accept()
      await other
    }
    push.refuseAuthorization()
    const again = await fixture.nextPush()
    expect(again.authorization).not.toBe(push.authorization)
    again.refuseAuthorization()
    expect((await outcomes)[0]?.kind).toBe("credential_refused")
    expect(fixture.arrived).toBe(index + 1)
  })

  for (const [title, status, body, outcome] of [
    [
      "a refused service account",
      400,
      `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`,
      { kind: "credential_refused", reason: "token exchange: invalid_grant", scope: "credential" },
    ],
    [
      "a wrong clock",
      400,
      `{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes)"}`,
      {
        kind: "credential_refused",
        reason: "token exchange: invalid_grant (is the clock of this machine right?)",
        scope: "credential",
      },
    ],
    [
      "a token server in trouble",
      503,
      "<html>try later</html>",
      { kind: "retry_later", reason: "token exchange: status 503", afterMs: expect.any(Number) },
    ],
    [
      "an answer without a token",
      200,
      `{"token_type":"Bearer"}`,
      { kind: "retry_later", reason: "token exchange: status 200", afterMs: expect.any(Number) },
    ],
  ] as const) {
    it(`lets one push carry the news of ${title}, and asks again later`, async () => {
      await using fixture = await openFcmFixture(openFramedClient, { scriptsExchanges: true })
      const sending = new BatchRun(fixture.provider, "android", [1, 2, 3].map(fixture.token))
      const room = sending.sink.nextRoom()
      expect(sending.offer()).toBe(0)
      ;(await fixture.tokenServer.requests.next()).respond(status, {}, body)
      await room
      expect(sending.offer()).toBe(1)
      expect(await sending.sink.outcome(1)).toEqual(outcome)
      const later = sending.sink.nextRoom()
      await fixture.clock.advance(30_000)
      await later
      const rest = sending.outcomes()
      ;(await fixture.tokenServer.requests.next()).respond(200, {}, JSON.stringify(grant(1)))
      for (let count = 0; count < 2; count += 1) (await fixture.nextPush()).accept()
      expect((await rest).slice(1).map(({ kind }) => kind)).toEqual(["accepted", "accepted"])
    })
  }

  it("settles the pushes that wait for a renewal when the renewal is refused, one of them with the reason", async () => {
    await using fixture = await openFcmFixture(openFramedClient, { scriptsExchanges: true })
    const sending = new BatchRun(fixture.provider, "android", [1, 2, 3].map(fixture.token))
    const outcomes = sending.outcomes()
    ;(await fixture.tokenServer.requests.next()).respond(200, {}, JSON.stringify(grant(1)))
    for (let count = 0; count < 3; count += 1) (await fixture.nextPush()).refuseAuthorization()
    ;(await fixture.tokenServer.requests.next()).respond(400, {}, `{"error":"invalid_grant"}`)
    const kinds = (await outcomes).map((outcome) => outcome.kind)
    expect(kinds.sort()).toEqual(["credential_refused", "retry_later", "retry_later"])
  })

  it("does not wait for a token server that never answers", async () => {
    await using fixture = await openFcmFixture(openFramedClient, { scriptsExchanges: true })
    const sending = new BatchRun(fixture.provider, "android", [fixture.token(1)])
    const room = sending.sink.nextRoom()
    sending.offer()
    await fixture.tokenServer.requests.next()
    await fixture.clock.advance(15_000)
    await room
    sending.offer()
    expect(await sending.sink.outcome(1)).toMatchObject({
      kind: "retry_later",
      reason: "token exchange: time-out",
    })
  })
})

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
}
