import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  axeProblems,
  type ConsoleWorld,
  hasBrowser,
  openConsole,
  overflows,
  settled,
} from "./console-world.ts"
import { publish } from "./prepared.ts"

describe.skipIf(!hasBrowser)("the virtual phones", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const path = () => `/applications/${world.applicationId}/phones`

  test("an empty screen says how to fill it; each kind of phone is added, gets a test and is removed", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    await page.getByRole("heading", { name: "No virtual phone yet" }).waitFor()
    for (const kind of ["iPhone", "Android phone", "Windows PC"]) {
      await page.getByRole("button", { name: "Add a phone" }).first().click()
      await page.getByRole("menuitem", { name: kind }).click()
      const phone = page.getByRole("article", { name: kind })
      await phone.getByText("Nothing has arrived yet.").waitFor()
      await phone.getByRole("button", { name: "Send a test" }).click()
      await phone.getByRole("region").getByText("A test for you").waitFor()
      await phone.getByRole("button", { name: `Remove ${kind}` }).click()
      await phone.waitFor({ state: "detached" })
    }
    expect(view.complaints).toEqual([])
  })

  test("a double click on what sends is one click, however fast the server answers", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    const published: string[] = []
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/messages")) published.push(request.url())
    })
    await page.getByRole("button", { name: "Add a phone" }).first().click()
    await page.getByRole("menuitem", { name: "iPhone" }).click()
    const phone = page.getByRole("article", { name: "iPhone" })
    // Within this time the first click is answered.
    await phone.getByRole("button", { name: "Send a test" }).dblclick({ delay: 150 })
    await phone.getByRole("region").getByText("A test for you").waitFor()
    await settled(view)
    expect(published.length).toBe(1)
    await phone.getByRole("button", { name: "Remove iPhone" }).click()
    await phone.waitFor({ state: "detached" })
  })

  test("a phone with a name and channels of its own gets what is published to them, and nothing else", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    await page.getByRole("button", { name: "Add a phone" }).first().click()
    await page.getByRole("menuitem", { name: "With a name" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Kind").selectOption("ANDROID")
    await dialog.getByLabel("Name").fill("Ada's phone")
    await dialog.getByLabel("Channels").fill("news, a/b")
    await dialog.getByRole("button", { name: "Add the phone" }).click()
    await dialog.getByText("channels[1]").waitFor()
    await dialog.getByLabel("Channels").fill("news, weather")
    await dialog.getByRole("button", { name: "Add the phone" }).click()
    const phone = page.getByRole("article", { name: "Ada's phone" })
    await phone.getByText("news, weather").waitFor()
    await publish(world, { channel: "default", text: "for others" })
    await publish(world, { channel: "weather", text: "rain" })
    await phone.getByRole("region").getByText("rain").waitFor()
    expect(await phone.getByText("for others").count()).toBe(0)
    expect(view.complaints).toEqual([])
  })

  test.for([
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const)("axe finds nothing serious with notifications on the screens, $colorScheme", async (look) => {
    const view = await world.signedIn(path(), look)
    const { page } = view
    const phone = page.getByRole("article", { name: "Ada's phone" })
    await phone.getByRole("region").getByText("rain").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(await overflows(page)).toBe(false)
    expect(view.complaints).toEqual([])
  })
})
