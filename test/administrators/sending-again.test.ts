import { describe, expect, test } from "vitest"
import type { Outcome } from "../../src/domain/outcome.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"
import { type Administration, openAdministration } from "./administration.ts"

/** A message is sent again to those that it failed for, and to nobody else. */

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  accepted: { kind: "accepted" },
  changed: { kind: "token_changed", to: "new" },
  exhausted: { kind: "retries_exhausted", reason: "status 503" },
  refused: { kind: "credential_refused", reason: "InvalidProviderToken", scope: "credential" },
  rejected: { kind: "payload_rejected", reason: "BadPriority" },
  without: { kind: "suppressed", reason: "no_credential" },
  shared: { kind: "suppressed", reason: "shared_token" },
  unknown: { kind: "outcome_unknown", reason: "request time-out" },
  gone: { kind: "token_gone", reason: "Unregistered" },
}

async function setup(deviceIdsPerPublish?: number) {
  const flags = {
    ...(deviceIdsPerPublish && { "limit-device-ids-per-publish": String(deviceIdsPerPublish) }),
  }
  const server = await openAdministration({ flags })
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("operate")
  const post = (more: string, body: unknown, also: Record<string, string> = {}) =>
    server.ask("POST", `/admin/v1/applications/${id}${more}`, { headers: { ...headers, ...also }, body })
  return {
    server,
    number,
    post,
    get: (more: string) => server.ask("GET", `/admin/v1/applications/${id}${more}`, { headers }),
    /** A message with `copies` devices for each of the outcomes, named after it. */
    async settled(copies = 1): Promise<string> {
      const kinds = Object.keys(OUTCOMES)
      const deviceIds = kinds.flatMap((kind) =>
        Array.from({ length: copies }, (_, index) => `${kind}-${index}`),
      )
      await Promise.all(deviceIds.map((deviceId) => register(server, number, deviceId)))
      const body = { channel: "news", message: "Hello", headers: { "ios-badge": "1" }, ttlSeconds: 60 }
      const { body: published } = await post("/messages", body)
      await settle(server, deviceIds)
      return String(published["messageId"])
    },
  }
}

function register(server: Administration, application: number, deviceId: string) {
  return server.services.devices.register(application, {
    ...{ deviceId, deviceToken: deviceId, os: "IOS", osVersion: "1", channels: ["news"] },
    expiresAt: undefined,
  })
}

/** As the engine does it, in several checkpoints. */
async function settle({ store, clock }: Administration, deviceIds: readonly string[]): Promise<void> {
  const now = clock.now()
  const claimed = await store.segments.claim("any", "test", now, now + 10_000)
  if (claimed === undefined) throw new Error("nothing to claim")
  const devices = await store.segments.audiencePage(claimed.claim, 0, 1_000)
  const progress = (cursor: number, settled: readonly { registration: number; outcome: Outcome }[]) => ({
    ...{ cursor, reserved: cursor, doneAbove: [], pass: FIRST_PASS, obstacle: "", settled, retries: [] },
    ...{ leaseUntil: now + 10_000, now },
  })
  expect(devices).toHaveLength(deviceIds.length)
  let last = 0
  for (const { registration, token } of devices) {
    const outcome = OUTCOMES[token.split("-")[0] ?? ""] ?? { kind: "expired", reason: "" }
    await store.segments.checkpoint(claimed.claim, progress(registration, [{ registration, outcome }]))
    last = registration
  }
  await store.segments.finish(claimed.claim, progress(last, []), {
    kind: "suppressed",
    reason: "left_audience",
  })
}

/** Of those that are registered: whom the message is for. */
async function audienceOf(server: Administration, application: number, id: unknown) {
  const { services } = server
  const names = Object.keys(OUTCOMES).map((kind) => `${kind}-0`)
  const reports = await Promise.all(
    names.map((deviceId) => services.messages.deviceReport(application, String(id), deviceId)),
  )
  return reports.filter(({ verdict }) => verdict === "pending").map(({ deviceId }) => deviceId)
}

describe("sending again", () => {
  test.each([
    [undefined, ["exhausted-0", "refused-0"]],
    [["retries_exhausted"], ["exhausted-0"]],
    [["suppressed"], ["without-0"]],
    [
      ["payload_rejected", "suppressed", "retries_exhausted", "credential_refused"],
      ["exhausted-0", "refused-0", "rejected-0", "without-0"],
    ],
  ])("for %j goes to exactly these: %j", async (outcomes, expected) => {
    const { server, number, post, settled } = await setup()
    await using _ = server
    const id = await settled()
    const reply = await post(`/messages/${id}/resend`, { outcomes })
    expect(reply.body).toMatchObject({
      ...{ matched: expected.length, departed: 0, audience: expected.length, unknownDeviceIds: [] },
    })
    const { messageId } = reply.body
    expect(await audienceOf(server, number, messageId)).toEqual(expected)
    const sent = await server.store.messages.byId(number, String(messageId))
    const first = await server.store.messages.byId(number, id)
    expect(sent).toMatchObject({ messageJson: '"Hello"', headers: first?.headers, delivery: first?.delivery })
    expect((sent?.expiresAt ?? 0) - (sent?.acceptedAt ?? 0)).toBe(60_000)
  })

  test("leaves out who is not registered any more, and counts them", async () => {
    const { server, number, post, settled } = await setup()
    await using _ = server
    const id = await settled(3)
    await server.services.devices.cancel(number, "exhausted-1")
    // Under the same device id, and another registration: it did not get the message.
    await server.services.devices.cancel(number, "refused-0")
    await register(server, number, "refused-0")
    const { body } = await post(`/messages/${id}/resend`, {})
    expect(body).toMatchObject({ matched: 6, departed: 2, audience: 4 })
    for (const index of [0, 1, 2]) {
      const deviceId = `rejected-${index}`
      await server.services.devices.cancel(number, deviceId)
    }
    const nobody = await post(`/messages/${id}/resend`, { outcomes: ["payload_rejected"] })
    expect(nobody.body).toMatchObject({
      code: 90_012,
      message: expect.stringContaining("none is registered"),
    })
  })

  test("with an Idempotency-Key happens once", async () => {
    const { server, number, post, settled } = await setup()
    await using _ = server
    const id = await settled(2)
    const key = { "idempotency-key": "again" }
    const first = await post(`/messages/${id}/resend`, {}, key)
    await server.services.devices.cancel(number, "exhausted-1")
    const second = await post(`/messages/${id}/resend`, {}, key)
    expect(second.body["messageId"]).toBe(first.body["messageId"])
    // The key of a publish is another one.
    expect((await post("/messages", { channel: "news", message: "x" }, key)).status).toBe(200)
    const other = await post(`/messages/${id}/resend`, { outcomes: ["suppressed"] }, key)
    expect(other.body).toMatchObject({ code: 90_013 })
  })

  test("is refused while devices are pending and when there are none, and takes any number", async () => {
    const { server, number, post, get, settled } = await setup(5)
    await using _ = server
    await register(server, number, "waiting")
    const { body: running } = await post("/messages", { channel: "news", message: "x" })
    const early = await post(`/messages/${running["messageId"]}/resend`, {})
    expect(early.body).toMatchObject({
      code: 90_012,
      message: expect.stringContaining("1 devices are pending"),
    })
    await post(`/messages/${running["messageId"]}/cancel`, {})
    await server.services.devices.cancel(number, "waiting")
    const claimed = await server.store.segments.claim("any", "t", server.clock.now(), server.clock.now() + 1)
    if (claimed !== undefined) {
      const position = { cursor: 9e15, reserved: 9e15, doneAbove: [], pass: FIRST_PASS, obstacle: "" }
      const times = { leaseUntil: server.clock.now() + 1, now: server.clock.now() }
      await server.store.segments.finish(
        claimed.claim,
        { ...position, ...times, settled: [], retries: [] },
        { kind: "cancelled" },
      )
    }
    const none = await post(`/messages/${running["messageId"]}/resend`, {})
    expect(none.body).toMatchObject({ code: 90_012, message: expect.stringContaining("cancelled 1") })
    const gone = await post(`/messages/${running["messageId"]}/resend`, { outcomes: ["cancelled"] })
    expect(gone.body).toMatchObject({ code: 90_012, message: expect.stringContaining("none is registered") })

    const id = await settled(3)
    // More than one publish may name.
    const many = await post(`/messages/${id}/resend`, {})
    expect(many.body).toMatchObject({ matched: 6, departed: 0, audience: 6 })
    expect((await get(`/messages/${many.body["messageId"]}`)).body).toMatchObject({
      ...{ audience: 6, pending: 6 },
      again: { messageId: id, outcomes: ["retries_exhausted", "credential_refused"] },
    })
    expect((await get("/messages")).body["messages"]).toHaveLength(3)
  })

  test.each([
    [[]],
    [["accepted"]],
    [["outcome_unknown"]],
    [["retries_exhausted", "accepted"]],
    ["retries_exhausted"],
    [["token_gone"]],
  ])("is never for %j", async (outcomes) => {
    const { server, post, settled } = await setup()
    await using _ = server
    const reply = await post(`/messages/${await settled()}/resend`, { outcomes })
    expect(reply.body).toMatchObject({ code: 90_005, errorData: { property: "outcomes" } })
  })

  test("of a message of another application is not found", async () => {
    const { server, settled } = await setup()
    await using _ = server
    const id = await settled()
    const { id: other } = await server.services.applications.create("Other")
    const headers = await server.bearer("administer")
    const path = `/admin/v1/applications/${other}/messages/${id}/resend`
    expect((await server.ask("POST", path, { headers, body: {} })).status).toBe(404)
  })
})
