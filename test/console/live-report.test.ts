import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { sandboxCredentials } from "../../src/server/providers.ts"
import { openSimulators, type Simulators } from "../../src/simulator/simulator.ts"
import { type ConsoleWorld, hasBrowser, nextFrames, openConsole } from "./console-world.ts"
import { publish, register } from "./prepared.ts"

/** How the page of a message learns what happens: by the stream, and without it by asking. */
describe.skipIf(!hasBrowser)("the page of a message that is under way", () => {
  let world: ConsoleWorld
  let provider: Simulators
  let address: string

  beforeAll(async () => {
    world = await openConsole()
    provider = await openSimulators({ clock: systemClock, random: systemRandom })
    const { credentials } = world.server.services
    await credentials.set(world.applicationId, "fcm", sandboxCredentials(provider)("fcm"))
    await register(world, [{ deviceId: "phone", os: "ANDROID", channel: "news" }])
  })
  beforeEach(async () => {
    // The device waits for another try for as long as a test looks at it.
    const answer = { do: "answer", status: 503, headers: { "retry-after": "3600" } } as const
    provider.faults.add({ provider: "fcm", action: answer })
    const id = await publish(world, { channel: "news", text: "Hello" })
    address = `/applications/${world.applicationId}/messages/${encodeURIComponent(id)}`
  })
  afterEach(async () => {
    provider.faults.clear()
    await world.closeViews()
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await provider.close()
  })

  test("is told by the stream, and does not ask besides", async () => {
    const { page, complaints } = await world.signedIn("/applications")
    await page.clock.install()
    await page.addInitScript(showOpenStream)
    await page.goto(`${world.url}/console${address}`)
    await page.getByText("Waiting for another try").waitFor()
    // Until the stream is there, the page asks.
    await page.locator("html[data-stream=open]").waitFor()
    await nextFrames(page)
    const asked: string[] = []
    page.on("request", (request) => {
      if (/\/messages\/[^/]+$/.test(request.url())) asked.push(request.url())
    })
    await page.clock.runFor(POLLS_WITHIN_MS)
    await page.getByRole("button", { name: "Cancel" }).click()
    const cancelled = page.getByText("cancelled", { exact: true })
    await page.getByRole("alertdialog").getByRole("button", { name: "Cancel the message" }).click()
    await cancelled.waitFor()
    await page.getByText("Cancelled", { exact: true }).last().waitFor()
    await page.getByText("1 device: everybody of the audience.").waitFor()
    expect(asked).toEqual([])
    expect(complaints).toEqual([])
  })

  test("asks when the stream is refused, and hears of what somebody else did", async () => {
    const { page } = await world.signedIn("/applications")
    await page.route("**/events", (route) => route.abort())
    await page.goto(`${world.url}/console${address}`)
    await page.getByText("Waiting for another try").waitFor()
    const { services } = world.server
    const { number } = await services.applications.get(world.applicationId)
    await services.messages.pause(number, decodeURIComponent(address.split("/").at(-1) ?? ""))
    await page.getByText("paused", { exact: true }).waitFor()
    await page.getByRole("button", { name: "Resume" }).waitFor()
  })
})

/** In so much time a page that polls would have asked twice. */
const POLLS_WITHIN_MS = 5000

/** Runs in the page before its own code: says there, for a test to see, that a stream of events was opened. */
function showOpenStream(): void {
  const Stream = window.EventSource
  window.EventSource = class extends Stream {
    constructor(url: string | URL, options?: EventSourceInit) {
      super(url, options)
      this.addEventListener("open", () => document.documentElement.setAttribute("data-stream", "open"))
    }
  }
}
