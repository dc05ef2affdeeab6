import type { Locator } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { focusIsIn, hasBrowser } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"

type Values = Readonly<Record<string, string>>

interface DialogCase {
  /** Below the application, or below the Console when it begins with `server:`. */
  readonly at: string
  readonly open: string | RegExp
  /** Where opening it shows a menu. */
  readonly item?: RegExp
  readonly values?: Values
  readonly save: string
}

/** What is being saved goes on, whatever becomes of its dialog: who closes it would not learn how it ended. */
describe.skipIf(!hasBrowser)("a dialog that is saving", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const cases: readonly DialogCase[] = [
    { at: "/channels", open: "New channel", values: { Name: "news" }, save: "Create" },
    { at: "/settings", open: "Add a key", save: "Add the key" },
    { at: "/settings", open: /^Change the key CUSTOM/, values: { Label: "till" }, save: "Save" },
    { at: "/settings", open: "Bind a host name", values: { "Host name": "push.example" }, save: "Bind" },
    { at: "/phones", open: "Add a phone", item: /^With a name/, save: "Add the phone" },
    { at: "/users", open: "New user", values: { "E-mail address": "bob@example.com" }, save: "Create" },
    { at: "/users?part=issuers", open: "Change keycloak", save: "Save" },
    { at: "/permissions", open: "New role", values: { Name: "clerk" }, save: "Create" },
    {
      at: "/credentials",
      open: "Set the WNS credential",
      values: { "Directory (tenant) id": "t", "Application (client) id": "c", "Client secret": "s" },
      save: "Check and store",
    },
    { at: "server:/applications", open: "New application", values: { Name: "Other" }, save: "Create" },
    { at: "server:/tokens", open: "New token", values: { Label: "cron" }, save: "Create the token" },
    {
      at: "server:/administrators",
      open: "New administrator",
      values: { Name: "grace", "First password": "correct horse battery" },
      save: "Create",
    },
    { at: "server:/administrators", open: "Change tester", save: "Save" },
  ]

  test.for(cases)(
    "$at, $open: cannot be cancelled, says that it failed, and gives the focus back",
    async (one) => {
      const { page } = await world.signedIn(addressOf(one.at))
      const answered = Promise.withResolvers<void>()
      await page.route("**/admin/v1/**", async (route) => {
        if (route.request().method() === "GET") return route.fallback()
        await answered.promise
        return route.fulfill({ status: 503, json: { code: 90001, message: "Not now." } })
      })
      const opener = page.getByRole("button", { name: one.open }).first()
      await opener.click()
      if (one.item !== undefined) await page.getByRole("menuitem", { name: one.item }).click()
      const dialog = page.getByRole("dialog")
      await fill(dialog, one.values ?? {})
      await dialog.getByRole("button", { name: one.save, exact: true }).click()
      await dialog.locator("[aria-busy]").waitFor()
      const cancel = dialog.getByRole("button", { name: "Cancel" })
      expect(await cancel.isDisabled()).toBe(true)
      answered.resolve()
      await dialog.getByText("Not now.").waitFor()
      await cancel.click()
      await dialog.waitFor({ state: "detached" })
      await focusIsIn(opener)
    },
  )

  test("about a rule stays too, also for Escape", async () => {
    const { page } = await world.signedIn(addressOf("/permissions"))
    const answered = Promise.withResolvers<void>()
    await page.route("**/permissions", async (route) => {
      if (route.request().method() !== "PUT") return route.fallback()
      await answered.promise
      return route.fulfill({ status: 503, json: { code: 90001, message: "Not now." } })
    })
    await page.getByRole("grid").getByRole("button").first().click()
    const dialog = page.getByRole("dialog")
    const grant = dialog.getByRole("button", { name: /^Grant/ })
    await grant.click()
    await expect.poll(() => grant.isDisabled()).toBe(true)
    expect(await dialog.getByRole("button", { name: "Close" }).isDisabled()).toBe(true)
    await page.keyboard.press("Escape")
    answered.resolve()
    await dialog.getByText("Not now.").waitFor()
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
  })

  function addressOf(at: string): string {
    return at.startsWith("server:") ? at.slice("server:".length) : `/applications/${world.applicationId}${at}`
  }

  async function fill(dialog: Locator, values: Values): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await dialog.getByLabel(label, { exact: true }).fill(value)
    }
  }
})
