import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  axeProblems,
  type ConsoleWorld,
  hasBrowser,
  openConsole,
  overflows,
  settled,
} from "./console-world.ts"

const HOSTILE = `<svg onload="x">'"&`

describe.skipIf(!hasBrowser)("the channels", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
    const systems = ["IOS", "ANDROID", "ANDROID", "WP"]
    const devices = systems.map((os, index) => ({
      deviceId: `phone-${index}`,
      deviceToken: `token-${index}`,
      os,
      osVersion: "1",
      channels: ["news", HOSTILE],
    }))
    await world.admin("POST", `/applications/${world.applicationId}/device-imports`, { devices })
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const at = (rest: string) => `/applications/${world.applicationId}${rest}`
  const channelAt = (name: string) => at(`/channel?name=${encodeURIComponent(name)}`)
  const publish = async (channel: string) => {
    const url = `${world.url}/${world.applicationId}/${world.apiKeys["REST"]}/messaging/${channel}`
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: "Hello" }),
    })
    return reply.status
  }

  test("the list says how large each channel is, by platform", async () => {
    const view = await world.signedIn(at("/channels"))
    const row = view.page.getByRole("row", { name: /^news/ })
    await row.waitFor()
    const created = expect.stringMatching(/^just now$| ago$/)
    expect(await row.getByRole("cell").allTextContents()).toEqual(["4", "1", "2", "1", "0", "0", created])
    expect(view.complaints).toEqual([])
  })

  test("channels are found by the beginning of their names, and found again on the way back", async () => {
    const { channels, applications } = world.server.services
    const { number } = await applications.get(world.applicationId)
    const names = Array.from({ length: 60 }, (_, index) => `team-${String(index).padStart(2, "0")}`)
    for (const name of [...names, "Team", "100%"]) await channels.create(number, name)
    const view = await world.signedIn(at("/channels"))
    const { page } = view
    const field = page.getByRole("searchbox", { name: "Find a channel by the beginning of its name" })
    const found = () => page.getByRole("rowheader").allTextContents()
    await field.focus()
    await page.keyboard.type("team-")
    await expect.poll(found).toEqual(names.slice(0, 50))
    await page.getByRole("button", { name: "Next" }).click()
    await expect.poll(found).toEqual(names.slice(50))
    await page.getByRole("link", { name: "team-55" }).click()
    await page.getByRole("heading", { name: "team-55", level: 1 }).waitFor()
    await page.goBack()
    await expect.poll(found).toEqual(names.slice(50))
    expect(await field.inputValue()).toBe("team-")
    await field.fill("Te")
    await expect.poll(found).toEqual(["Team"])
    await field.fill("100%")
    await expect.poll(found).toEqual(["100%"])
    expect(await field.inputValue()).toBe("100%")
    await field.fill("teams")
    await page.getByText("No channel is found").waitFor()
    await page.getByText("Capitals matter").waitFor()
    await field.fill("")
    await expect.poll(async () => (await found()).includes("100%")).toBe(true)
    expect(view.complaints).toEqual([])
    for (const name of [...names, "Team", "100%"]) await channels.delete(number, name)
  })

  test("a channel is created, and a name that is none is refused at its field", async () => {
    const view = await world.signedIn(at("/channels"))
    const { page } = view
    await page.getByRole("button", { name: "New channel" }).click()
    await page.getByLabel("Name", { exact: true }).fill("a/b")
    await page.getByRole("button", { name: "Create" }).click()
    await page.getByText(/a channel name has no/).waitFor()
    expect(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid")).toBe("true")
    await page.getByLabel("Name", { exact: true }).fill("offers")
    await page.getByRole("button", { name: "Create" }).click()
    await page.getByRole("heading", { name: "offers", level: 1 }).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("deleting a channel with members asks for its name", async () => {
    await world.admin("POST", `/applications/${world.applicationId}/device-imports`, {
      devices: [{ deviceId: "x", deviceToken: "x", os: "ANDROID", osVersion: "1", channels: ["doomed"] }],
    })
    const { page } = await world.signedIn(channelAt("doomed"))
    await page.getByRole("button", { name: "Delete" }).click()
    const dialog = page.getByRole("alertdialog")
    await dialog.getByText("1 device will leave it").waitFor()
    const confirm = dialog.getByRole("button", { name: "Delete the channel" })
    expect(await confirm.isDisabled()).toBe(true)
    await dialog.getByRole("textbox").fill("doomed")
    await confirm.click()
    await page.getByText("Deleted doomed.").waitFor()
    await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
    await page.getByRole("row", { name: /^doomed/ }).waitFor({ state: "detached" })
  })

  test("a rule that is set from here decides what a key may do, stands here, and taking it away does too", async () => {
    const view = await world.signedIn(channelAt("news"))
    const { page } = view
    expect(await publish("news")).toBe(200)
    await page.getByText("The channel has no rules of its own").waitFor()
    const set = async (access: string) => {
      await page.getByRole("link", { name: "Rules for roles" }).click()
      await page.getByRole("button", { name: /^RestUser, publish a message:/ }).click()
      await page.getByRole("dialog").getByRole("button", { name: access }).click()
      await page.getByRole("dialog").waitFor({ state: "detached" })
      await page.goBack()
      await page.getByRole("heading", { name: "news", level: 1 }).waitFor()
    }
    await set("Deny")
    await expect.poll(() => publish("news")).toBe(403)
    expect(await publish("default")).toBe(200)
    await page.getByRole("row", { name: "the role RestUser may not publish a message" }).waitFor()
    await set("Inherit")
    await expect.poll(() => publish("news")).toBe(200)
    await page.getByText("The channel has no rules of its own").waitFor()
    expect(view.complaints).toEqual([])
  })

  test("a rule for a single user is set from here, and stands here under the user's name", async () => {
    const { page } = await world.signedIn(channelAt("news"))
    await world.admin("POST", `/applications/${world.applicationId}/users`, {
      identity: "grace@example.com",
      password: "a password of hers",
    })
    await page.getByRole("link", { name: "Rules for users" }).click()
    await page.getByLabel("Another user").fill("grace@example.com")
    await page.locator("datalist option[value='grace@example.com']").waitFor({ state: "attached" })
    await page.getByRole("button", { name: "Add to the table" }).click()
    await page.getByRole("button", { name: /^grace@example.com, publish a message:/ }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Deny" }).click()
    await page.getByRole("button", { name: "grace@example.com, publish a message: denied here" }).waitFor()
    await page.goBack()
    await page.getByRole("row", { name: "grace@example.com may not publish a message" }).waitFor()
    await page.getByRole("link", { name: "grace@example.com" }).click()
    await page.getByRole("heading", { name: "grace@example.com", level: 1 }).waitFor()
  })

  test("an address without the name of a channel says so", async () => {
    const { page } = await world.signedIn(at("/channel"))
    await page.getByRole("heading", { name: "No such channel", level: 1 }).waitFor()
    await page.getByRole("link", { name: "All channels" }).click()
    await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
  })

  test("a form that could not be saved says so, also to who pressed Escape meanwhile", async () => {
    const { page } = await world.signedIn(at("/channels"))
    const answered = Promise.withResolvers<void>()
    await page.route("**/channels", async (route) => {
      if (route.request().method() !== "POST") return route.fallback()
      await answered.promise
      return route.fulfill({ status: 503, json: { code: 90001, message: "Not now." } })
    })
    await page.getByRole("button", { name: "New channel" }).first().click()
    const dialog = page.getByRole("dialog", { name: "New channel" })
    await dialog.getByLabel("Name").fill("slowly")
    await page.keyboard.press("Enter")
    await dialog.locator("[aria-busy]").waitFor()
    await page.keyboard.press("Escape")
    answered.resolve()
    await dialog.getByText("Not now.").waitFor()
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
  })

  test("an address of a channel that is gone says so, and leads on", async () => {
    const { page } = await world.signedIn(at("/channel?name=never-was"))
    await page.getByText("It was deleted, or never was.").waitFor()
    await page.getByRole("link", { name: "All channels" }).click()
    await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
  })

  test.for([
    { colorScheme: "light", isNarrow: true },
    { colorScheme: "dark", isNarrow: false },
  ] as const)("its screens are accessible, $colorScheme", async (look) => {
    const view = await world.signedIn(at("/channels"), look)
    for (const [path, content] of [
      [at("/channels"), HOSTILE],
      [at(`/channels?name=${encodeURIComponent(HOSTILE.slice(0, 9))}`), HOSTILE],
      [at("/channels?name=none"), "No channel is found"],
      [channelAt(HOSTILE), "The channel has no rules of its own"],
    ] as const) {
      await view.page.goto(`${world.url}/console${path}`)
      await view.page.getByText(content).first().waitFor()
      await settled(view)
      expect(await axeProblems(view)).toEqual([])
      expect(await overflows(view.page)).toBe(false)
    }
    expect(view.complaints).toEqual([])
  })
})
