import { afterAll, beforeAll, expect, test } from "vitest"
import type { MessageView } from "../../src/http/admin/views.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { addressOf } from "../../src/simulator/device-states.ts"
import { type AppHandle, type Phone, tokenFor } from "./app-handle.ts"
import { Churn } from "./churn.ts"
import { DEADLINE_MS } from "./eventually.ts"
import type { LedgerLine } from "./ledger.ts"
import { openWorld, scaled, type World } from "./world.ts"

/** The audience is exact while devices come and go (reliability, T-10 and T-12). */

const DEVICES = scaled(60_000)
/** Changes under way at once. */
const HANDS = 4
const CHANNEL = "everybody"
/** Out of a hundred: pairs that share a token, registrations that expire on the way, devices that are not iOS. */
const SHARED = 1
const EXPIRING = 2
const EXPIRES_AFTER_MS = 2_000

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
  app = await world.app()
}, DEADLINE_MS)

afterAll(() => world[Symbol.asyncDispose]())

interface Population {
  readonly steady: readonly Phone[]
  /** The earlier registration of each pair, which does not receive. */
  readonly shadowed: readonly Phone[]
  readonly expiring: readonly Phone[]
  readonly outside: readonly Phone[]
}

function populate(expiresAt: number): Population {
  const part = (share: number) => Math.ceil((DEVICES * share) / 100)
  const phones = (name: string, count: number, more: object = {}): readonly Phone[] =>
    Array.from({ length: count }, (_, index) => ({
      deviceId: `${name}-${index}`,
      os: index % 20 === 0 ? "ANDROID" : "IOS",
      channels: [CHANNEL],
      ...more,
    }))
  const steady = phones("steady", DEVICES - part(SHARED) - part(EXPIRING))
  return {
    steady,
    shadowed: phones("shadowed", part(SHARED)).map((phone, index) => {
      const { os, deviceId } = steady[index] as Phone
      return { ...phone, os: os ?? "IOS", token: tokenFor(os ?? "IOS", deviceId) }
    }),
    expiring: phones("expiring", part(EXPIRING), { expiration: expiresAt }),
    outside: phones("outside", 200, { channels: ["elsewhere"] }),
  }
}

test(`each of ${DEVICES} devices that were there and stayed gets exactly one push while others come and go`, {
  timeout: 4 * DEADLINE_MS,
}, async () => {
  // The expiring ones must outlive the publish: they are registered last, right before it.
  const { shadowed, steady, outside } = populate(0)
  await app.registerAll([...shadowed, ...steady, ...outside])
  const expiresAt = world.clock.now() + EXPIRES_AFTER_MS
  const { expiring } = populate(expiresAt)
  await app.registerAll(expiring)
  const id = await app.published({ message: "exactly once", publishPolicy: "PUSH" }, CHANNEL)

  const churn = new Churn(app, seededRandom(world.seed), steady.slice(shadowed.length), outside)
  const report = await churnUntilSettled(churn, id)

  expectSums(report)
  const copies = copiesByAddress(world.ledger())
  const pushed = ({ deviceId, os = "IOS", token = tokenFor(os, deviceId) }: Phone) =>
    copies.get(keyOf(os, token)) ?? 0
  const stayed = steady.filter(({ deviceId }) => !churn.touched.has(deviceId))
  console.log(`${churn.touched.size} devices changed during the fan-out, ${stayed.length} stayed`)
  expect(churn.touched.size).toBeGreaterThan(20)
  expect(wrong(stayed, (phone) => pushed(phone) === 1)).toEqual([])
  expect(wrong(outside, (phone) => pushed(phone) === 0)).toEqual([])
  expect(churn.newcomerTokens.filter((token) => copies.has(keyOf("IOS", token)))).toEqual([])
  expect([...copies.values()].filter((count) => count > 1)).toEqual([])
  expectNobodyAfterExpiry(expiring, expiresAt)
  await expectNewcomersLeftOut(id, churn)
  await expectShadowedAccounted(id, shadowed)
  expect(world.bugs()).toEqual([])
})

async function churnUntilSettled(churn: Churn, id: string): Promise<MessageView> {
  let isSettled = false
  const hand = async () => {
    while (!isSettled && (await churn.next())) {
      // Each change is a request of its own; the next one begins when it is acknowledged.
    }
  }
  const hands = Array.from({ length: HANDS }, hand)
  const settled = app.settled(id, 3 * DEADLINE_MS).finally(() => {
    isSettled = true
  })
  await Promise.all([settled, ...hands])
  return settled
}

function expectSums(report: MessageView): void {
  const sum = Object.values(report.counts).reduce((total, count) => total + count, 0)
  expect(report.pending).toBe(0)
  expect(sum).toBe(report.audience)
  expect(report.state).toBe("finished")
  const lines = world.ledger()
  expect(report.counts["accepted"]).toBe(lines.filter(({ outcome }) => outcome === "accepted").length)
  const reasons = report.reasons.reduce((total, { count }) => total + count, 0)
  expect(reasons).toBe(report.audience)
}

function keyOf(os: string, token: string): string {
  const provider = os === "ANDROID" ? "fcm" : "apns"
  return `${provider} ${addressOf(provider, token)}`
}

function copiesByAddress(lines: readonly LedgerLine[]): ReadonlyMap<string, number> {
  const copies = new Map<string, number>()
  for (const { provider, token } of lines) {
    const key = `${provider} ${addressOf(provider, token)}`
    copies.set(key, (copies.get(key) ?? 0) + 1)
  }
  return copies
}

/** The ids of at most ten phones that are not as they should be. */
function wrong(phones: readonly Phone[], isRight: (phone: Phone) => boolean): readonly string[] {
  return phones
    .filter((phone) => !isRight(phone))
    .slice(0, 10)
    .map(({ deviceId }) => deviceId)
}

/** Invariant I2: nothing starts at or after the instant, and arrives a second later at most. */
function expectNobodyAfterExpiry(expiring: readonly Phone[], expiresAt: number): void {
  const addresses = new Set(expiring.map(({ deviceId, os = "IOS" }) => keyOf(os, tokenFor(os, deviceId))))
  const late = world
    .ledger()
    .filter(({ provider, token }) => addresses.has(`${provider} ${addressOf(provider, token)}`))
    .filter(({ at }) => at > expiresAt + 1_000)
  expect(late).toEqual([])
}

async function expectNewcomersLeftOut(id: string, churn: Churn): Promise<void> {
  expect(churn.newcomerTokens).not.toEqual([])
  const report = await app.device(id, "newcomer-1")
  expect(report.verdict).toBe("not_in_audience")
}

async function expectShadowedAccounted(id: string, shadowed: readonly Phone[]): Promise<void> {
  const [first] = shadowed
  const report = await app.device(id, first?.deviceId ?? "")
  expect(report.outcome).toEqual({ kind: "suppressed", reason: "shared_token" })
}
