import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import { openSimulators } from "../../src/simulator/simulator.ts"
import { createApnsCredential } from "../../src/simulator/test-credentials.ts"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { DEADLINE_MS, eventually } from "./eventually.ts"
import { openWorld, scaled, simulatorCredential, type World } from "./world.ts"

/** Credentials are used for their application only, and change without a restart (reliability, T-15b). */

let world: World

beforeAll(async () => {
  world = await openWorld({ simulators: { journalEntriesMax: 100 } })
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

interface Tenant {
  readonly app: AppHandle
  readonly topic: string
  readonly environment: "production" | "sandbox"
  readonly prefix: string
}

async function openTenant(topic: string, environment: "production" | "sandbox"): Promise<Tenant> {
  const { simulators, seed } = world
  const random = seededRandom(seed + topic.length * 31 + environment.length)
  const { privateKey: key, ...credential } = createApnsCredential(random, topic)
  simulators.trustApnsKey({ ...credential, key, topics: [topic], environment })
  const app = await world.app("none")
  await app.setCredential("apns", {
    fields: { ...credential, key, environment },
    origin: environment === "production" ? simulators.origins.apns : simulators.origins.apnsSandbox,
    ca: simulators.caCertificatePem,
  })
  return { app, topic, environment, prefix: `${topic.slice(12)}-${environment.slice(0, 4)}` }
}

test("Two applications in two environments, interleaved: no push goes to another's", {
  timeout: 2 * DEADLINE_MS,
}, async () => {
  const total = scaled(10_000)
  const tenants = [
    await openTenant("com.example.one", "production"),
    await openTenant("com.example.one", "sandbox"),
    await openTenant("com.example.twofold", "production"),
    await openTenant("com.example.twofold", "sandbox"),
  ]
  const perTenant = Math.ceil(total / tenants.length)
  const owners = new Map<string, Tenant>()
  for (const tenant of tenants) {
    const phones = Array.from({ length: perTenant }, (_, index) => ({
      deviceId: `${tenant.prefix}-${index}`,
    }))
    for (const { deviceId } of phones) owners.set(tokenFor("IOS", deviceId), tenant)
    await tenant.app.registerAll(phones)
  }
  const misrouted: object[] = []
  let arrived = 0
  const unsubscribe = world.simulators.journal.subscribe(({ token, application, environment, payload }) => {
    const owner = owners.get(token)
    arrived += 1
    const isRight =
      owner?.topic === application && owner.environment === environment && payload.includes(owner.prefix)
    if (!isRight) misrouted.push({ token, application, environment })
  })
  // In ten messages each, published in turn, so that all credentials send at the same time.
  const published: { readonly tenant: Tenant; readonly id: string }[] = []
  for (let part = 0; part < 10; part += 1) {
    for (const tenant of tenants) {
      const from = Math.floor((perTenant * part) / 10)
      const to = Math.floor((perTenant * (part + 1)) / 10)
      const pushSinglecast = Array.from(
        { length: to - from },
        (_, index) => `${tenant.prefix}-${from + index}`,
      )
      published.push({
        tenant,
        id: await tenant.app.published({ message: tenant.prefix, pushSinglecast }),
      })
    }
  }
  for (const { tenant, id } of published) {
    const report = await tenant.app.settled(id)
    expect(report.counts["accepted"]).toBe(report.audience)
  }
  unsubscribe()
  expect(misrouted).toEqual([])
  expect(arrived).toBe(perTenant * tenants.length)
})

describe("A credential", () => {
  test("that is replaced during a fan-out is used for the rest, without a restart and without a loss", {
    timeout: 2 * DEADLINE_MS,
  }, async () => {
    await using second = await openSimulators({ clock: world.clock, random: seededRandom(world.seed + 5) })
    const count = scaled(20_000)
    const app = await world.app()
    await app.registerAll(Array.from({ length: count }, (_, index) => ({ deviceId: `moving-${index}` })))
    const before = world.simulators.counters().apns.accepted
    const id = await app.published({ message: "on the move" })
    await eventually("a tenth is settled", async () => {
      const { pending, audience } = await app.report(id)
      return (audience - pending) * 10 >= audience
    })
    await app.setCredential("apns", simulatorCredential(second, "apns"))
    const report = await app.settled(id)
    expect(report.counts["accepted"]).toBe(count)
    const first = world.simulators.counters().apns.accepted - before
    expect(first + second.counters().apns.accepted).toBe(count)

    // Whatever is published later than the second for which a credential is remembered goes the new way only.
    const replacedAt = world.clock.now()
    await eventually("the old credential is forgotten", () => world.clock.now() > replacedAt + 1_500)
    const earlier = world.simulators.counters().apns.accepted
    const next = await app.settled(
      await app.published({ message: "settled in", pushSinglecast: ["moving-0"] }),
    )
    expect(next.counts["accepted"]).toBe(1)
    expect(world.simulators.counters().apns.accepted).toBe(earlier)
  })

  test("that is removed leaves its platform without a way out, and the others as they were", async () => {
    const app = await world.app()
    await app.register({ deviceId: "apple", os: "IOS" })
    await app.register({ deviceId: "droid", os: "ANDROID" })
    await world.admin("DELETE", `/applications/${app.id}/credentials/apns`)
    const report = await app.settled(await app.published({ message: "who is left?" }))
    expect(report.counts).toMatchObject({ accepted: 1, suppressed: 1 })
    expect(report.reasons).toContainEqual({ kind: "suppressed", reason: "no_credential", count: 1 })
  })

  test("of one application says nothing about another's", async () => {
    const healthy = await world.app()
    const broken = await world.app("none")
    await broken.setCredential("apns", {
      ...simulatorCredential(world.simulators, "apns"),
      fields: { ...(simulatorCredential(world.simulators, "apns").fields as object), teamId: "WRONGTEAM1" },
    })
    for (const app of [healthy, broken]) await app.register({ deviceId: `phone-${app.id.slice(0, 8)}` })
    const refused = await broken.settled(await broken.published({ message: "hi" }))
    expect(refused.reasons).toEqual([
      { kind: "credential_refused", reason: "InvalidProviderToken", count: 1 },
    ])
    const accepted = await healthy.settled(await healthy.published({ message: "hi" }))
    expect(accepted.counts["accepted"]).toBe(1)
    expect(await broken.paused("apns")).toBe("InvalidProviderToken")
    expect((await healthy.credential("apns"))?.pausedReason).toBeNull()
    expect((await healthy.status((await broken.messages()).messages[0]?.messageId ?? "")).body).toMatchObject(
      {
        status: "unknown",
      },
    )
  })
})
