import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  type ConsoleWorld,
  focusIsIn,
  hasBrowser,
  openConsole,
  PASSWORD,
  type View,
} from "./console-world.ts"
import { expectSound } from "./sound.ts"

/** Where administrators are signed in: one's own sessions for everybody, those of others for who may administer the server. */
describe.skipIf(!hasBrowser)("the sessions", () => {
  let world: ConsoleWorld
  let linus: number

  beforeAll(async () => {
    world = await openConsole()
    const { administrators } = world.server.services
    const everywhere = { password: PASSWORD, applications: null }
    await administrators.create({ ...everywhere, name: "reader", scope: "read" })
    await administrators.create({ ...everywhere, name: "operator", scope: "operate" })
    const restricted = { password: PASSWORD, applications: [world.applicationId] }
    await administrators.create({ ...restricted, name: "boss of one", scope: "administer" })
    linus = (await administrators.create({ ...restricted, name: "linus", scope: "operate" })).number
  })
  afterEach(async () => {
    await world.closeViews()
    const { administrators, administratorSessions } = world.server.services
    for (const { number } of await administrators.list()) await administratorSessions.endAll(number)
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const rowsOf = ({ page }: View) => page.getByRole("table", { name: "Sessions" }).locator("tbody tr")
  const signIn = ({ page }: View) => page.getByRole("heading", { name: "Sign in" })
  /** Begins a session in another browser; its token. */
  const signInElsewhere = async (name: string) => {
    const { administratorSessions } = world.server.services
    return (await administratorSessions.login({ name, password: PASSWORD }, "127.0.0.1")).token
  }
  const isSignedIn = async (token: string) =>
    (await world.server.services.administratorSessions.principalOf(token)) !== undefined

  test("of one's own are listed and ended one by one, whatever the scope, with the keyboard", async () => {
    const elsewhere = await signInElsewhere("reader")
    const here = await world.signedIn("/about", { as: "reader" })
    const { page } = here
    await page.getByRole("button", { name: /^Account/ }).click()
    await page.getByRole("menuitem", { name: "Your account" }).click()
    await expect.poll(() => rowsOf(here).count()).toBe(2)
    const own = rowsOf(here).filter({ hasText: "this one" })
    expect(await own.count()).toBe(1)
    expect(await own.getByRole("button").count()).toBe(0)
    const end = rowsOf(here).filter({ hasNotText: "this one" }).getByRole("button")
    await end.focus()
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("alertdialog", { name: /^End the session \d+\?$/ })
    await focusIsIn(dialog)
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    await focusIsIn(end)
    await page.keyboard.press("Enter")
    await dialog.getByRole("button", { name: "End the session" }).focus()
    await page.keyboard.press("Enter")
    await page.getByText(/^Ended the session \d+\.$/).waitFor()
    await expect.poll(() => rowsOf(here).count()).toBe(1)
    expect(await isSignedIn(elsewhere)).toBe(false)
    await page.reload()
    await expect.poll(() => rowsOf(here).count()).toBe(1)
    expect(here.complaints).toEqual([])
  })

  test("of one's own end all at once, this one too", async () => {
    const elsewhere = await signInElsewhere("operator")
    const here = await world.signedIn("/account", { as: "operator" })
    await here.page.getByRole("button", { name: "Sign out everywhere…" }).click()
    await here.page.getByRole("button", { name: "Sign out everywhere", exact: true }).click()
    await signIn(here).waitFor()
    expect(await isSignedIn(elsewhere)).toBe(false)
    expect(here.complaints).toEqual([])
  })

  test("that a new password ends leave the list", async () => {
    await signInElsewhere("operator")
    const here = await world.signedIn("/account", { as: "operator" })
    const { page } = here
    await expect.poll(() => rowsOf(here).count()).toBe(2)
    await page.getByLabel("Present password").fill(PASSWORD)
    await page.getByLabel("New password").fill(PASSWORD)
    await page.getByRole("button", { name: "Change the password" }).click()
    await page.getByText("Changed your password.").waitFor()
    await expect.poll(() => rowsOf(here).count()).toBe(1)
    expect(await rowsOf(here).getByText("this one").count()).toBe(1)
  })

  test("of others are found by their name, and ended one by one or all at once", async () => {
    const theirs = [
      await signInElsewhere("linus"),
      await signInElsewhere("linus"),
      await signInElsewhere("linus"),
    ]
    const living = async () => (await Promise.all(theirs.map(isSignedIn))).filter((lives) => lives).length
    const view = await world.signedIn("/administrators")
    const { page } = view
    await page.getByRole("link", { name: "linus" }).click()
    await page.getByRole("heading", { name: "linus", level: 1 }).waitFor()
    await expect.poll(() => rowsOf(view).count()).toBe(3)
    expect(await page.getByText("this one").count()).toBe(0)
    await rowsOf(view).first().getByRole("button").click()
    const dialog = page.getByRole("alertdialog", { name: /^End the session \d+ of linus\?$/ })
    await dialog.getByRole("button", { name: "End the session" }).click()
    await expect.poll(() => rowsOf(view).count()).toBe(2)
    expect(await living()).toBe(2)
    await page.getByRole("button", { name: "Log out everywhere…" }).click()
    await page.getByRole("button", { name: "Log out", exact: true }).click()
    await page.getByText("Ended 2 sessions of linus.").waitFor()
    await page.getByText("Not signed in").waitFor()
    expect(await page.getByRole("button", { name: "Log out everywhere…" }).count()).toBe(0)
    expect(await living()).toBe(0)
    await page.getByRole("link", { name: "All administrators" }).click()
    await page.getByRole("heading", { name: "Administrators", level: 1 }).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("that ended meanwhile are told in the words of the server", async () => {
    await signInElsewhere("linus")
    const view = await world.signedIn(`/administrators/${linus}`)
    await rowsOf(view).getByRole("button").click()
    await world.server.services.administratorSessions.endAll(linus)
    await view.page.getByRole("button", { name: "End the session", exact: true }).click()
    await view.page
      .getByRole("alertdialog")
      .getByText(/has no session with the number/)
      .waitFor()
  })

  test("of oneself stand under Your account, wherever one looks for them", async () => {
    const { page } = await world.signedIn("/administrators")
    await page.getByRole("link", { name: "tester" }).click()
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor()
    const own = (await world.server.services.administrators.list()).find(({ name }) => name === "tester")
    await page.goto(`${world.url}/console/administrators/${own?.number}`)
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe("/console/account")
  })

  test("of nobody: an address whose administrator is gone says so", async () => {
    const { page } = await world.signedIn("/administrators/4711")
    await page.getByText("was removed, or never was").waitFor()
  })

  test.for([
    ["reader", "needs the scope administer, and yours is read"],
    ["operator", "needs the scope administer, and yours is operate"],
    ["boss of one", "your rights are for certain applications"],
  ] as const)("%s: those of others are not shown, and it is said why", async ([as, reason]) => {
    const view = await world.signedIn(`/administrators/${linus}`, { as })
    await view.page.getByText(reason).waitFor()
    expect(await view.page.getByText("linus").count()).toBe(0)
    expect(view.complaints).toEqual([])
  })

  const looks = [
    { colorScheme: "light", isNarrow: true },
    { colorScheme: "dark", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const

  test.for(looks)(
    "of one's own have sound screens and dialogs: $colorScheme, narrow: $isNarrow",
    async (look) => {
      await signInElsewhere("reader")
      const view = await world.signedIn("/account", { ...look, as: "reader" })
      const { page } = view
      await expect.poll(() => rowsOf(view).count()).toBe(2)
      await expectSound(view)
      await rowsOf(view).getByRole("button").click()
      await page.getByRole("alertdialog").waitFor()
      await expectSound(view)
    },
  )

  test.for(looks)(
    "of others have sound screens and dialogs: $colorScheme, narrow: $isNarrow",
    async (look) => {
      await signInElsewhere("linus")
      const view = await world.signedIn(`/administrators/${linus}`, look)
      const { page } = view
      await expect.poll(() => rowsOf(view).count()).toBe(1)
      await expectSound(view)
      await page.getByRole("button", { name: "Log out everywhere…" }).click()
      await page.getByRole("alertdialog").waitFor()
      await expectSound(view)
      await page.getByRole("button", { name: "Log out", exact: true }).click()
      await page.getByText("Not signed in").waitFor()
      await expectSound(view)
    },
  )
})
