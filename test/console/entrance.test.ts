import type { Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  axeProblems,
  type ConsoleWorld,
  hasBrowser,
  nextFrames,
  openConsole,
  overflows,
  PASSWORD,
  settled,
} from "./console-world.ts"

describe.skipIf(!hasBrowser)("the way into the Console", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const endAllSessions = async () => {
    const { administrators, administratorSessions } = world.server.services
    await Promise.all((await administrators.list()).map(({ number }) => administratorSessions.endAll(number)))
  }
  /** Looks at the page again, and waits for the answer to who is signed in. */
  const asksAgain = async (page: Page) => {
    const answer = page.waitForResponse("**/admin/v1/session")
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })))
    await (await answer).finished()
  }

  test("the setup link makes the administrator and leads to the guided path", async () => {
    const view = await world.view()
    const { page } = view
    await page.goto(world.setupUrl)
    await page.getByLabel("Name").fill("ada")
    await page.getByLabel("Password", { exact: true }).fill("too short")
    await page.getByLabel("Password again").fill("too short")
    await page.getByRole("button", { name: "Create and sign in" }).click()
    await expect
      .poll(() => page.getByLabel("Password", { exact: true }).getAttribute("aria-invalid"))
      .toBe("true")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByLabel("Password again").fill(`${PASSWORD}!`)
    await page.getByRole("button", { name: "Create and sign in" }).click()
    await page.getByText("The two passwords differ").waitFor()
    await page.getByLabel("Password again").fill(PASSWORD)
    await page.getByRole("button", { name: "Create and sign in" }).click()
    await page.getByRole("heading", { name: "Get started" }).waitFor()
    expect(page.url()).toBe(`${world.url}/console/applications/${world.applicationId}/start`)
    expect(view.complaints).toEqual([])
  })

  test("the setup link works once and says so", async () => {
    const { page } = await world.view()
    await page.goto(world.setupUrl)
    await page.getByLabel("Name").fill("mallory")
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
    await page.getByLabel("Password again").fill(PASSWORD)
    await page.getByRole("button", { name: "Create and sign in" }).click()
    await page.getByRole("alert").waitFor()
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Create the administrator")
  })

  test("signing in keeps the address that was asked for, and signing out ends the session", async () => {
    const view = await world.signsIn("/applications")
    const { page, context } = view
    await page.getByRole("heading", { name: "Applications" }).waitFor()
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({
      name: "__Host-belfry",
      path: "/",
      secure: true,
      httpOnly: true,
      sameSite: "Strict",
    })
    await page.getByRole("button", { name: /^Account/ }).click()
    await page.getByRole("menuitem", { name: "Sign out" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect(await context.cookies()).toEqual([])
    expect(view.complaints).toEqual([])
    const reply = await fetch(`${world.url}/admin/v1/session`, {
      headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    })
    expect(reply.status).toBe(401)
  })

  test("a wrong password is refused in the words of the server", async () => {
    const { page } = await world.view()
    await page.goto(`${world.url}/console/`)
    await page.getByLabel("Name").fill("ada")
    await page.getByLabel("Password").fill("not this one at all")
    await page.getByRole("button", { name: "Sign in" }).click()
    expect(await page.getByRole("alert").textContent()).toMatch(/name or the password/i)
  })

  test("what was typed stays while somebody looks at another tab, as for the password", async () => {
    const { page } = await world.view()
    await page.goto(`${world.url}/console/`)
    await page.getByLabel("Name").fill("ada")
    await asksAgain(page)
    await nextFrames(page)
    expect(await page.getByLabel("Name").inputValue()).toBe("ada")
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" })
  })

  test("over plain http from another machine the sign-in says why it cannot work, and what does", async () => {
    const view = await world.view({ isNarrow: true })
    const { page } = view
    await page.route("http://push.example/**", async (route) => {
      const reply = await route.fetch({
        url: route.request().url().replace("http://push.example", world.url),
      })
      await route.fulfill({ response: reply })
    })
    await page.goto("http://push.example/console/")
    await page.getByText("Nobody can sign in at this address").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(await overflows(page)).toBe(false)
  })

  test("what was typed stays for the same person when the session ends, and for nobody else", async () => {
    const { users } = world.server.services
    const { id } = await users.create(world.applicationId, { identity: "mary@example.com" })
    const view = await world.signsIn(`/applications/${world.applicationId}/users/${id}`)
    const { page } = view
    const properties = page.getByLabel("Properties")
    const signIn = async (name: string) => {
      await endAllSessions()
      await page.getByRole("button", { name: "Save", exact: true }).click()
      await page.getByRole("heading", { name: "Sign in" }).waitFor()
      expect(await properties.isVisible()).toBe(false)
      await page.getByLabel("Name").fill(name)
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
      await page.getByRole("button", { name: "Sign in" }).click()
      await properties.waitFor()
    }
    await properties.fill('{"written": "for an hour"}')
    await signIn("tester")
    expect(await properties.inputValue()).toBe('{"written": "for an hour"}')
    await signIn("ada")
    expect(await properties.inputValue()).toBe("{}")
  })

  test("what ended stays hidden while the server does not answer, and is there after lunch", async () => {
    const { users } = world.server.services
    const { id } = await users.create(world.applicationId, { identity: "anne@example.com" })
    const { page } = await world.signsIn(`/applications/${world.applicationId}/users/${id}`)
    await page.clock.install()
    await page.reload()
    const properties = page.getByLabel("Properties")
    await properties.fill('{"written": "before lunch"}')
    await endAllSessions()
    await asksAgain(page)
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    await page.route("**/admin/v1/session", (route) => route.fulfill({ status: 500, body: "no" }))
    await asksAgain(page)
    await nextFrames(page)
    expect(await page.getByRole("heading", { name: "Sign in" }).isVisible()).toBe(true)
    expect(await properties.isVisible()).toBe(false)
    await page.unroute("**/admin/v1/session")
    await page.clock.fastForward("01:00:00")
    await page.getByLabel("Name").fill("tester")
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await properties.waitFor()
    expect(await properties.inputValue()).toBe('{"written": "before lunch"}')
  })

  test("somebody else finds nothing of who was signed in before, wherever they signed in", async () => {
    const view = await world.signsIn(`/applications/${world.applicationId}/compose`)
    const { page, context } = view
    await page.getByLabel("Title", { exact: true }).first().fill("for the eyes of tester")
    await page.getByRole("link", { name: "Channels", exact: true }).click()
    await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
    const { administratorSessions } = world.server.services
    const { token } = await administratorSessions.login({ name: "ada", password: PASSWORD }, "127.0.0.1")
    const [cookie] = await context.cookies()
    if (cookie === undefined) throw new Error("nobody is signed in")
    await context.addCookies([{ ...cookie, value: token }])
    await asksAgain(page)
    await page.getByRole("button", { name: "Account: ada" }).waitFor()
    await page.getByRole("link", { name: "Compose", exact: true }).click()
    await page.getByRole("heading", { name: "Compose", level: 1 }).waitFor()
    expect(await page.getByLabel("Title", { exact: true }).first().inputValue()).toBe("")
  })

  test("keys that are shown do not outlast the session", async () => {
    const { page } = await world.signsIn(`/applications/${world.applicationId}/start`)
    const { REST: key = "" } = world.apiKeys
    const isThere = (secret: string) =>
      page.evaluate((text) => document.documentElement.innerHTML.includes(text), secret)
    const endSession = async () => {
      await endAllSessions()
      await asksAgain(page)
      await page.getByRole("heading", { name: "Sign in" }).waitFor()
    }
    const signInAgain = async () => {
      await page.getByRole("textbox", { name: "Name" }).fill("tester")
      await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD)
      await page.getByRole("button", { name: "Sign in" }).click()
    }
    await expect.poll(() => isThere(key)).toBe(true)
    await endSession()
    await expect.poll(() => isThere(key)).toBe(false)
    await signInAgain()
    await expect.poll(() => isThere(key)).toBe(true)
    await page.getByRole("link", { name: "App settings", exact: true }).click()
    await page.getByRole("button", { name: "Show the keys" }).click()
    await expect.poll(() => isThere(key)).toBe(true)
    await page.getByRole("button", { name: "Add a key" }).click()
    await page.getByLabel("Label").fill("seen once")
    await page.getByRole("button", { name: "Add the key" }).click()
    const made = page.getByRole("dialog", { name: "The key REST seen once" })
    const secret = (await made.locator("code").first().textContent()) ?? ""
    await endSession()
    await expect.poll(() => isThere(key)).toBe(false)
    await signInAgain()
    await page.getByRole("button", { name: "Show the keys" }).waitFor()
    expect(await isThere(key)).toBe(false)
    expect(secret).not.toBe("")
    expect(await isThere(secret)).toBe(false)
  })

  test("a session that ends in front of a dialog hides it, and brings it back", async () => {
    const view = await world.signsIn(`/applications/${world.applicationId}/settings`)
    const { page } = view
    await page.getByRole("button", { name: "Add a key" }).click()
    const dialog = page.getByRole("dialog", { name: "Add a key" })
    await dialog.getByLabel("Label").fill("billing")
    await endAllSessions()
    await dialog.getByRole("button", { name: "Add the key" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect(await dialog.isVisible()).toBe(false)
    expect(await axeProblems(view)).toEqual([])
    await page.getByRole("textbox", { name: "Name" }).fill("tester")
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await dialog.getByLabel("Label").waitFor()
    expect(await dialog.getByRole("alert").count()).toBe(0)
    await dialog.getByRole("button", { name: "Add the key" }).click()
    await page.getByRole("dialog", { name: "The key REST billing" }).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("a session that ends in front of a question brings it back without the refusal of before", async () => {
    const { page } = await world.signsIn(`/applications/${world.applicationId}/permissions`)
    await page.getByRole("button", { name: "New role" }).click()
    await page.getByRole("textbox", { name: "Name" }).fill("short-lived")
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page.getByRole("button", { name: "Delete the role short-lived" }).click()
    const question = page.getByRole("alertdialog")
    await endAllSessions()
    await question.getByRole("button", { name: "Delete the role" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    await page.getByRole("textbox", { name: "Name" }).fill("tester")
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await question.waitFor()
    expect(await question.getByRole("alert").count()).toBe(0)
    await question.getByRole("button", { name: "Delete the role" }).click()
    await page.getByText("Deleted the role short-lived.").waitFor()
  })

  test("a session that ends while a screen is open brings the sign-in, and then that screen again", async () => {
    const view = await world.signsIn("/applications")
    const { page } = view
    const application = page.getByRole("link", { name: "My App" })
    await application.waitFor()
    // What is still on its way would bring the sign-in by itself.
    await settled(view)
    const [, ...others] = await world.server.services.administrators.list()
    for (const { number } of others) await world.server.services.administratorSessions.endAll(number)
    await application.click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    await page.getByLabel("Name").fill("ada")
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByRole("heading", { name: "My App" }).waitFor()
  })

  test.for(["light", "dark"] as const)(
    "axe finds nothing serious on the sign-in, %s",
    async (colorScheme) => {
      const view = await world.view({ colorScheme, isNarrow: true })
      await view.page.goto(`${world.url}/console/`)
      await view.page.getByRole("heading", { name: "Sign in" }).waitFor()
      expect(await axeProblems(view)).toEqual([])
      expect(view.complaints).toEqual([])
    },
  )
})
