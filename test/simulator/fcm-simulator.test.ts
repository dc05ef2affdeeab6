import { describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import { createFcmCredential } from "../../src/simulator/test-credentials.ts"
import {
  type AssertionOptions,
  accessToken,
  DEVICE,
  exchange,
  FcmClient,
  MESSAGING_SCOPE,
  verdictOf,
} from "./fcm-client.ts"
import { fetchHttp1, setup } from "./wire.ts"

const DAY_MS = 86_400_000
const NOW_S = 1_800_000_000

describe("the FCM simulator, its token endpoint (item 1)", () => {
  test("gives an access token for a signed assertion", async () => {
    await using running = await setup()
    const { status, body } = await exchange(running)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({
      access_token: expect.stringMatching(/^ya29\..{20}/),
      expires_in: 3599,
      token_type: "Bearer",
    })
  })

  const REFUSED: readonly (readonly [string, AssertionOptions, string, RegExp])[] = [
    ["an unknown account", { claims: { iss: "who@example.com" } }, "invalid_grant", /account not found/],
    ["another algorithm in the header", { header: { alg: "none" } }, "invalid_grant", /Signature/],
    ["another audience", { claims: { aud: "https://example.com/token" } }, "invalid_grant", /audience/],
    ["a lifetime of more than an hour", { claims: { exp: NOW_S + 3_601 } }, "invalid_grant", /short-lived/],
    [
      "an iat in the future",
      { claims: { iat: NOW_S + 600, exp: NOW_S + 900 } },
      "invalid_grant",
      /timeframe/,
    ],
    ["an exp in the past", { claims: { iat: NOW_S - 900, exp: NOW_S - 600 } }, "invalid_grant", /timeframe/],
    ["an iat that is a text", { claims: { iat: String(NOW_S) } }, "invalid_grant", /timeframe/],
    ["no scope", { claims: { scope: "" } }, "invalid_scope", /scope/],
    ["an unknown scope", { claims: { scope: "everything" } }, "invalid_scope", /scope/],
    ["another grant type", { grantType: "password" }, "unsupported_grant_type", /password/],
  ]
  test.each(REFUSED)("refuses %s", async (_name, options, error, description) => {
    await using running = await setup()
    const { status, body } = await exchange(running, options)
    expect(status).toBe(400)
    expect(JSON.parse(body)).toEqual({ error, error_description: expect.stringMatching(description) })
  })

  test("refuses the signature of a stranger's key", async () => {
    await using running = await setup()
    const stranger = await createFcmCredential(seededRandom(3), "https://unused.example")
    const { status, body } = await exchange(running, { privateKey: stranger.private_key })
    expect([status, JSON.parse(body).error_description]).toEqual([400, "Invalid JWT Signature."])
  })

  test("accepts Google's own audience too, which some clients cannot change", async () => {
    await using running = await setup()
    const claims = { aud: "https://oauth2.googleapis.com/token" }
    expect((await exchange(running, { claims })).status).toBe(200)
  })

  test("counts exchanges, so that 1000 parallel sends can prove one refresh (item 4)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => client.send({ token: `d${n}` })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(running.simulators.counters().fcm).toMatchObject({ accessTokensIssued: 1, accepted: 1_000 })
  })
})

describe("the FCM simulator, authorization of sends", () => {
  test("an access token expires on the clock: 401 without an FcmError (item 2)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    await running.clock.advance(3_598_000)
    expect((await client.send()).status).toBe(200)
    await running.clock.advance(1_000)
    const verdict = verdictOf(await client.send())
    expect(verdict).toMatchObject({ status: 401, grpcStatus: "UNAUTHENTICATED", errorCode: undefined })
  })

  test.each([["Bearer unknown"], ["Basic dXNlcjpwYXNz"], [""]])(
    "refuses '%s' (item 2)",
    async (authorization) => {
      await using running = await setup()
      await using client = await FcmClient.open(running)
      client.authorization = authorization
      expect(verdictOf(await client.send())).toMatchObject({ status: 401, errorCode: undefined })
    },
  )

  test("revoked access tokens are refused from then on (item 2)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    running.simulators.revokeAccessTokens()
    expect((await client.send()).status).toBe(401)
  })

  test("a token of the wrong scope is 403 without an FcmError (item 3)", async () => {
    await using running = await setup()
    const scope = "https://www.googleapis.com/auth/userinfo.email"
    await using client = await FcmClient.open(running, { claims: { scope } })
    const verdict = verdictOf(await client.send())
    expect(verdict).toMatchObject({ status: 403, grpcStatus: "PERMISSION_DENIED", errorCode: undefined })
  })

  test.each([
    ["https://www.googleapis.com/auth/cloud-platform"],
    [`https://www.googleapis.com/auth/userinfo.email ${MESSAGING_SCOPE}`],
  ])("the scope '%s' is enough (item 3)", async (scope) => {
    await using running = await setup()
    await using client = await FcmClient.open(running, { claims: { scope } })
    expect((await client.send()).status).toBe(200)
  })

  test("an unknown project is 404 NOT_FOUND without an FcmError (item 26)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    client.path = "/v1/projects/nobody/messages:send"
    const verdict = verdictOf(await client.send())
    expect(verdict).toMatchObject({ status: 404, grpcStatus: "NOT_FOUND", errorCode: undefined })
  })

  test("a project of another account is 403; its own account reaches it, by id and by number", async () => {
    await using running = await setup()
    const other = await createFcmCredential(seededRandom(4), "https://unused.example", "other-project")
    running.simulators.trustFcmAccount({ ...other, project_number: "123456" })
    await using stranger = await FcmClient.open(running)
    stranger.path = "/v1/projects/other-project/messages:send"
    expect(verdictOf(await stranger.send())).toMatchObject({ status: 403, errorCode: undefined })
    const owner = { privateKey: other.private_key, claims: { iss: other.client_email } }
    for (const project of ["other-project", "123456"]) {
      await using client = await FcmClient.open(running, owner)
      client.path = `/v1/projects/${project}/messages:send`
      expect(JSON.parse((await client.send()).body).name).toMatch(/^projects\/other-project\/messages\//)
    }
  })

  test("the retired path and other paths are an HTML 404 (item 26)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    for (const path of ["/fcm/send", "/v1/projects/x/messages"]) {
      client.path = path
      const { status, headers, body } = await client.send()
      expect([status, headers["content-type"]]).toEqual([404, "text/html; charset=UTF-8"])
      expect(body).toContain("<title>Error 404")
    }
  })
})

describe("the FCM simulator, sends", () => {
  test("accepts a message over HTTP/2 and over HTTP/1.1 and names it", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const name = /^projects\/belfry-simulator\/messages\/0:\d+%[0-9a-f]{16}$/
    expect(JSON.parse((await client.send()).body).name).toMatch(name)
    expect(JSON.parse((await client.sendHttp1({ data: { message: "Hello" } })).body).name).toMatch(name)
    expect(running.simulators.journal.read()).toMatchObject([
      { token: DEVICE, kind: "data", body: "Hello", platform: "android" },
      { token: DEVICE, kind: "data", body: "Hello", platform: "android" },
    ])
  })

  test.each([
    ["one character", "a"],
    ["25 X, as in the documentation of Backendless", DEVICE],
    ["all printable signs", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
    ["4096 characters", "t".repeat(4_096)],
  ])("takes a token of %s for a device", async (_name, token) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect((await client.send({ token })).status).toBe(200)
  })

  test.each([
    ["nothing", ""],
    ["a space inside", "a b"],
    ["a letter outside ASCII", "töken"],
    ["4097 characters", "t".repeat(4_097)],
  ])("a token of %s is malformed: 400 with an FcmError and no field (item 26)", async (_name, token) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect(verdictOf(await client.send({ token }))).toEqual({
      status: 400,
      grpcStatus: "INVALID_ARGUMENT",
      errorCode: "INVALID_ARGUMENT",
      fields: [],
      message: "The registration token is not a valid FCM registration token",
    })
  })

  test("validate_only checks everything and never reaches the journal (item 29)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const { status, body } = await client.send({}, { validate_only: true })
    expect([status, JSON.parse(body).name]).toEqual([
      200,
      "projects/belfry-simulator/messages/fake_message_id",
    ])
    expect((await client.send({ data: { from: "me" } }, { validateOnly: true })).status).toBe(400)
    expect(running.simulators.journal.read()).toEqual([])
    expect(running.simulators.counters().fcm).toMatchObject({ accepted: 0, validatedOnly: 1 })
  })

  test("topics, conditions and installation ids are targets as well", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    for (const target of [{ topic: "news" }, { condition: "'a' in topics" }, { fid: "f1" }]) {
      expect((await client.send({ token: undefined, ...target })).status).toBe(200)
    }
    const tokens = running.simulators.journal.read().map(({ token }) => token)
    expect(tokens).toEqual(["/topics/news", "'a' in topics", "f1"])
  })
})

describe("the FCM simulator, devices", () => {
  async function verdictFor(state: object, message: object = {}, account: object = {}) {
    const running = await setup()
    const { clock, simulators } = running
    simulators.devices.declare({ provider: "fcm", token: DEVICE, condition: "valid", ...state }, clock.now())
    simulators.trustFcmAccount({ ...simulators.credentials.fcm, ...account })
    const client = await FcmClient.open(running)
    const answer = await client.send(message)
    await client[Symbol.asyncDispose]()
    await running[Symbol.asyncDispose]()
    const { headers } = answer
    return answer.status === 200 ? { status: 200, headers } : { ...verdictOf(answer), headers }
  }

  test("an unregistered device is 404 UNREGISTERED (item 36)", async () => {
    const verdict = { status: 404, grpcStatus: "NOT_FOUND", errorCode: "UNREGISTERED" }
    expect(await verdictFor({ condition: "unregistered" })).toMatchObject(verdict)
    expect(await verdictFor({ condition: "expired" })).toMatchObject(verdict)
  })

  test("a device is forgotten 270 days after it was last seen (item 36)", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    const lastSeen = clock.now()
    simulators.devices.declare({ provider: "fcm", token: DEVICE, condition: "valid", lastSeen }, lastSeen)
    await clock.advance(270 * DAY_MS - 1)
    await using client = await FcmClient.open(running)
    expect((await client.send()).status).toBe(200)
    await clock.advance(1)
    expect(verdictOf(await client.send()).errorCode).toBe("UNREGISTERED")
  })

  test("a token that was never issued is malformed (item 26)", async () => {
    expect(await verdictFor({ condition: "unknown" })).toMatchObject({
      status: 400,
      errorCode: "INVALID_ARGUMENT",
      fields: [],
    })
  })

  test("a token of another project is 403 SENDER_ID_MISMATCH (item 27)", async () => {
    expect(await verdictFor({ application: "other-project" })).toMatchObject({
      status: 403,
      grpcStatus: "PERMISSION_DENIED",
      errorCode: "SENDER_ID_MISMATCH",
    })
  })

  test("a restricted package must be the package of the app (item 27)", async () => {
    const android = { restricted_package_name: "com.example.app" }
    expect(await verdictFor({ packageName: "com.other" }, { android })).toMatchObject({
      status: 400,
      errorCode: "INVALID_ARGUMENT",
      fields: ["message.android.restricted_package_name"],
    })
    expect(await verdictFor({ packageName: "com.example.app" }, { android })).toMatchObject({ status: 200 })
  })

  test("an iOS device needs the project's APNs key (item 28)", async () => {
    const message = { notification: { title: "Hi" } }
    expect(await verdictFor({ platform: "ios" }, message, { has_apns_key: false })).toMatchObject({
      status: 401,
      grpcStatus: "UNAUTHENTICATED",
      errorCode: "THIRD_PARTY_AUTH_ERROR",
    })
    expect(await verdictFor({ platform: "ios" }, message)).toMatchObject({ status: 200 })
  })

  test("a data message to iOS takes the APNs priority 5 only", async () => {
    const message = (priority: string) => ({
      data: { a: "b" },
      apns: { headers: { "apns-priority": priority } },
    })
    expect(await verdictFor({ platform: "ios" }, message("10"))).toMatchObject({ status: 400 })
    expect(await verdictFor({ platform: "ios" }, message("5"))).toMatchObject({ status: 200 })
  })

  test("a throttled device is 429 QUOTA_EXCEEDED, with Retry-After when declared", async () => {
    const plain = await verdictFor({ condition: "throttled" })
    expect(plain).toMatchObject({
      status: 429,
      grpcStatus: "RESOURCE_EXHAUSTED",
      errorCode: "QUOTA_EXCEEDED",
    })
    expect(plain.headers).not.toHaveProperty("retry-after")
    const timed = await verdictFor({ condition: "throttled", retryAfterSeconds: 30 })
    expect(timed.headers).toMatchObject({ "retry-after": "30" })
  })

  test("the same token is valid again after a reinstall (item 39)", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    const until = clock.now() + 1_000
    simulators.devices.declare(
      { provider: "fcm", token: DEVICE, condition: "unregistered", until },
      clock.now(),
    )
    await using client = await FcmClient.open(running)
    expect((await client.send()).status).toBe(404)
    await clock.advance(1_000)
    expect((await client.send()).status).toBe(200)
  })
})

describe("the FCM simulator, quotas", () => {
  test("the project's bucket is filled up a minute after the start, not on the clock's minute (item 40)", async () => {
    await using running = await setup({ fcm: { messagesPerMinute: 3 } })
    await using client = await FcmClient.open(running)
    await running.clock.advance(50_000)
    // A message that is refused with 400 counts as well.
    expect((await client.send({ data: { from: "me" } })).status).toBe(400)
    expect((await client.send()).status).toBe(200)
    expect((await client.send()).status).toBe(200)
    const refused = await client.send()
    expect(verdictOf(refused)).toMatchObject({
      status: 429,
      grpcStatus: "RESOURCE_EXHAUSTED",
      errorCode: "QUOTA_EXCEEDED",
    })
    expect(refused.headers["retry-after"]).toBe("10")
    await running.clock.advance(10_000)
    // The refused one was not counted.
    expect(await Promise.all([1, 2, 3].map(async () => (await client.send()).status))).toEqual([
      200, 200, 200,
    ])
    expect((await client.send()).status).toBe(429)
  })

  test.each([
    ["date", "Fri, 15 Jan 2027 08:01:00 GMT"],
    ["none", undefined],
  ] as const)("Retry-After can be a date or absent: %s (item 40)", async (retryAfter, expected) => {
    await using running = await setup({ fcm: { messagesPerMinute: 0, retryAfter } })
    await using client = await FcmClient.open(running)
    const { status, headers } = await client.send()
    expect([status, headers["retry-after"]]).toEqual([429, expected])
  })

  test("a device takes so many messages a minute and an hour; others are not affected (item 41)", async () => {
    await using running = await setup({ fcm: { deviceMessagesPerMinute: 2, deviceMessagesPerHour: 3 } })
    await using client = await FcmClient.open(running)
    const send = async (token = DEVICE) => (await client.send({ token })).status
    expect([await send(), await send(), await send(), await send("other")]).toEqual([200, 200, 429, 200])
    await running.clock.advance(60_000)
    expect([await send(), await send()]).toEqual([200, 429])
    await running.clock.advance(3_540_000)
    client.authorization = `Bearer ${await accessToken(running)}`
    expect(await send()).toBe(200)
  })

  test("collapsible messages over the burst are delayed, and the sender is not told (item 41)", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const message = { android: { collapse_key: "score" } }
    for (let sent = 0; sent < 21; sent += 1) expect((await client.send(message)).status).toBe(200)
    await running.clock.advance(180_000)
    expect((await client.send(message)).status).toBe(200)
    const delayed = running.simulators.journal.read().filter(({ remark }) => remark?.includes("later"))
    expect(delayed.map(({ sequence }) => sequence)).toEqual([21])
  })
})

test("the FCM simulator speaks HTTP/1.1 on its token endpoint and refuses GET there", async () => {
  await using running = await setup()
  const { origins, caCertificatePem } = running.simulators
  const answer = await fetchHttp1(`${origins.fcm}/token`, caCertificatePem, { method: "GET" })
  expect(answer.status).toBe(405)
})
