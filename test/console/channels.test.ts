import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axeProblems, type ConsoleWorld, hasBrowser, openConsole } from "./console-world.ts"

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
    expect(await row.getByRole("cell").allTextContents()).toEqual(["4", "1", "2", "1", "0", "0", "just now"])
    expect(view.complaints).toEqual([])
  })

  test("a channel is created, and a name that is none is refused at its field", async () => {
    const view = await world.signedIn(at("/channels"))
    const { page } = view
    await page.getByRole("button", { name: "New channel" }).click()
    await page.getByLabel("Name").fill("a/b")
    await page.getByRole("button", { name: "Create" }).click()
    await page.getByText(/a channel name has no/).waitFor()
    expect(await page.getByLabel("Name").getAttribute("aria-invalid")).toBe("true")
    await page.getByLabel("Name").fill("offers")
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

  test("a rule that is set here decides what a key may do, and taking it away does too", {
    timeout: 90_000,
  }, async () => {
    const view = await world.signedIn(channelAt("news"))
    const { page } = view
    expect(await publish("news")).toBe(200)
    const rule = page.getByLabel("message:publish for RestUser")
    expect(await rule.locator("option").first().textContent()).toBe("inherit: granted")
    await rule.selectOption("deny")
    await expect.poll(() => publish("news"), { timeout: 10_000 }).toBe(403)
    expect(await publish("default")).toBe(200)
    await expect.poll(() => rule.isEnabled()).toBe(true)
    await rule.selectOption("inherit")
    await expect.poll(() => publish("news"), { timeout: 10_000 }).toBe(200)
    expect(view.complaints).toEqual([])
  })

  test("a rule for a single user is added and taken away", async () => {
    const { page } = await world.signedIn(channelAt("news"))
    const { userId } = await world.admin<{ userId: string }>(
      "POST",
      `/applications/${world.applicationId}/users`,
      { identity: "grace@example.com", password: "a password of hers" },
    )
    await page.getByLabel("User id").fill("nobody")
    await page.getByRole("button", { name: "Add the rule" }).click()
    await page.getByText("has no user with the id").waitFor()
    await page.getByLabel("User id").fill(userId)
    await page.getByLabel("Access").selectOption("deny")
    await page.getByRole("button", { name: "Add the rule" }).click()
    const row = page.getByRole("row", { name: new RegExp(userId) })
    await row.getByText("deny").waitFor()
    await row.getByRole("button", { name: "Take away" }).click()
    await row.waitFor({ state: "detached" })
  })

  test.for([
    { colorScheme: "light", isNarrow: true },
    { colorScheme: "dark", isNarrow: false },
  ] as const)("its screens are accessible, $colorScheme", async (look) => {
    const view = await world.signedIn(at("/channels"), look)
    for (const [path, content] of [
      [at("/channels"), HOSTILE],
      [channelAt(HOSTILE), "Permissions of roles"],
    ] as const) {
      await view.page.goto(`${world.url}/console${path}`)
      await view.page.getByText(content).first().waitFor()
      await view.page.waitForLoadState("networkidle")
      expect(await axeProblems(view)).toEqual([])
    }
    expect(view.complaints).toEqual([])
  })
})
