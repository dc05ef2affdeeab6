import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { hasBrowser, PASSWORD } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"

/** Tokens, administrators, and the audit log. */
describe.skipIf(!hasBrowser)("for the whole server an administrator", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const ofApplication = (rest: string) => `/applications/${world.applicationId}${rest}`

  test("makes a token that works at once, is shown once, and ends when it is revoked", async () => {
    const view = await world.signedIn("/tokens")
    const { page } = view
    await page.getByRole("button", { name: "New token" }).first().click()
    await page.getByLabel("Label").fill("CI")
    await page.getByLabel("May").selectOption("operate")
    await page.getByLabel("Every application, and the server as a whole").uncheck()
    await page.getByRole("checkbox", { name: "My App" }).check()
    await page.getByRole("button", { name: "Create the token" }).click()
    const dialog = page.getByRole("dialog", { name: "The new token" })
    const token = (await dialog.locator(".copyable code").textContent()) ?? ""
    const ask = (path: string) =>
      fetch(`${world.url}/admin/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
    const caller = (await (await ask("/session")).json()) as Record<string, unknown>
    expect(caller).toMatchObject({ kind: "token", scope: "operate", applications: [world.applicationId] })
    expect(caller["endsAt"]).toEqual(expect.any(Number))
    expect((await ask("/tokens")).status).toBe(404)
    await page.getByRole("button", { name: "Done" }).click()
    await page.getByText(token).waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Revoke CI" }).click()
    await page.getByRole("button", { name: "Revoke", exact: true }).click()
    await page.getByText("Revoked CI.").waitFor()
    expect((await ask("/session")).status).toBe(401)
    expect(view.complaints).toEqual([])
  })

  test("is shown a new token also after pressing Escape while it was made", async () => {
    const { page } = await world.signedIn("/tokens")
    const pressed = Promise.withResolvers<void>()
    await page.route("**/admin/v1/tokens", async (route) => {
      if (route.request().method() === "POST") await pressed.promise
      await route.continue()
    })
    await page.getByRole("button", { name: "New token" }).first().click()
    await page.getByLabel("Label").fill("slowly")
    await page.getByRole("button", { name: "Create the token" }).click()
    await page.getByRole("dialog").locator("[aria-busy]").waitFor()
    await page.keyboard.press("Escape")
    pressed.resolve()
    await page.getByRole("dialog", { name: "The new token" }).getByText("Copy it now").waitFor()
  })

  test("makes an administrator, who signs in and sees only the application that was chosen", async () => {
    const view = await world.signedIn("/administrators")
    const { page } = view
    await page.getByRole("button", { name: "New administrator" }).click()
    await page.getByLabel("Name").fill("linus")
    await page.getByLabel("First password").fill("too short")
    await page.getByLabel("Every application, and the server as a whole").uncheck()
    await page.getByRole("checkbox", { name: "My App" }).check()
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await expect.poll(() => page.getByLabel("First password").getAttribute("aria-invalid")).toBe("true")
    await page.getByLabel("First password").fill(PASSWORD)
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page.getByText("linus can sign in.").waitFor()

    const other = await world.view()
    await other.page.goto(`${world.url}/console${ofApplication("/settings")}`)
    await other.page.getByLabel("Name").fill("linus")
    await other.page.getByLabel("Password").fill(PASSWORD)
    await other.page.getByRole("button", { name: "Sign in" }).click()
    await other.page.getByRole("heading", { name: "App settings", level: 1 }).waitFor()
    expect(await other.page.getByRole("link", { name: "API tokens" }).count()).toBe(0)
    expect(await other.page.getByRole("button", { name: "Show the keys" }).count()).toBe(0)
    await other.page.getByRole("button", { name: /^Account/ }).click()
    await other.page.getByRole("menuitem", { name: "Your account" }).click()
    await other.page.getByLabel("Present password").fill("not this one at all")
    await other.page.getByLabel("New password").fill(`${PASSWORD}!`)
    await other.page.getByRole("button", { name: "Change the password" }).click()
    await other.page
      .getByRole("main")
      .getByText(/password is wrong|wrong/i)
      .first()
      .waitFor()
    await other.page.getByLabel("Present password").fill(PASSWORD)
    await other.page.getByRole("button", { name: "Change the password" }).click()
    await other.page.getByText("Changed your password.").waitFor()

    await page.getByRole("button", { name: "Remove linus" }).click()
    await page.getByRole("button", { name: "Remove", exact: true }).click()
    await page.getByText("Removed linus.").waitFor()
    await other.page.reload()
    await other.page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect([...view.complaints, ...other.complaints]).toEqual([])
  })

  test("finds in the audit log who did what, and verifies it", async () => {
    const view = await world.signedIn("/audit")
    const { page } = view
    await page.getByLabel("What").selectOption("session.")
    await page.getByText("signed in").first().waitFor()
    await expect.poll(() => page.getByRole("row").filter({ hasNotText: "signed" }).count()).toBe(1)
    await page.getByLabel("Who", { exact: true }).fill("nobody of this name")
    await page.getByText("Nothing matches").waitFor()
    await page.reload()
    await page.getByText("Nothing matches").waitFor()
    expect(await page.getByLabel("What").inputValue()).toBe("session.")
    await page.getByRole("button", { name: "Clear" }).click()
    expect(await page.getByLabel("Who", { exact: true }).inputValue()).toBe("")
    await page.getByRole("button", { name: "Verify" }).click()
    await page.getByText(/^Whole: \d/).waitFor()
    expect(view.complaints).toEqual([])
  })
})
