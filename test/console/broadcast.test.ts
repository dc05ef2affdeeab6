import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import type { OpenStore } from "../../src/server/storage.ts"
import type { SegmentStore } from "../../src/store/message-store.ts"
import { openThreadedStore } from "../../src/store/sqlite/threaded-store.ts"
import { wrap } from "../delivery/troubled-segments.ts"
import { type ConsoleWorld, hasBrowser, openConsole } from "./console-world.ts"
import { register } from "./prepared.ts"

/** The live page of a broadcast to 100 000 devices of the sandbox: it moves, is paused, resumed and cancelled. */

const DEVICES = 100_000
const AT_ONCE = 2000
const CHANNEL = "everybody"
/** How long it is watched to see that nothing moves any more; nothing starts later than 2 s after a pause was answered. */
const STILL_MS = 1500
/** How much later each checkpoint is answered: a fast server would be through before a slow browser has shown anything. */
const CHECKPOINT_MS = 100

const openStore: OpenStore = async (options) => {
  const store = await openThreadedStore(options)
  const checkpoint: SegmentStore["checkpoint"] = async (...given) => {
    await systemClock.sleep(CHECKPOINT_MS)
    return store.segments.checkpoint(...given)
  }
  return { ...store, segments: { ...wrap(store.segments, (call) => call()), checkpoint } }
}

describe.skipIf(!hasBrowser)("a broadcast", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole({ openStore })
    for (let first = 0; first < DEVICES; first += AT_ONCE) {
      const ids = Array.from({ length: AT_ONCE }, (_, index) => `phone-${first + index}`)
      await register(
        world,
        ids.map((deviceId) => ({ deviceId, os: "ANDROID", channel: CHANNEL })),
      )
    }
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test("moves, is paused, resumed and cancelled, and adds up to its audience all the time", async () => {
    const view = await world.signedIn(`/applications/${world.applicationId}/compose?channel=${CHANNEL}`)
    const { page } = view
    await page.getByText("100,000 devices", { exact: true }).waitFor()
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("To everybody")
    await page.getByRole("button", { name: "Send…" }).click()
    await page.getByText("100,000 devices are in the sandbox").waitFor()
    await page.getByRole("button", { name: "Send now" }).click()
    await page.getByRole("heading", { name: "To everybody", level: 1 }).waitFor()

    const first = await settledBeyond(page, 0)
    await page.getByText(/per second · about .* left/).waitFor()
    await page.getByRole("button", { name: "Pause" }).click()
    await page.getByText("paused", { exact: true }).waitFor()
    const paused = await whenStill(page)
    expect(paused).toBeGreaterThanOrEqual(first)
    expect(paused).toBeLessThan(DEVICES)

    await page.getByRole("button", { name: "Resume" }).click()
    await page.getByText("running", { exact: true }).waitFor()
    expect(await settledBeyond(page, paused)).toBeLessThan(DEVICES)

    await page.getByRole("button", { name: "Cancel" }).click()
    const question = page.getByRole("alertdialog")
    await question.getByText(/of 100,000 will not get it any more/).waitFor()
    await question.getByRole("button", { name: "Cancel the message" }).click()
    await page.getByText("cancelled", { exact: true }).waitFor()
    await expect.poll(() => settled(page)).toBe(DEVICES)
    const sum = await parts(page)
    expect(sum.reduce((total, part) => total + part)).toBe(DEVICES)
    // The sandbox took as many as the page says were accepted.
    const journal = world.server.services.sandbox?.journal({ token: undefined, since: undefined, limit: 1 })
    expect(journal?.totals).toMatchObject({ fcm: { accepted: sum[0] } })
    expect(view.complaints).toEqual([])
  })

  const number = (text: string | undefined) => Number((text ?? "").replaceAll(",", ""))

  async function settled(page: Page): Promise<number> {
    const text = await page.getByText(/^[\d,]+ of 100,000 /).textContent()
    return number(/^[\d,]+/.exec(text ?? "")?.[0])
  }

  /** The figures of the sum that the page shows; whatever moment it is, it is everybody. */
  async function parts(page: Page): Promise<readonly number[]> {
    const text = (await page.getByText("everybody of the audience").textContent()) ?? ""
    const [terms = "", total] = text.includes("=") ? text.split("=") : [text, text]
    const figures = terms.split("+").map((term) => number(/[\d,]+/.exec(term)?.[0]))
    expect(figures.reduce((sum, figure) => sum + figure)).toBe(number(/[\d,]+/.exec(total ?? "")?.[0]))
    expect(number(/[\d,]+/.exec(total ?? "")?.[0])).toBe(DEVICES)
    return figures
  }

  async function settledBeyond(page: Page, count: number): Promise<number> {
    await expect.poll(() => settled(page), { interval: 50 }).toBeGreaterThan(count)
    await parts(page)
    return settled(page)
  }

  /** What is settled once it has not changed for a while. */
  async function whenStill(page: Page): Promise<number> {
    let before = -1
    for (;;) {
      const now = await settled(page)
      if (now === before) return now
      before = now
      await page.waitForTimeout(STILL_MS)
    }
  }
})
