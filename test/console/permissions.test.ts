import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { focusIsIn, hasBrowser } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"
import { expectSound } from "./sound.ts"

describe.skipIf(!hasBrowser)("roles and permissions", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const at = (query = "") => `/applications/${world.applicationId}/permissions${query}`
  const publish = async (channel: string): Promise<number> => {
    const reply = await fetch(
      `${world.url}/${world.applicationId}/${world.apiKeys.REST}/messaging/${channel}`,
      { method: "POST", headers: { "content-type": "application/json" }, body: '{"message":"Hello"}' },
    )
    return reply.status
  }

  test.for([
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const)("are accessible and within the window: $colorScheme", async (look) => {
    const view = await world.signedIn(at(), look)
    const { page } = view
    for (const query of ["", "?channel=news", `?channel=${encodeURIComponent(world.channel)}&about=users`]) {
      await page.goto(`${world.url}/console${at(query)}`)
      await page.getByRole("heading", { name: "Roles and permissions", level: 1 }).waitFor()
      await page
        .getByRole("button", { name: /publish a message/ })
        .first()
        .waitFor()
      await expectSound(view)
    }
    await page
      .getByRole("button", { name: /publish a message/ })
      .first()
      .click()
    await page.getByRole("dialog").waitFor()
    await expectSound(view)
    await page.getByRole("button", { name: "Why may somebody do this?" }).click()
    await page.getByRole("button", { name: "Why?" }).click()
    await page.getByText("It runs with the roles").waitFor()
    await expectSound(view)
  })

  test("a denial that is set in the table refuses the REST key, and taking it away lets it publish again", async () => {
    const view = await world.signedIn(at())
    const { page } = view
    expect(await publish("news")).toBe(200)
    const cell = page.getByRole("button", { name: /^RestUser, publish a message:/ })
    expect(await cell.getAttribute("aria-label")).toMatch(/granted by the preset locked$/)
    await cell.click()
    await page.getByRole("button", { name: /^Deny/ }).click()
    await page.getByRole("button", { name: "RestUser, publish a message: denied here" }).waitFor()
    await expect.poll(() => publish("news")).toBe(403)

    // The same rule is inherited on a channel, and granted there for that one alone.
    await page.goto(`${world.url}/console${at("?channel=news")}`)
    const onChannel = page.getByRole("button", { name: /^RestUser, publish a message:/ })
    await onChannel.waitFor()
    expect(await onChannel.getAttribute("aria-label")).toMatch(/denied by a rule of the application$/)
    await onChannel.click()
    await page.getByRole("button", { name: /^Grant/ }).click()
    await page.getByRole("button", { name: "RestUser, publish a message: granted here" }).waitFor()
    await expect.poll(() => publish("news")).toBe(200)
    expect(await publish("default")).toBe(403)

    await page.goto(`${world.url}/console${at()}`)
    await page.getByRole("link", { name: "news", exact: true }).waitFor()
    await page.getByRole("button", { name: /^RestUser, publish a message:/ }).click()
    await page.getByRole("button", { name: /^Inherit/ }).click()
    await page.getByRole("button", { name: /^RestUser, publish a message: granted by the preset/ }).waitFor()
    await expect.poll(() => publish("default")).toBe(200)
    expect(view.complaints).toEqual([])
  })

  test("the table is worked with the keyboard alone", async () => {
    const view = await world.signedIn(at())
    const { page } = view
    const first = page.getByRole("grid", { name: "Permissions" }).getByRole("button").first()
    await first.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowLeft")
    const name = (await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))) ?? ""
    expect(name).toMatch(/^\w+, retrieve a registration: not granted by the preset locked$/)
    const subject = name.replace(/:.*/, "")
    await page.keyboard.press("g")
    await page.getByRole("button", { name: `${subject}: granted here` }).waitFor()
    await page.getByText("Set. It is in force within five seconds.").first().waitFor()
    await page.keyboard.press("d")
    await page.getByRole("button", { name: `${subject}: denied here` }).waitFor()
    await page.keyboard.press("Enter")
    await focusIsIn(page.getByRole("dialog"))
    await page.keyboard.press("Escape")
    await focusIsIn(page.getByRole("button", { name: `${subject}: denied here` }))
    await page.keyboard.press("i")
    await page.getByRole("button", { name: `${subject}: not granted` }).waitFor()
    const stops = await page.getByRole("grid").locator('[tabindex="0"]').count()
    expect(stops).toBe(1)
    expect(view.complaints).toEqual([])
  })

  test("why: says which rule decides for a key, a user and a channel", async () => {
    const view = await world.signedIn(at(`?channel=${encodeURIComponent(world.channel)}&about=users`))
    const { page } = view
    await page.getByRole("button", { name: "ada@example.com, publish a message: denied here" }).click()
    await page.getByRole("button", { name: "Why may somebody do this?" }).click()
    const form = page.getByRole("region", { name: "Why may somebody do this, or not?" })
    await form.getByRole("button", { name: "Why?" }).click()
    await form.getByText("No", { exact: true }).waitFor()
    const deciding = form.locator('li[data-decides="true"]').first()
    expect(await deciding.textContent()).toContain("ada@example.com is denied it")
    await form.getByLabel(/of the user/).fill("")
    await form.getByRole("button", { name: "Why?" }).click()
    await form.getByText("Yes", { exact: true }).waitFor()
    expect(await deciding.textContent()).toContain("grants it to RestUser")
    expect(view.complaints).toEqual([])
  })

  test("roles are made, and deleted unless a key needs them", async () => {
    const view = await world.signedIn(at())
    const { page } = view
    await page.getByRole("button", { name: "New role" }).click()
    await page.getByLabel("Name", { exact: true }).fill("RestUser")
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page
      .getByRole("dialog")
      .getByText(/is a system role/)
      .waitFor()
    await page.getByLabel("Name", { exact: true }).fill("Editors")
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page.getByRole("columnheader", { name: "Editors" }).waitFor()
    await page.getByRole("button", { name: "Delete the role Editors" }).click()
    await page.getByRole("button", { name: "Delete the role", exact: true }).click()
    await page.getByText("Deleted the role Editors.").waitFor()
    // What opened the question is gone: the keyboard goes on from the heading.
    await focusIsIn(page.getByRole("heading", { name: "Roles and permissions", level: 1 }))
    await page.getByRole("button", { name: `Delete the role ${world.role}` }).click()
    await page.getByRole("button", { name: "Delete the role", exact: true }).click()
    await page.getByRole("alertdialog").getByRole("alert").waitFor()
    expect(view.complaints).toEqual([])
  })
})
