import type { Carrier, Carriers } from "../../src/delivery/carrier.ts"
import { type Engine, openEngine } from "../../src/delivery/engine.ts"
import type { DeliverySettings } from "../../src/delivery/settings.ts"
import type { EngineHooks } from "../../src/delivery/workplace.ts"
import type { Message, NewMessage } from "../../src/domain/message.ts"
import type { Platform } from "../../src/domain/platform.ts"
import type { PushContent } from "../../src/domain/push-content.ts"
import type { Provider } from "../../src/provider/provider.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { FakeProvider, type FakeProviderOptions } from "./fake-provider.ts"
import type { DeliveryStore } from "./memory-store.ts"

export const CHANNEL = "default"

/** Opens a fresh, empty store. `segmentSize` is a wish: a store may cut larger segments. */
export type OpenStore = (options: { readonly segmentSize?: number }) => Promise<DeliveryStore>

/** A credential that remembers its pause, as the one in the store does. */
export class FakeCarrier implements Carrier {
  readonly key: string
  readonly provider: Provider
  readonly pauses: string[] = []
  #paused: string | undefined

  constructor(key: string, provider: Provider) {
    this.key = key
    this.provider = provider
  }

  paused(): string | undefined {
    return this.#paused
  }

  async pause(reason: string): Promise<void> {
    this.pauses.push(reason)
    this.#paused = reason
  }

  resume(): void {
    this.#paused = undefined
  }
}

export function toContent(message: Message): PushContent {
  return {
    messageId: message.id,
    text: message.messageJson,
    headers: message.headers,
    expiresAt: message.expiresAt,
  }
}

export function newMessage(
  id: string,
  application: number,
  now: number,
  more: Partial<NewMessage> = {},
): NewMessage {
  return {
    id,
    application,
    audience: { channel: CHANNEL, platforms: undefined, deviceIds: undefined },
    policy: "PUSH",
    delivery: "at-least-once",
    messageJson: JSON.stringify("hello"),
    headers: new Map(),
    publisherId: undefined,
    subtopic: undefined,
    acceptedAt: now,
    expiresAt: now + 3_600_000,
    idempotency: undefined,
    again: undefined,
    ...more,
  }
}

export interface SetupOptions extends Partial<FakeProviderOptions> {
  readonly settings?: Partial<DeliverySettings>
  readonly hooks?: EngineHooks
  readonly segmentSize?: number
  /** What carries to a platform, instead of the one provider. */
  readonly find?: (platform: Platform) => Carrier | undefined
}

interface Registering {
  readonly os?: string
  readonly channel?: string
  readonly expiresAt?: number
  /** What the device ids begin with. Defaults to channel and operating system. */
  readonly device?: string
  readonly token?: (index: number) => string
}

/** One application, one provider for all platforms, one engine that is not started yet, and a clock that stands still. */
export async function setup(openStore: OpenStore, options: SetupOptions = {}) {
  const { settings, hooks, segmentSize, find, ...providerOptions } = options
  const clock = new FakeClock()
  const store = await openStore(segmentSize === undefined ? {} : { segmentSize })
  const provider = new FakeProvider({ clock, ...providerOptions })
  const carrier = new FakeCarrier("credential", provider)
  const carriers: Carriers = {
    find: async (_application, platform) => (find === undefined ? carrier : find(platform)),
  }
  const created = await store.applications.create(
    { id: "6CF1A8B2-0D2E-4E4B-9A3B-4A1D2C3E5F60", name: "App", preset: "locked", keys: [] },
    clock.now(),
  )
  const application = created.number

  const open = (owner: string, other: Pick<DeliveryStore, "segments" | "devices"> = store): Engine =>
    openEngine({
      store: other,
      carriers,
      toContent,
      owner,
      clock,
      random: seededRandom(7),
      log: silentLog,
      ...(hooks && { hooks }),
      ...(settings && { settings }),
    })
  const engine = open("node-1")

  /** Returns the registration numbers. */
  async function register(count: number, more: Registering = {}): Promise<number[]> {
    const { os = "ANDROID", channel = CHANNEL, expiresAt, token } = more
    const { device = `${channel}-${os}` } = more
    const numbers: number[] = []
    for (let index = 0; index < count; index += 1) {
      const deviceId = `${device}-${index}`
      const { number } = await store.devices.register(
        application,
        {
          deviceToken: token?.(index) ?? `token-${deviceId}`,
          deviceId,
          os,
          osVersion: "1",
          channels: [channel],
          expiresAt,
        },
        { now: clock.now(), channelsPerDeviceMax: 10 },
      )
      numbers.push(number)
    }
    return numbers
  }

  /** Publishes without waking the engine, as another process would. */
  async function publishQuietly(id: string, more: Partial<NewMessage> = {}): Promise<Message> {
    return (await store.messages.publish(newMessage(id, application, clock.now(), more))).message
  }

  async function publish(id: string, more: Partial<NewMessage> = {}): Promise<Message> {
    const message = await publishQuietly(id, more)
    engine.wake()
    return message
  }

  async function change(id: string, to: "cancelled" | "paused" | "running"): Promise<void> {
    const from = to === "running" ? (["paused"] as const) : (["running", "paused"] as const)
    const changed = await store.messages.changeState(application, id, from, to, clock.now())
    if (changed?.moved) engine.messageChanged(changed.message.number, to)
  }

  async function progress(id: string) {
    const found = await store.messages.progress(application, id)
    if (found === undefined) throw new Error(`no message ${id}`)
    return found
  }

  /** Moves time on until the condition holds; fails after `withinMs` of simulated time. */
  async function until(condition: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
    for (let passed = 0; !(await condition()); passed += 10) {
      if (passed >= withinMs) throw new Error(`did not happen within ${withinMs} ms`)
      await clock.advance(10)
    }
  }

  async function untilDone(id: string, withinMs = 60_000): Promise<void> {
    await until(async () => (await progress(id)).pending === 0, withinMs)
  }

  /** Stops the engine as a process does that is given time. */
  async function drain(stopping: Engine = engine, hurry: AbortSignal = new AbortController().signal) {
    let isDrained = false
    const drained = stopping.drain(hurry).then(() => {
      isDrained = true
    })
    await until(() => isDrained)
    await drained
  }

  return {
    clock,
    store,
    provider,
    carrier,
    engine,
    open,
    application,
    register,
    publish,
    publishQuietly,
    change,
    progress,
    until,
    untilDone,
    drain,
  }
}
