import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axeProblems, type ConsoleWorld, hasBrowser, openConsole, overflows } from "./console-world.ts"

describe.skipIf(!hasBrowser)("the first screens", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const screens = [
    { path: () => `/applications/${world.applicationId}`, heading: "My App" },
    { path: () => `/applications/${world.applicationId}/start`, heading: "Get started" },
    { path: () => "/applications", heading: "Applications" },
    { path: () => "/nowhere", heading: "No such screen" },
    { path: () => "/applications/UNKNOWN", heading: "No such application" },
  ]
  const looks = [
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const

  for (const { path, heading } of screens) {
    test.for(looks)(`${heading} is accessible and complains of nothing: $colorScheme`, async (look) => {
      const view = await world.signedIn(path(), look)
      await view.page.getByRole("heading", { name: heading, level: 1 }).waitFor()
      await view.page.waitForLoadState("networkidle")
      expect(await axeProblems(view)).toEqual([])
      expect(await overflows(view.page)).toBe(false)
      expect(view.complaints).toEqual([])
    })
  }

  test("the guided path: its curl calls, pasted, register a device and send it a message that arrives", async () => {
    const view = await world.signedIn(`/applications/${world.applicationId}/start`)
    const { page } = view
    const registration = await page.locator("pre").first().textContent()
    expect(await runCurl(registration ?? "")).toHaveProperty("registrationId")
    await page.getByText("1 device registered.").waitFor()
    const publishing = await page.locator("pre").last().textContent()
    expect(await runCurl(publishing ?? "")).toHaveProperty("messageId")
    await page.getByText("1 of 1 device took it.").waitFor()
    expect(view.complaints).toEqual([])
  })

  test("going to another screen moves the focus to its heading, with the keyboard alone", async () => {
    const { context } = await world.signedIn("/applications")
    const page = await context.newPage()
    await page.goto(`${world.url}/console/applications/${world.applicationId}`)
    await page.getByRole("heading", { name: "My App", level: 1 }).waitFor()
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Skip to the content")
    await page.getByRole("link", { name: "Get started" }).first().focus()
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Get started", level: 1 }).waitFor()
    await expect.poll(() => focused(page)).toBe("Get started")
    expect(await page.title()).toBe("Get started · Belfry")
  })

  test("a new application gets the preset that was chosen", async () => {
    const { page } = await world.signedIn("/applications")
    await page.getByRole("button", { name: "New application" }).first().click()
    await page.getByLabel("Name").fill("Open App")
    await page.getByLabel("Security preset").selectOption("compatible")
    await page.getByRole("button", { name: "Create" }).click()
    await page.getByRole("heading", { name: "Get started", level: 1 }).waitFor()
    const { applications } = world.server.services
    const created = (await applications.list()).find(({ name }) => name === "Open App")
    expect(created?.preset).toBe("compatible")
    await applications.delete(created?.id ?? "")
  })

  test("the appearance that was chosen is kept", async () => {
    const { page } = await world.signedIn("/applications")
    await page.getByRole("button", { name: /^Appearance/ }).click()
    await page.getByRole("menuitem", { name: "Dark" }).click()
    await page.reload()
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor()
    expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark")
  })

  test("a page of another origin can neither read nor change anything with the session", async () => {
    const { context } = await world.signedIn("/applications")
    const elsewhere = await context.newPage()
    // The same machine under its other name: another origin, the same browser.
    await elsewhere.goto(`${world.url.replace("127.0.0.1", "localhost")}/console/`)
    const statuses = await elsewhere.evaluate(async (url) => {
      const attempt = (method: string, type: string) =>
        fetch(`${url}/admin/v1/applications`, {
          method,
          mode: "no-cors",
          credentials: "include",
          ...(method === "POST" && { headers: { "content-type": type }, body: '{"name":"Stolen"}' }),
        }).then(
          ({ type: kind }) => kind,
          () => "refused",
        )
      return Promise.all([
        attempt("GET", ""),
        attempt("POST", "application/json"),
        attempt("POST", "text/plain"),
      ])
    }, world.url)
    expect(statuses.every((status) => status === "refused" || status === "opaque")).toBe(true)
    const names = (await world.server.services.applications.list()).map(({ name }) => name)
    expect(names).toEqual(["My App"])
  })
})

type Page = Awaited<ReturnType<ConsoleWorld["signedIn"]>>["page"]

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent ?? undefined)
}

/** Sends what the call says, without needing curl. */
async function runCurl(call: string): Promise<unknown> {
  const [, url = "", body = ""] = /'(http[^']+)'[\s\S]*-d '([^']+)'/.exec(call) ?? []
  const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })
  return reply.json()
}
