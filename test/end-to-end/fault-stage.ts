import { expect } from "vitest"
import type { Flags } from "../../src/config/config.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import type { MessageView } from "../../src/http/admin/views.ts"
import type { ListenerCounters } from "../../src/simulator/provider-listener.ts"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { eventually } from "./eventually.ts"
import type { FaultScript, Scene } from "./fault-script.ts"
import { linesFor } from "./ledger.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, type World } from "./world.ts"

const OS: { readonly [P in ProviderName]: string } = { apns: "IOS", fcm: "ANDROID", wns: "WP" }
/** Time is put forward in steps, so that pings are answered and leases renewed between them. */
const SILENCE_STEP = { ms: 1_000, everyMs: 40 }

/**
 * One server and one set of simulators on which scripts play one after the other, each with an application, and so a
 * credential and a connection, of its own. Nobody waits for real: whenever all that is left waits for a later time, the
 * clock is put forward to it.
 */
export async function openFaultStage(provider: ProviderName, flags: Flags = {}) {
  const clock = new SkippingClock()
  const world = await openWorld({ clock, flags })
  let scripts = 0
  return {
    world,
    async play(script: FaultScript): Promise<void> {
      const { faults } = world.simulators
      faults.clear()
      scripts += 1
      const scene = await openScene(world, clock, provider, script, scripts)
      await script.before?.(scene)
      const set = [...(script.faults ?? []), ...(script.faultsAt?.(clock.now()) ?? [])]
      for (const fault of set) faults.add({ provider, ...fault })
      const id = await scene.app.published({ message: script.name, ...script.publish })
      const report = await settledInSkippedTime(scene, id, clock, script.silentMs ?? 0)
      const struck = faults.list().map((fault) => fault.struck)
      faults.clear()
      expect(struck, "every fault struck").not.toContain(0)
      await expectOutcomes(scene, script, id, report)
      expectLedger(scene, script)
      await expectTokens(scene, script)
      await expectCredential(scene, script)
      expect(world.bugs()).toEqual([])
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

async function openScene(
  world: World,
  clock: SkippingClock,
  provider: ProviderName,
  script: FaultScript,
  number: number,
): Promise<Scene> {
  const app = await world.app()
  const os = OS[provider]
  const deviceIds = Array.from(
    { length: script.devices ?? 1 },
    (_, index) => `${provider}-${number}-${index}`,
  )
  for (const deviceId of deviceIds) {
    const token = script.token?.(deviceId) ?? tokenFor(os, deviceId)
    await app.register({ deviceId, os, token })
    const state = script.device?.(clock.now())
    if (state !== undefined) world.simulators.devices.declare({ provider, token, ...state }, clock.now())
  }
  return { world, app, provider, os, deviceIds, skip: (ms) => clock.skip(ms) }
}

function countersOf({ simulators }: World, provider: ProviderName): ListenerCounters {
  const counters = simulators.counters()
  return provider === "apns" ? counters.apns.production : counters[provider]
}

/** The report of the settled message. Skips to the time of the next attempt as soon as everything waits for one. */
async function settledInSkippedTime(
  { app, world, provider, deviceIds }: Scene,
  id: string,
  clock: SkippingClock,
  silentMs: number,
): Promise<MessageView> {
  const silence = new Silence(world, provider, silentMs)
  return eventually(`every device of ${id} is settled`, async () => {
    const report = await app.report(id)
    expectSum(report)
    if (report.pending === 0 && report.state !== "running") return report
    if (report.retrying > 0 && report.retrying === report.pending) {
      const next = await nextAttempt(app, id, deviceIds)
      if (next !== undefined && next > clock.now()) clock.skip(next - clock.now())
    } else if (silence.isStepDue()) {
      clock.skip(SILENCE_STEP.ms)
    }
    return undefined
  })
}

/** A peer that says nothing any more: from the fault until the client turns to it anew. */
class Silence {
  readonly #world: World
  readonly #provider: ProviderName
  #leftMs: number
  #arrivals: number | undefined
  #steppedAt = performance.now()

  constructor(world: World, provider: ProviderName, ms: number) {
    this.#world = world
    this.#provider = provider
    this.#leftMs = ms
  }

  isStepDue(): boolean {
    if (this.#leftMs <= 0 || !hasStruck(this.#world)) return false
    const { connections, requests } = countersOf(this.#world, this.#provider)
    this.#arrivals ??= connections + requests
    if (this.#arrivals !== connections + requests) this.#leftMs = 0
    const now = performance.now()
    if (this.#leftMs <= 0 || now - this.#steppedAt < SILENCE_STEP.everyMs) return false
    this.#steppedAt = now
    this.#leftMs -= SILENCE_STEP.ms
    return true
  }
}

function hasStruck({ simulators }: World): boolean {
  return simulators.faults.list().some(({ struck }) => struck > 0)
}

async function nextAttempt(
  app: AppHandle,
  id: string,
  deviceIds: readonly string[],
): Promise<number | undefined> {
  const reports = await Promise.all(deviceIds.map((deviceId) => app.device(id, deviceId)))
  const times = reports.flatMap(({ retry }) => retry?.notBefore ?? [])
  return times.length === 0 ? undefined : Math.min(...times)
}

function expectSum({ counts, pending, audience }: MessageView): void {
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0)
  expect(settled + pending, "the counts add up to the audience").toBe(audience)
}

async function expectOutcomes(
  { app, deviceIds }: Scene,
  { outcome, reason = "" }: FaultScript,
  id: string,
  report: MessageView,
): Promise<void> {
  for (const deviceId of deviceIds) {
    const { verdict, summary, next, outcome: settled } = await app.device(id, deviceId)
    expect({ verdict, kind: settled?.kind }, summary).toEqual({ verdict: "settled", kind: outcome })
    expect(settled?.reason).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason))
    expect(summary).toMatch(/^The message .+\.$/)
    expect(next).not.toBe("")
  }
  expect(report.counts[outcome]).toBe(deviceIds.length)
  expect(report.audience).toBe(deviceIds.length)
  // Failed means that certainly nobody has it.
  const mayBeThere = outcome === "accepted" || outcome === "outcome_unknown"
  expect(report.state).toBe(mayBeThere ? "finished" : "failed")
}

function expectLedger(scene: Scene, script: FaultScript): void {
  const lines = scene.world.ledger()
  for (const deviceId of scene.deviceIds) {
    const token = script.token?.(deviceId) ?? tokenFor(scene.os, deviceId)
    const mine = linesFor(lines, scene.provider, token)
    const accepted = mine.filter(({ outcome }) => outcome === "accepted")
    expect(accepted.length, "copies that the provider accepted").toBe(script.copies)
    if (script.processed !== undefined) expect(mine.length, "pushes processed").toBe(script.processed)
    if (script.pauseMsMin !== undefined) {
      const first = mine[0]?.at ?? Number.NaN
      expect((mine.at(-1)?.at ?? 0) - first, "pause in ms").toBeGreaterThanOrEqual(script.pauseMsMin)
    }
  }
}

async function expectTokens({ app, deviceIds }: Scene, { tokens = "kept" }: FaultScript): Promise<void> {
  for (const deviceId of deviceIds) {
    if (tokens === "removed") {
      await eventually(`${deviceId} is removed`, async () => (await app.retrieve(deviceId)).status === 400)
    } else {
      expect((await app.retrieve(deviceId)).status, "the registration is kept").toBe(200)
    }
  }
}

async function expectCredential({ app, provider }: Scene, { paused }: FaultScript): Promise<void> {
  if (paused === undefined) {
    expect((await app.credential(provider))?.pausedReason).toBeNull()
    return
  }
  const reason = await app.paused(provider)
  expect(reason).toEqual(typeof paused === "string" ? paused : expect.stringMatching(paused))
}
