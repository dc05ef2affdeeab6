import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type ConsoleWorld, hasBrowser, openConsole, PASSWORD, settled } from "./console-world.ts"

/** Who may not do everything is shown what they may, and told why not the rest. */
describe.skipIf(!hasBrowser)("with fewer rights", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
    const { administrators, channels } = world.server.services
    const { number } = await world.server.services.applications.get(world.applicationId)
    await channels.create(number, "news")
    for (const scope of ["read", "operate", "administer"] as const) {
      await administrators.create({ name: scope, password: PASSWORD, scope })
      await administrators.create({
        ...{ name: `${scope} of one`, password: PASSWORD, scope },
        applications: [world.applicationId],
      })
    }
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const at = (rest: string) => `/applications/${world.applicationId}${rest}`

  test.for(["read", "operate", "administer", "read of one", "operate of one", "administer of one"])(
    "%s: every screen that the navigation names is answered",
    async (as) => {
      const view = await world.signedIn(at(""), { as })
      const { page } = view
      const refused: string[] = []
      page.on("response", (reply) => {
        if (reply.status() >= 400) refused.push(`${reply.status()} ${reply.url()}`)
      })
      const links = page.getByRole("navigation", { name: "Main" }).getByRole("link")
      const names = await links.allTextContents()
      for (let index = 0; index < names.length; index++) {
        await links.nth(index).click()
        await expect.poll(() => links.nth(index).getAttribute("aria-current")).toBe("page")
        await settled(view)
        expect(await page.getByRole("main").getByRole("alert").allTextContents()).toEqual([])
      }
      expect(names).toContain("About")
      expect(names.includes("API tokens")).toBe(as === "administer")
      expect(refused).toEqual([])
      expect(view.complaints).toEqual([])
    },
  )

  test.for([
    ["read", "/tokens", "needs the scope administer, and yours is read"],
    ["operate", "/audit", "needs the scope administer, and yours is operate"],
    ["administer of one", "/administrators", "your rights are for certain applications"],
    ["administer of one", "/tokens", "your rights are for certain applications"],
  ] as const)("%s: an address that was handed on says why %s is not shown", async ([as, path, reason]) => {
    const { page } = await world.signedIn(path, { as })
    await page.getByText(reason).waitFor()
    await page.getByRole("link", { name: "What you may do" }).click()
    await page.getByRole("heading", { name: "Your account", level: 1 }).waitFor()
  })

  test("read: nothing is proposed that it may not do", async () => {
    const { page } = await world.signedIn(at(""), { as: "read" })
    await page.getByText("Messages appear here while they are on their way.").waitFor()
    expect(await page.getByRole("link", { name: "Send a first message" }).count()).toBe(0)
    await page.getByRole("link", { name: "Get started" }).first().click()
    await page.getByText("Adding one here needs the scope operate.").waitFor()
    await page.getByText("Sending one from here needs the scope operate.").waitFor()
    await page.getByRole("link", { name: "Permissions" }).click()
    await page.getByRole("heading", { name: "Roles and permissions" }).waitFor()
    expect(await page.getByRole("link", { name: "Change the preset" }).count()).toBe(0)
  })

  test("operate: a channel that it may not delete offers no deletion", async () => {
    const { page } = await world.signedIn(at("/channel?name=news"), { as: "operate" })
    await page.getByRole("link", { name: "Write to it" }).waitFor()
    await page.getByText("The channel has no rules of its own").waitFor()
    expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0)
  })

  test("the application stays at hand on the screens of the server", async () => {
    const { page } = await world.signedIn(at("/channels"))
    await page.getByRole("link", { name: "About" }).click()
    await page.getByRole("heading", { name: "About this server", level: 1 }).waitFor()
    await page.getByRole("link", { name: "Channels" }).click()
    await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
  })

  test("who signs in after somebody else is not shown what that one read", async () => {
    const { administrators, administratorSessions } = world.server.services
    const { page } = await world.signsIn("/administrators")
    await page.getByRole("row", { name: /^read of one/ }).waitFor()
    const sessions = (await administrators.list()).map(({ number }) => administratorSessions.endAll(number))
    await Promise.all(sessions)
    await page.reload()
    await page.getByLabel("Name").fill("read of one")
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.getByText("your rights are for certain applications").waitFor()
    expect(await page.getByRole("row").count()).toBe(0)
  })
})
