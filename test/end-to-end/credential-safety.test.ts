import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { ProviderName } from "../../src/domain/platform.ts"
import { systemClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import type { DeviceState } from "../../src/simulator/device-states.ts"
import { openSimulators, type SimulatorOptions } from "../../src/simulator/simulator.ts"
import { UNUSED_ORIGIN } from "../provider/unused-origin.ts"
import { type AppHandle, type Phone, tokenFor } from "./app-handle.ts"
import { eventually } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, simulatorCredential, type World } from "./world.ts"

/** A mistake in a credential, or in the provider, must not cost a single token (reliability, T-13). */

/** Nobody waits for a message to expire: the clock is put forward. */
const LIFE_S = 600

const clock = new SkippingClock()
let world: World

beforeAll(async () => {
  world = await openWorld({ clock })
})

afterAll(() => world[Symbol.asyncDispose]())

function phones(name: string, os: string, count: number): readonly Phone[] {
  return Array.from({ length: count }, (_, index) => ({ deviceId: `${name}-${index}`, os }))
}

async function registered(name: string, os: string, count: number): Promise<AppHandle> {
  const app = await world.app()
  await app.registerAll(phones(name, os, count))
  return app
}

function declare(
  provider: ProviderName,
  os: string,
  all: readonly Phone[],
  state: Partial<DeviceState> & Pick<DeviceState, "condition">,
): void {
  for (const { deviceId } of all) {
    const device = { provider, token: tokenFor(os, deviceId), ...state }
    world.simulators.devices.declare(device, world.clock.now())
  }
}

async function devicesOf(app: AppHandle): Promise<number> {
  const { number } = await world.services.applications.get(app.id)
  return Object.values(await world.store.devices.count(number)).reduce((sum, count) => sum + count)
}

function refusals(provider: ProviderName): number {
  return world.simulators.counters()[provider].rejected
}

const COUNT = 1_000

describe("When every device is refused because the credential does not fit,", () => {
  test.each<[string, ProviderName, string, Partial<DeviceState> & Pick<DeviceState, "condition">, string]>([
    ["BadDeviceToken", "apns", "IOS", { condition: "valid", environment: "sandbox" }, "BadDeviceToken"],
    [
      "DeviceTokenNotForTopic",
      "apns",
      "IOS",
      { condition: "valid", application: "com.example.other" },
      "DeviceTokenNotForTopic",
    ],
    [
      "SENDER_ID_MISMATCH",
      "fcm",
      "ANDROID",
      { condition: "valid", application: "another-project" },
      "SENDER_ID_MISMATCH",
    ],
    ["INVALID_ARGUMENT", "fcm", "ANDROID", { condition: "unknown" }, "INVALID_ARGUMENT: token"],
    ["403", "wns", "WP", { condition: "valid", application: "another-client" }, "status 403"],
  ])("%s of %s: no token is removed, and the credential pauses within 500 answers", async (...row) => {
    const [word, provider, os, state, reason] = row
    const name = `unfit-${word}`
    const app = await registered(name, os, COUNT)
    declare(provider, os, phones(name, os, COUNT), state)
    const before = refusals(provider)
    const report = await app.settled(await app.published({ message: "wrong" }))
    expect(report.counts["credential_refused"]).toBe(COUNT)
    expect(report.state).toBe("failed")
    expect(report.reasons).toEqual([{ kind: "credential_refused", reason, count: COUNT }])
    const asked = refusals(provider) - before
    expect(asked).toBeGreaterThan(250)
    // What was in flight when the 251st answer came is answered as well.
    expect(asked).toBeLessThanOrEqual(500)
    expect(await devicesOf(app)).toBe(COUNT)
    expect(await app.paused(provider)).toBe(reason)

    // Paused, nothing is asked any more; repaired and resumed, everybody gets the next message.
    const paused = await app.settled(await app.published({ message: "still wrong" }))
    expect(paused.counts["credential_refused"]).toBe(COUNT)
    expect(refusals(provider) - before).toBe(asked)
    declare(provider, os, phones(name, os, COUNT), { condition: "valid" })
    await app.resumeCredential(provider)
    const repaired = await app.settled(await app.published({ message: "right" }))
    expect(repaired.counts["accepted"]).toBe(COUNT)
    expect(repaired.state).toBe("finished")
  })
})

describe("A refusal is final for a device, so what led to it is no longer so by the next message:", () => {
  test("a credential that was missing and is set", async () => {
    const app = await world.app("none")
    await app.registerAll(phones("set", "IOS", 1))
    const without = await app.settled(await app.published({ message: "nobody" }))
    expect(without.reasons).toEqual([{ kind: "suppressed", reason: "no_credential", count: 1 }])
    await app.setCredential("apns", simulatorCredential(world.simulators, "apns"))
    const report = await app.settled(await app.published({ message: "at last" }))
    expect(report.counts["accepted"]).toBe(1)
  })

  test("a credential that was refused and is replaced, also where a refusal of the former comes late", async () => {
    const app = await registered("replaced", "IOS", 1)
    // Apple lets nothing past the first push of a connection until it is answered.
    await app.settled(await app.published({ message: "opens the connection" }))
    world.simulators.faults.add({
      provider: "apns",
      times: 1,
      action: { do: "slow_body", parts: 1, gapMs: 0, headAfterMs: 2_500, answer: { reason: "Forbidden" } },
    })
    const first = await app.published({ message: "with the former" })
    await eventually("the provider is asked", async () => world.simulators.faults.list()[0]?.struck === 1)
    await app.setCredential("apns", simulatorCredential(world.simulators, "apns"))
    const refused: string[] = []
    for (let isOpen = true; isOpen; isOpen = (await app.report(first)).pending > 0) {
      const next = await app.settled(await app.published({ message: "with the latter" }))
      if (next.counts["accepted"] !== 1) refused.push(JSON.stringify(next.reasons))
    }
    const last = await app.settled(await app.published({ message: "with the latter" }))
    world.simulators.faults.clear()
    expect(await app.report(first)).toMatchObject({ counts: { accepted: 1, credential_refused: 0 } })
    expect(last.counts["accepted"]).toBe(1)
    expect(refused).toEqual([])
    expect((await app.credential("apns"))?.pausedReason).toBeNull()
  })
})

/**
 * Registrations are removed behind the messages, a few at a time: while any of them waits for its removal, some are removed
 * during every further message. So what a message leaves as it was is at rest.
 */
async function askedAgainWhenAtRest(app: AppHandle) {
  return eventually("no registration is removed any more", async () => {
    const before = await devicesOf(app)
    const again = await app.settled(await app.published({ message: "really nobody?" }))
    const left = await devicesOf(app)
    return left === before && { again, left }
  })
}

describe("When a provider calls masses of tokens gone,", () => {
  test("it removes a thousand at most and spares the others, also when it is asked again", async () => {
    const count = 4_000
    const app = await registered("mass", "IOS", count)
    // The first device is healthy: Apple opens a connection wide only after it has accepted a push.
    declare("apns", "IOS", phones("mass", "IOS", count).slice(1), { condition: "unregistered" })
    const report = await app.settled(await app.published({ message: "anybody?" }))
    expect(report.counts).toMatchObject({ accepted: 1, token_gone: count - 1 })
    const { again, left } = await askedAgainWhenAtRest(app)
    // Told in groups of a checkpoint: the last group before the alarm may reach beyond the thousand.
    expect(left).toBeGreaterThanOrEqual(count - 1_000 - 4 * 128)
    expect(left).toBeLessThan(count)
    expect(again.audience).toBeGreaterThanOrEqual(left)
    await app.settled(await app.published({ message: "goodbye" }))
    expect(await devicesOf(app)).toBe(left)
    expect((await app.credential("apns"))?.pausedReason).toBeNull()
  })

  test("an ordinary turnover is no alarm: all that are gone are removed", async () => {
    const app = await registered("turnover", "IOS", 2_000)
    const gone = phones("turnover", "IOS", 300)
    declare("apns", "IOS", gone, { condition: "unregistered" })
    const report = await app.settled(await app.published({ message: "hello" }))
    expect(report.counts).toMatchObject({ token_gone: 300, accepted: 1_700 })
    await eventually("all that are gone are removed", async () => (await devicesOf(app)) === 1_700)
  })
})

test("One bad token fails nobody else: each device of a mixed audience gets its own outcome", async () => {
  const app = await registered("mixed", "ANDROID", 400)
  const all = phones("mixed", "ANDROID", 400)
  declare("fcm", "ANDROID", all.slice(0, 40), { condition: "unregistered" })
  declare("fcm", "ANDROID", all.slice(40, 70), { condition: "unknown" })
  const report = await app.settled(await app.published({ message: "mixed" }))
  expect(report.counts).toMatchObject({ accepted: 330, token_gone: 40, credential_refused: 30 })
  expect(report.state).toBe("finished")
  expect((await app.credential("fcm"))?.pausedReason).toBeNull()
  await eventually("those that are gone are removed", async () => (await devicesOf(app)) === 360)
})

describe("A provider that cannot be trusted or reached gets nothing, and costs neither token nor credential:", () => {
  async function expectNothing(origin: string, ca: string, reason: RegExp): Promise<void> {
    const app = await world.app("none")
    await app.registerAll(phones("unreachable", "IOS", 30))
    await app.setCredential("apns", { ...simulatorCredential(world.simulators, "apns"), origin, ca })
    const id = await app.published({ message: "hello", ttlSeconds: LIFE_S })
    await eventually(`a device is told ${reason}`, async () => {
      const reports = await Promise.all([0, 1, 2].map((index) => app.device(id, `unreachable-${index}`)))
      return reports.some(({ summary }) => reason.test(summary))
    })
    clock.skip(LIFE_S * 1_000)
    const report = await app.settled(id)
    expect(report.counts["accepted"]).toBe(0)
    expect((report.counts["expired"] ?? 0) + (report.counts["retries_exhausted"] ?? 0)).toBe(30)
    expect((await app.credential("apns"))?.pausedReason).toBeNull()
    expect(await devicesOf(app)).toBe(30)
  }

  test.each<[string, NonNullable<SimulatorOptions["certificate"]>, RegExp]>([
    [
      "an expired certificate",
      { validUntil: systemClock.now() - 86_400_000 },
      /CERT_HAS_EXPIRED|provider_unreachable/,
    ],
    [
      "a certificate of another host",
      { hosts: ["push.example.com"] },
      /ALTNAME_INVALID|provider_unreachable/,
    ],
  ])("%s", async (_name, certificate, reason) => {
    await using other = await openSimulators({
      clock: world.clock,
      random: seededRandom(world.seed + 1),
      credentials: world.simulators.credentials,
      certificate,
    })
    await expectNothing(other.origins.apns, other.caCertificatePem, reason)
    expect(other.counters().apns.production.requests).toBe(0)
  })

  test("an authority that signed nothing here", async () => {
    await using other = await openSimulators({ clock: world.clock, random: seededRandom(world.seed + 2) })
    const { apns } = world.simulators.origins
    const before = world.simulators.counters().apns.production.requests
    await expectNothing(apns, other.caCertificatePem, /SIGNATURE|CERT|provider_unreachable/)
    expect(world.simulators.counters().apns.production.requests).toBe(before)
  })

  test("a port where nobody listens", async () => {
    const { caCertificatePem } = world.simulators
    await expectNothing(UNUSED_ORIGIN, caCertificatePem, /ECONNREFUSED|provider_unreachable/)
  })
})
