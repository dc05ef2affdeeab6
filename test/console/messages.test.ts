import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { sandboxCredentials } from "../../src/server/providers.ts"
import { openSimulators, type Simulators } from "../../src/simulator/simulator.ts"
import { axeProblems, type ConsoleWorld, hasBrowser, openConsole, overflows } from "./console-world.ts"
import { publish, register } from "./prepared.ts"

/** Messages that go to providers outside of the server, which do not take all of them. */
describe.skipIf(!hasBrowser)("the messages", () => {
  let world: ConsoleWorld
  let providers: Simulators
  let messageId: string
  const WRONG_TOKEN = "ab".repeat(32)

  beforeAll(async () => {
    world = await openConsole()
    providers = await openSimulators({ clock: systemClock, random: systemRandom })
    const { services } = world.server
    for (const provider of ["apns", "fcm", "wns"] as const) {
      await services.credentials.set(world.applicationId, provider, sandboxCredentials(providers)(provider))
    }
    const now = systemClock.now()
    providers.devices.declare({ provider: "apns", token: WRONG_TOKEN, condition: "unknown" }, now)
    providers.devices.declare({ provider: "fcm", token: "gone", condition: "unregistered" }, now)
    await register(
      world,
      [
        { deviceId: "fine/1", os: "ANDROID" },
        { deviceId: "fine/2", os: "ANDROID" },
        { deviceId: "gone", os: "ANDROID", deviceToken: "gone" },
        { deviceId: "wrong", os: "IOS", deviceToken: WRONG_TOKEN },
        { deviceId: "symbian", os: "SYMBIAN" },
      ].map((device) => ({ ...device, channel: "news" })),
    )
  })
  afterEach(() => world.closeViews())
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await providers[Symbol.asyncDispose]()
  })

  const path = (rest: string) => `/applications/${world.applicationId}/${rest}`

  test("an empty list says how to fill it", async () => {
    const view = await world.signedIn(path("messages"))
    await view.page.getByRole("heading", { name: "Nothing has been sent yet" }).waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  test("before real phones ring, the question says how many", async () => {
    const view = await world.signedIn(path("compose?channel=news"))
    const { page } = view
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("To everybody")
    await page.getByRole("button", { name: "Send…" }).click()
    const question = page.getByRole("alertdialog")
    await question.getByText("Send it to 5 devices?").waitFor()
    await question.getByText("4 real phones will ring.").waitFor()
    await question.getByText("1 device will get nothing: no push provider").waitFor()
    await question.getByRole("button", { name: "Send now" }).click()
    await page.getByRole("heading", { name: "To everybody" }).waitFor()
    messageId = decodeURIComponent(page.url().split("/").at(-1) ?? "")
    await page.getByText("2 + 1 + 1 + 1 = 5 devices: everybody of the audience.").waitFor()
    expect(view.complaints).toEqual([])
  })

  test("nothing rings real phones without a question, on the guided path either", async () => {
    const { page } = await world.signedIn(path("start"))
    await page.getByText(/^\d devices registered\.$/).waitFor()
    expect(await page.getByRole("button", { name: /^Send to everybody/ }).count()).toBe(0)
    await page.getByRole("main").getByRole("link", { name: "Write a message" }).click()
    await page.getByRole("heading", { name: "Compose" }).waitFor()
  })

  test("reasons are explained with what to do, from the table of outcomes", async () => {
    const view = await world.signedIn(path(`messages/${encodeURIComponent(messageId)}`))
    const { page } = view
    const table = page.getByRole("region", { name: "Who did not get it, and why" })
    const refused = table.getByRole("row", { name: /BadDeviceToken/ })
    await refused.getByText("APNs does not know the token").waitFor()
    await refused.getByText("Set the environment of the APNs credential").waitFor()
    await table
      .getByRole("row", { name: /unsupported_os/ })
      .getByText("has no push provider")
      .waitFor()
    await table
      .getByRole("row", { name: /UNREGISTERED/ })
      .getByText("got a new token")
      .waitFor()
    expect(await table.getByRole("row").count()).toBe(4)
    expect(view.complaints).toEqual([])
  })

  test("one device is looked up, its answer has an address", async () => {
    const view = await world.signedIn(path(`messages/${encodeURIComponent(messageId)}`))
    const { page } = view
    const look = async (deviceId: string) => {
      await page.getByLabel("Device id").fill(deviceId)
      await page.getByRole("button", { name: "Look it up" }).click()
    }
    await look("fine/1")
    await page.getByText("The message was accepted by the provider.").waitFor()
    await look("wrong")
    await page.getByText("The answer was: BadDeviceToken.").waitFor()
    await look("gone")
    await page.getByText("The answer was: UNREGISTERED").waitFor()
    await look("nobody")
    await page.getByText("No device is registered with this device id").waitFor()
    await page.goto(
      `${world.url}/console${path(`messages/${encodeURIComponent(messageId)}?device=fine%2F2`)}`,
    )
    await page.getByText("The message was accepted by the provider.").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  test("it is sent again to those that it failed for, and to nobody else", async () => {
    providers.devices.clear()
    const view = await world.signedIn(path(`messages/${encodeURIComponent(messageId)}`))
    const { page } = view
    await page.getByRole("button", { name: "Send again…" }).click()
    const question = page.getByRole("alertdialog")
    await question.getByText("Send it again to 1 device?").waitFor()
    const refused = question.getByRole("checkbox", { name: /^Credential refused/ })
    await refused.uncheck()
    expect(await question.getByRole("button", { name: "Send again" }).isDisabled()).toBe(true)
    await refused.check()
    await question.getByRole("button", { name: "Send again" }).click()
    await page.getByText("1 device: everybody of the audience.").waitFor()
    expect(page.url()).not.toContain(encodeURIComponent(messageId))
    await page.getByText("finished", { exact: true }).waitFor()
    await page.getByRole("link", { name: messageId }).click()
    await page.getByRole("button", { name: "Send again…" }).waitFor()
    await page.getByRole("link", { name: "All messages" }).click()
    await page.getByRole("table", { name: "Messages" }).getByRole("row").nth(2).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("the list is paged, and a page of it stays while it is read again", async () => {
    for (let index = 0; index < 30; index++)
      await publish(world, { channel: "empty", text: `Number ${index}` })
    const view = await world.signedIn(path("messages"))
    const { page } = view
    await page.getByRole("link", { name: "Number 29", exact: true }).waitFor()
    await page.getByRole("button", { name: "Next" }).click()
    await page.getByRole("link", { name: "Number 0", exact: true }).waitFor()
    await page.getByRole("link", { name: "To everybody" }).first().waitFor()
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true)
    expect(view.complaints).toEqual([])
  })

  test("a message that does not exist is said to be none", async () => {
    const { page } = await world.signedIn(path("messages/nothing"))
    await page.getByText("no message with the id nothing").waitFor()
  })

  test.for([
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const)("axe finds nothing serious on list and message, $colorScheme", async (look) => {
    const view = await world.signedIn(path("messages"), look)
    const { page } = view
    await page.getByRole("link", { name: "Number 29", exact: true }).waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await page.goto(`${world.url}/console${path(`messages/${encodeURIComponent(messageId)}?device=wrong`)}`)
    await page.getByText("The answer was: BadDeviceToken.").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(await overflows(page)).toBe(false)
    expect(view.complaints).toEqual([])
  })
})
