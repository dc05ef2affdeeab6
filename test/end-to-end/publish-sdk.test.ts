import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type AppHandle, tokenFor } from "./app-handle.ts"
import { openWorld, type World } from "./world.ts"

/** The official JavaScript SDK publishes, asks and cancels, and its devices get the message. */

const PUBLISHER = fileURLToPath(new URL("./sdk-publisher.ts", import.meta.url))

interface Answer {
  readonly value?: { readonly messageId: string; readonly status: string; readonly errorMessage: null }
  readonly error?: { readonly code: number; readonly message: string }
}

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
  app = await world.app()
  await app.register({ deviceId: "apple", os: "IOS" })
  await app.register({ deviceId: "droid", os: "ANDROID" })
})

afterAll(() => world[Symbol.asyncDispose]())

async function sdk(...calls: readonly (readonly [string, ...unknown[]])[]): Promise<readonly Answer[]> {
  const order = { serverURL: world.url, applicationId: app.id, apiKey: app.apiKeys["REST"], calls }
  const { stdout } = await promisify(execFile)(process.execPath, [PUBLISHER, JSON.stringify(order)])
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer)
}

describe("The official JavaScript SDK", () => {
  test("publishes with options, and the devices asked for get it", async () => {
    const publishOptions = { publisherId: "me", headers: { "ios-alert-title": "From the SDK" } }
    const deliveryOptions = { publishPolicy: "PUSH", pushBroadcast: 1 }
    const [published] = await sdk(["publish", "default", "hello", publishOptions, deliveryOptions])
    expect(published?.value).toMatchObject({ status: "scheduled", errorMessage: null })
    const id = published?.value?.messageId ?? ""
    const report = await app.settled(id)
    expect(report).toMatchObject({ audience: 1, platforms: ["ios"], counts: { accepted: 1 } })
    const entries = world.simulators.journal.read({ token: tokenFor("IOS", "apple") })
    expect(entries.find(({ messageId }) => messageId === id)).toMatchObject({
      title: "From the SDK",
      body: "hello",
    })
  })

  test("publishes to one device by its id", async () => {
    const [published] = await sdk(["publish", "default", "you", {}, { pushSinglecast: ["droid"] }])
    const report = await app.settled(published?.value?.messageId ?? "")
    expect(report).toMatchObject({ audience: 1, counts: { accepted: 1 } })
  })

  test("reads the status of what it published", async () => {
    const [published] = await sdk(["publish", "default", "hello"])
    const id = published?.value?.messageId ?? ""
    await app.settled(id)
    const [status] = await sdk(["getMessageStatus", id])
    expect(status?.value).toEqual({ messageId: id, status: "published", errorMessage: null })
  })

  test("is told 5040 when it cancels what is finished or never existed", async () => {
    const [published] = await sdk(["publish", "default", "hello"])
    const id = published?.value?.messageId ?? ""
    await app.settled(id)
    const answers = await sdk(["cancel", id], ["cancel", "message:6ED94D19-172B-48AE-BB2C-7AA8E305CD31"])
    expect(answers.map(({ error }) => error?.code)).toEqual([5040, 5040])
    expect(answers[0]?.error?.message).toMatch(/has finished/)
  })

  test("cancels a message that is paused", async () => {
    world.simulators.faults.add({ provider: "apns", action: { do: "delay", ms: 2_000 } })
    await app.registerAll(
      Array.from({ length: 5_000 }, (_, i) => ({ deviceId: `many-${i}`, channels: ["many"] })),
    )
    const [published] = await sdk(["publish", "many", "stop"])
    const id = published?.value?.messageId ?? ""
    expect((await app.change(id, "pause")).status).toBe(200)
    const answers = await sdk(["cancel", id], ["getMessageStatus", id], ["cancel", id])
    world.simulators.faults.clear()
    expect(answers).toEqual([
      { value: { messageId: id, status: "CANCELLED", errorMessage: null } },
      { value: { messageId: id, status: "cancelled", errorMessage: null } },
      { error: { code: 5040, message: expect.any(String) } },
    ])
    const report = await app.settled(id)
    expect(report.counts["cancelled"]).toBeGreaterThan(0)
    expect((report.counts["cancelled"] ?? 0) + (report.counts["accepted"] ?? 0)).toBe(5_000)
  })

  test("deletes a channel: its devices leave it, and nothing is published to them there", async () => {
    await app.register({ deviceId: "reader", os: "IOS", channels: ["news flash", "default"] })
    await app.register({ deviceId: "passer-by", os: "IOS", channels: ["news flash"] })
    const answers = await sdk(["deleteChannel", "news flash"], ["deleteChannel", "news flash"])
    expect(answers).toEqual([
      { value: { result: true } },
      { error: { code: 90011, message: expect.stringContaining('no channel "news flash"') } },
    ])
    expect((await app.retrieve("reader")).body).toMatchObject([{ channels: ["default"] }])
    expect((await app.retrieve("passer-by")).body).toMatchObject({ code: 5000 })
    const [published] = await sdk(["publish", "news flash", "anybody?"])
    expect(await app.settled(published?.value?.messageId ?? "")).toMatchObject({ audience: 0 })
  })

  test("is told that there are no templates yet when it publishes from one", async () => {
    const answers = await sdk(["pushWithTemplate", "My Tmpl"], ["pushWithTemplate", "My Tmpl", { a: "b" }])
    const refusal = { error: { code: 90016, message: expect.stringContaining("no push templates yet") } }
    expect(answers).toEqual([refusal, refusal])
  })

  test("is told what is wrong with what it published", async () => {
    const answers = await sdk(
      ["publish", "a,b", "hello"],
      ["publish", "default", "x".repeat(6_000)],
      ["publish", "default", "later", {}, { publishAt: 4_102_444_800_000 }],
    )
    expect(answers.map(({ error }) => error?.code)).toEqual([90005, 90015, 90016])
  })
})
