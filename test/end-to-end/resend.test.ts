import { afterAll, beforeAll, expect, test } from "vitest"
import { expected } from "./calls.ts"
import { eventually } from "./eventually.ts"
import { openWorld, type World } from "./world.ts"

/** A credential fails, is put right, and those who missed the message get it: nobody else does. */

let world: World

beforeAll(async () => {
  world = await openWorld()
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

test("after a refused credential was put right, the message goes to those that it was refused for", async () => {
  const app = await world.app()
  for (const os of ["IOS", "ANDROID", "WP"]) await app.register({ deviceId: os, os })
  world.simulators.faults.add({ provider: "fcm", action: { do: "answer", reason: "PERMISSION_DENIED" } })
  const first = await app.published({ message: "Hello", headers: { "android-content-title": "T" } })
  const report = await app.settled(first)
  expect(report.counts).toMatchObject({ accepted: 2, credential_refused: 1 })
  expect(await app.paused("fcm")).toBe("PERMISSION_DENIED")

  world.simulators.faults.clear()
  await app.resumeCredential("fcm")
  // What was known of a credential is remembered for a second.
  const resumedAt = world.clock.now()
  await eventually("the pause is forgotten", () => world.clock.now() > resumedAt + 1_500)
  const path = `/applications/${app.id}/messages/${first}/resend`
  const again = await expected<{ messageId: string }>(world.admin("POST", path, {}))
  expect(again).toMatchObject({ audience: 1, matched: 1, departed: 0 })
  const second = await app.settled(again.messageId)
  expect(second).toMatchObject({
    counts: { accepted: 1 },
    message: "Hello",
    headers: { "android-content-title": "T" },
  })
  const pushes = (id: string) => world.ledger(id).filter(({ outcome }) => outcome === "accepted")
  expect(pushes(again.messageId)).toMatchObject([{ provider: "fcm" }])
  const { messages } = await expected<{ messages: readonly { messageId: string; verdict: string }[] }>(
    world.admin("GET", `/applications/${app.id}/device-messages/ANDROID`),
  )
  expect(messages.map(({ messageId }) => messageId)).toEqual([again.messageId, first])
  const empty = await world.admin("POST", `/applications/${app.id}/messages/${again.messageId}/resend`, {})
  expect(empty).toMatchObject({ status: 409, body: { code: 90_012 } })

  const { points } = await expected<{
    points: readonly { messages: number; outcomes: Record<string, number> }[]
  }>(world.admin("GET", `/applications/${app.id}/statistics`))
  const sum = (kind: string) => points.reduce((total, { outcomes }) => total + (outcomes[kind] ?? 0), 0)
  expect([sum("accepted"), sum("credential_refused")]).toEqual([3, 1])
  expect(points.reduce((total, { messages: count }) => total + count, 0)).toBe(2)
})

test("what a message was cancelled for is sent to once it is sent again, and again", async () => {
  const app = await world.app()
  const count = 300
  await app.registerAll(Array.from({ length: count }, (_, index) => ({ deviceId: `p-${index}`, os: "IOS" })))
  world.simulators.faults.add({
    provider: "apns",
    action: { do: "answer", status: 503, headers: { "retry-after": "1" } },
  })
  const first = await app.published({ message: "Hello", ttlSeconds: 600 })
  await app.change(first, "cancel")
  const cancelled = (await app.settled(first)).counts["cancelled"] ?? 0
  expect(cancelled).toBeGreaterThan(0)
  const resend = (id: string, outcomes: readonly string[]) =>
    expected<{ messageId: string; audience: number }>(
      world.admin("POST", `/applications/${app.id}/messages/${id}/resend`, { outcomes }),
    )
  const second = await resend(first, ["cancelled"])
  expect(second.audience).toBe(cancelled)
  await app.change(second.messageId, "pause")
  await app.change(second.messageId, "cancel")
  await app.settled(second.messageId)
  world.simulators.faults.clear()
  const again = (await app.settled(second.messageId)).counts["cancelled"] ?? 0
  const third = await resend(second.messageId, ["cancelled"])
  expect(third.audience).toBe(again)
  expect((await app.settled(third.messageId)).counts["accepted"]).toBe(again)
  const got = world
    .ledger()
    .filter(({ messageId, outcome }) => messageId === third.messageId && outcome === "accepted")
  expect(new Set(got.map(({ token }) => token)).size).toBe(again)
  expect(got).toHaveLength(again)
})
