import { describe, expect, test } from "vitest"
import { eventually } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, type World } from "./world.ts"

/** What a monitor reads of a running server, who may, and that it names nobody. */

async function read({ url }: World, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/metrics`, { headers })
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() }
}

function sampleOf(text: string, sample: string): number | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length + 1))
}

const ANSWERED_AFTER_MS = 8_000

describe("/metrics", () => {
  test("shows what happened, and names neither applications nor devices, channels, messages or keys", async () => {
    await using world = await openWorld()
    const app = await world.app()
    await app.register({ deviceId: "CANARY-phone", os: "IOS", channels: ["CANARY-channel"] })
    await app.register({ deviceId: "CANARY-droid", os: "ANDROID", channels: ["CANARY-channel"] })
    const id = await app.published({ message: "CANARY-text" }, "CANARY-channel")
    await app.settled(id)
    await app.retrieve("CANARY-nobody")
    const { status, type, text } = await read(world, world.authorization)
    expect({ status, type }).toEqual({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8" })
    expect(sampleOf(text, 'belfry_http_requests_total{surface="registration",status="200"}')).toBe(2)
    expect(sampleOf(text, 'belfry_http_requests_total{surface="backendless",status="400"}')).toBe(1)
    expect(sampleOf(text, 'belfry_push_attempts_total{provider="apns",outcome="accepted"}')).toBe(1)
    expect(sampleOf(text, 'belfry_push_attempts_total{provider="fcm",outcome="accepted"}')).toBe(1)
    expect(sampleOf(text, "belfry_pushes_in_flight")).toBe(0)
    expect(sampleOf(text, 'belfry_registrations{platform="ios"}')).toBe(1)
    expect(sampleOf(text, "belfry_segments_open")).toBe(0)
    expect(sampleOf(text, "belfry_segment_oldest_age_seconds")).toBe(0)
    expect(sampleOf(text, "belfry_store_commit_seconds_count")).toBeGreaterThan(3)
    expect(sampleOf(text, "process_resident_memory_bytes")).toBeGreaterThan(1e7)
    for (const secret of ["CANARY", app.id, id.slice("message:".length), ...Object.values(app.apiKeys)]) {
      expect(text.toLowerCase()).not.toContain(secret.toLowerCase())
    }
    for (const line of text.trimEnd().split("\n")) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [0-9.e+-]+)$/,
      )
    }
  })

  test("shows a message that waits, and for how long", async () => {
    const clock = new SkippingClock()
    await using world = await openWorld({ clock })
    const app = await world.app()
    await app.register({ deviceId: "phone" })
    // Nearly as long as an answer is waited for.
    world.simulators.faults.add({
      provider: "apns",
      times: 1,
      action: { do: "delay", ms: ANSWERED_AFTER_MS },
    })
    const id = await app.published({ message: "hello" })
    await eventually("the age of the oldest segment grows", async () => {
      const { text } = await read(world, world.authorization)
      return (
        (sampleOf(text, "belfry_segment_oldest_age_seconds") ?? 0) > 0 &&
        sampleOf(text, "belfry_segments_open") === 1 &&
        sampleOf(text, "belfry_pushes_in_flight") === 1
      )
    })
    clock.skip(ANSWERED_AFTER_MS)
    await app.settled(id)
  })

  test("is for who has a token that may read the whole server", async () => {
    await using world = await openWorld()
    const app = await world.app("none")
    const { token } = await world.services.administratorTokens.create({
      scope: "administer",
      applications: [app.id],
    })
    const { token: reader } = await world.services.administratorTokens.create({ scope: "read" })
    const statuses = await Promise.all(
      [{}, bearer("x"), bearer(app.apiKeys["REST"] ?? ""), bearer(token), bearer(reader)].map(
        async (headers) => (await read(world, headers)).status,
      ),
    )
    expect(statuses).toEqual([401, 401, 401, 404, 200])
  })

  test("is for anyone where the operator says so", async () => {
    await using world = await openWorld({ flags: { "metrics-access": "anyone" } })
    expect(await read(world)).toMatchObject({
      status: 200,
      text: expect.stringContaining("belfry_registrations"),
    })
  })
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
