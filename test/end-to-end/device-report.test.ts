import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { DeviceReport } from "../../src/service/device-report.ts"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { eventually } from "./eventually.ts"
import { SkippingClock } from "./skipping-clock.ts"
import { openWorld, type World } from "./world.ts"

/** "Why did this phone not get it?": the answer in words, for every situation. */

/** Nearly as long as an answer is waited for. */
const ANSWERED_AFTER_MS = 8_000

const clock = new SkippingClock()
let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld({ clock })
  app = await world.app()
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

interface Situation {
  readonly name: string
  readonly os?: string
  readonly token?: string
  /** Sets the scene for the device, publishes to its channel, and returns the message. */
  readonly play: (stage: Stage) => Promise<string>
  /** Done when the report was read. */
  readonly afterwards?: () => void
  readonly verdict: DeviceReport["verdict"]
  readonly summary: RegExp
  readonly next: RegExp
}

interface Stage {
  readonly deviceId: string
  readonly token: string
  readonly channel: string
  readonly os: string
  register(more?: object): Promise<void>
  publish(body?: object): Promise<string>
  /** Publishes and waits until everybody is settled. */
  send(body?: object): Promise<string>
  fault(action: Parameters<World["simulators"]["faults"]["add"]>[0]["action"], times?: number): void
}

async function settledSend(stage: Stage): Promise<string> {
  await stage.register()
  return stage.send()
}

/** Published, and put off by the provider once. */
async function waitingFor(stage: Stage, seconds: number, body?: object): Promise<string> {
  await stage.register()
  stage.fault({ do: "answer", status: 503, headers: { "retry-after": String(seconds) } })
  const id = await stage.publish(body)
  await eventually("it waits", async () => (await app.device(id, stage.deviceId)).verdict === "retrying")
  return id
}

/** Published while the device is there and its provider wants to be asked later; then something happens to the device. */
function whileWaiting(happens: (stage: Stage) => Promise<unknown>) {
  return async (stage: Stage): Promise<string> => {
    const id = await waitingFor(stage, 1)
    await happens(stage)
    // The fault stays until the end: an attempt may have begun before.
    await app.settled(id)
    return id
  }
}

const SETTLED: readonly Situation[] = [
  {
    name: "accepted",
    play: settledSend,
    verdict: "settled",
    summary: /^The message was accepted by the provider\.$/,
    next: /What the provider and the phone do with it is out of Belfry's sight\.$/,
  },
  {
    name: "token gone",
    play: async (stage) => {
      const { token } = stage
      const state = { provider: "apns", token, condition: "unregistered" } as const
      world.simulators.devices.declare(state, world.clock.now() + 60_000)
      return settledSend(stage)
    },
    verdict: "settled",
    summary: /^The message could not be sent: .+ no longer valid\. The answer was: Unregistered\.$/,
    next: /registers again when it is next opened\.$/,
  },
  {
    name: "content refused",
    play: async (stage) => {
      stage.fault({ do: "answer", reason: "PayloadTooLarge" })
      return settledSend(stage)
    },
    verdict: "settled",
    summary:
      /^The message was rejected by the provider because of its content\. The answer was: PayloadTooLarge\.$/,
    next: /^Correct the message/,
  },
  {
    name: "pairing refused",
    play: async (stage) => {
      stage.fault({ do: "answer", reason: "BadDeviceToken" })
      return settledSend(stage)
    },
    verdict: "settled",
    summary: /The answer was: BadDeviceToken\.$/,
    next: /credential/,
  },
  {
    name: "time used up",
    play: async (stage) => {
      stage.fault({ do: "answer", reason: "InternalServerError" })
      await stage.register()
      return stage.send({ ttlSeconds: 30 })
    },
    verdict: "settled",
    summary:
      /^The message could not be sent within the attempts or the time allowed\. The answer was: InternalServerError\.$/,
    next: /^Publish again/,
  },
  {
    name: "answer lost",
    play: async (stage) => {
      stage.fault({ do: "reset_stream", code: "CANCEL", processed: true })
      await stage.register()
      return stage.send({ delivery: "at-most-once" })
    },
    verdict: "settled",
    summary: /^The message may have been accepted: .+ The answer was: RST_STREAM 8\.$/,
    next: /^It is never sent again\.$/,
  },
  {
    name: "expired",
    play: async (stage) => {
      const id = await waitingFor(stage, 1, { ttlSeconds: 600 })
      clock.skip(600_000)
      await app.settled(id)
      return id
    },
    verdict: "settled",
    summary:
      /^The message (?:expired before it could be sent\. The last answer was: status 503|could not be sent within .+ 503)\.$/,
    next: /./,
  },
  {
    name: "cancelled",
    play: whileWaitingToCancel,
    verdict: "settled",
    summary: /^The message was cancelled before it was sent\.$/,
    next: /^Nothing more is sent, unless somebody sends it again to those that it was cancelled for\.$/,
  },
  {
    name: "a system without a provider",
    os: "TIZEN",
    play: settledSend,
    verdict: "settled",
    summary:
      /^The message was not sent on purpose\. The operating system of the device has no push provider\.$/,
    next: /^Nothing more is sent\.$/,
  },
  {
    name: "a token that a later registration has",
    play: async (stage) => {
      await stage.register()
      await stage.register({ deviceId: `${stage.deviceId}-later` })
      return stage.send()
    },
    verdict: "settled",
    summary: /A later registration has the same token; a token is pushed once per message\.$/,
    next: /^Nothing more is sent\.$/,
  },
  {
    name: "a token that is no address of the provider",
    token: "not-hexadecimal",
    play: settledSend,
    verdict: "settled",
    summary: /The stored token is no address of the provider\.$/,
    next: /^Look at what the app registers as its device token\.$/,
  },
  {
    name: "left the channel before its turn came",
    play: whileWaiting(async ({ deviceId, os, token }) => {
      await app.unregister(deviceId)
      await app.register({ deviceId, os, token, channels: ["another"] })
    }),
    verdict: "settled",
    summary: /The device left the channel or unregistered before its turn came\.$/,
    next: /^Nothing more is sent\.$/,
  },
]

async function whileWaitingToCancel(stage: Stage): Promise<string> {
  const id = await waitingFor(stage, 30)
  await app.change(id, "cancel")
  await app.settled(id)
  return id
}

const OUTSIDE: readonly Situation[] = [
  {
    name: "registered after the publish",
    play: async (stage) => {
      const id = await stage.send()
      await stage.register()
      return id
    },
    verdict: "not_in_audience",
    summary: /^The device registered, or joined the channel, after the message was published\.$/,
    next: /^Publish again/,
  },
  {
    name: "in another channel",
    play: async (stage) => {
      await stage.register({ channels: ["another"] })
      return stage.send()
    },
    verdict: "not_in_audience",
    summary: /^The device is not in the channel that the message was published to\.$/,
    next: /^If it was when the message was published, it is counted as left_audience\. Publish again to a channel that the device is in/,
  },
  {
    name: "of another system",
    play: async (stage) => {
      await stage.register()
      return stage.send({ pushBroadcast: "ANDROID" })
    },
    verdict: "not_in_audience",
    summary: /^The message was published to other operating systems\.$/,
    next: /^Publish again to its operating system/,
  },
  {
    name: "published to no operating system",
    play: async (stage) => {
      await stage.register()
      return stage.send({ pushBroadcast: "FOR_NONE" })
    },
    verdict: "not_in_audience",
    summary: /^The message was published to no operating system at all\.$/,
    next: /^Publish again to its operating system/,
  },
  {
    name: "named by a message that is pushed to nobody",
    play: async (stage) => {
      await stage.register()
      return stage.send({ publishPolicy: "PUBSUB", pushSinglecast: [stage.deviceId] })
    },
    verdict: "not_in_audience",
    summary: /^The message was published with the policy PUBSUB, which pushes to nobody\.$/,
    next: /^Publish again with the policy PUSH or BOTH\.$/,
  },
  {
    name: "not among the devices named",
    play: async (stage) => {
      await stage.register()
      return stage.send({ pushSinglecast: ["somebody-else"] })
    },
    verdict: "not_in_audience",
    summary: /^The message was published to certain devices, and this was none of them\.$/,
    next: /^Publish again to this device id/,
  },
  {
    name: "never registered",
    play: (stage) => stage.send(),
    verdict: "not_registered",
    summary: /^No device is registered with this device id\.$/,
    next: /^Open the app/,
  },
  {
    name: "never registered, and named",
    play: (stage) => stage.send({ pushSinglecast: [stage.deviceId] }),
    verdict: "not_registered",
    summary: /the publish named it, and nothing could be sent\.$/,
    next: /^Open the app/,
  },
  {
    name: "unregistered before the publish",
    play: async (stage) => {
      await stage.register()
      await app.unregister(stage.deviceId)
      return stage.send()
    },
    verdict: "not_registered",
    summary: /^The device cancelled its registration\.$/,
    next: /^Open the app/,
  },
  {
    name: "expired before the publish",
    play: async (stage) => {
      await stage.register({ expiration: clock.now() + 600_000 })
      clock.skip(600_000)
      await eventually("it has expired", async () => (await app.retrieve(stage.deviceId)).status === 400)
      return stage.send()
    },
    // Until the sweeper comes by it counts in the audience, and is not sent to.
    verdict: expect.stringMatching(/^(?:not_registered|settled)$/),
    summary:
      /^The registration of the device expired\.(?: It was removed after the message was published\.)?$|had expired\.$/,
    next: /./,
  },
]

const UNDER_WAY: readonly Situation[] = [
  {
    name: "waits for another attempt",
    play: (stage) => waitingFor(stage, 60),
    verdict: "retrying",
    summary: /^The message was tried 1 time\(s\) without success; the last answer was: status 503\.$/,
    next: /retry\.notBefore/,
  },
  {
    name: "waits in a message that is paused",
    play: async (stage) => {
      const id = await waitingFor(stage, 60)
      await app.change(id, "pause")
      return id
    },
    verdict: "retrying",
    summary: /^The message was tried 1 time\(s\) without success; the last answer was: status 503\.$/,
    next: /^The message is paused: it is tried again when the message is resumed\.$/,
  },
  {
    name: "on its way to a provider that has not answered",
    play: async (stage) => {
      await stage.register()
      stage.fault({ do: "delay", ms: ANSWERED_AFTER_MS })
      return stage.publish()
    },
    afterwards: () => clock.skip(ANSWERED_AFTER_MS),
    verdict: "pending",
    summary: /^The device is in the audience: its turn has not come, or its push is under way\.$/,
    next: /^It is sent when its turn comes\. What came of it is told here\.$/,
  },
]

describe.each([
  { when: "when it is settled", situations: SETTLED },
  { when: "when it was never to get it", situations: OUTSIDE },
  { when: "while it is under way", situations: UNDER_WAY },
])("The report of a device says in words what became of it, $when:", ({ situations, when }) => {
  test.each(situations)("$name", async (situation) => {
    const number = situations.indexOf(situation)
    const stage = stageFor(situation, `${when.replaceAll(" ", "-")}-${number}`.slice(0, 40))
    const id = await situation.play(stage)
    const report = await app.device(id, stage.deviceId)
    world.simulators.faults.clear()
    situation.afterwards?.()
    expect(report).toMatchObject({ messageId: id, deviceId: stage.deviceId, verdict: situation.verdict })
    expect(report.summary).toMatch(situation.summary)
    expect(report.next).toMatch(situation.next)
    const isSettled = report.verdict === "settled"
    expect(report.outcome === undefined).toBe(!isSettled)
    if (isSettled) expect(report.settledBetween?.[0]).toBeLessThanOrEqual(report.settledBetween?.[1] ?? 0)
  })
})

test("Without credential and sandbox the report says which is missing", async () => {
  const bare = await world.app("none")
  await bare.register({ deviceId: "bare", os: "IOS" })
  const id = await bare.published({ message: "hi" })
  await bare.settled(id)
  const report = await bare.device(id, "bare")
  expect(report.outcome).toEqual({ kind: "suppressed", reason: "no_credential" })
  expect(report.summary).toMatch(
    /The application has no credential for the platform, and the sandbox is off\.$/,
  )
})

function stageFor({ os = "IOS", token }: Situation, name: string): Stage {
  const device = { deviceId: name, os, token: token ?? tokenFor(os, name) }
  const channel = `channel-${name}`.slice(0, 45)
  const publish = (body: object = {}) => app.published({ message: "hello", ...body }, channel)
  return {
    ...device,
    channel,
    async register(more = {}) {
      await app.register({ ...device, channels: [channel], ...more })
    },
    publish,
    async send(body) {
      const id = await publish(body)
      await app.settled(id)
      return id
    },
    fault(action, times) {
      world.simulators.faults.add({ provider: "apns", action, ...(times === undefined ? {} : { times }) })
    },
  }
}
