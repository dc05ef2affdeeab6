import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { AppHandle } from "./app-handle.ts"
import { expected } from "./calls.ts"
import { eventually } from "./eventually.ts"
import { openWorld, simulatorCredential, type World } from "./world.ts"

/** Without credentials the bundled simulators take the place of the providers. */

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld({ flags: { sandbox: true } })
  app = await world.app("none")
  for (const os of ["IOS", "OSX", "ANDROID", "WP"]) await app.register({ deviceId: os, os })
})

afterAll(async () => {
  expect(world.bugs()).toEqual([])
  await world[Symbol.asyncDispose]()
})

interface Journal {
  readonly entries: readonly {
    readonly provider: string
    readonly sequence: number
    readonly title?: string
    readonly body?: string
  }[]
}

function journal(since = 0): Promise<Journal> {
  return expected<Journal>(world.admin("GET", `/sandbox/journal?limit=1000&since=${since}`))
}

describe("An application without credentials", () => {
  test("sends to the sandbox, which shows what the phones would show", async () => {
    const report = await app.settled(await app.published({ message: "Hello, sandbox" }))
    expect(report.counts["accepted"]).toBe(4)
    const { entries } = await journal()
    expect(entries.map(({ provider }) => provider).sort()).toEqual(["apns", "apns", "fcm", "wns"])
    expect(entries.map(({ provider, title, body }) => [provider, body ?? title])).toEqual(
      entries.map(({ provider }) => [provider, "Hello, sandbox"]),
    )
  })

  test("leaves the sandbox with each platform that gets a credential", async () => {
    await app.setCredential("fcm", simulatorCredential(world.simulators, "fcm"))
    // A credential is remembered for a second.
    const setAt = world.clock.now()
    await eventually("the new one is known", () => world.clock.now() > setAt + 1_500)
    const before = await journal()
    const last = before.entries.at(-1)?.sequence ?? 0
    const outside = world.ledger().length
    const report = await app.settled(await app.published({ message: "Real now" }))
    expect(report.counts["accepted"]).toBe(4)
    const { entries } = await journal(last)
    expect(entries.map(({ provider }) => provider).sort()).toEqual(["apns", "apns", "wns"])
    expect(world.ledger().slice(outside)).toMatchObject([{ provider: "fcm" }])
  })
})
