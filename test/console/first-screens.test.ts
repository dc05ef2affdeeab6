import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { sandboxCredentials } from "../../src/server/providers.ts"
import { openSimulators } from "../../src/simulator/simulator.ts"
import {
  axeProblems,
  type ConsoleWorld,
  hasBrowser,
  openConsole,
  overflows,
  settled,
} from "./console-world.ts"

describe.skipIf(!hasBrowser)("the first screens", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
  })
  afterEach(() => world.closeViews())
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
      await settled(view)
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

  test("the guided path: a virtual phone shows the first message", async () => {
    const { applicationId } = await world.admin<{ applicationId: string }>("POST", "/applications", {
      name: "Guided",
    })
    const view = await world.signedIn(`/applications/${applicationId}/start`)
    const { page } = view
    const send = page.getByRole("button", { name: "Send to everybody on default" })
    expect(await send.isDisabled()).toBe(true)
    await page.getByRole("button", { name: "Add a virtual iPhone" }).click()
    await page.getByText("1 device registered.").waitFor()
    await page.getByRole("textbox", { name: "Message" }).fill("Ding dong <b>!</b>")
    await send.click()
    await page.getByText("It is on its way to 1 device.").waitFor()
    await page
      .getByRole("region", { name: /^Screen of/ })
      .getByText("Ding dong <b>!</b>")
      .waitFor()
    await page.getByText("1 of 1 device took it.").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  test("the overview charts what happened, with the numbers in a table", async () => {
    const { applicationId } = await world.admin<{ applicationId: string }>("POST", "/applications", {
      name: "Charted",
    })
    await world.admin("POST", `/applications/${applicationId}/device-imports`, {
      devices: [{ deviceId: "one", deviceToken: "one", os: "ANDROID", osVersion: "1" }],
    })
    const view = await world.signedIn(`/applications/${applicationId}`)
    const { page } = view
    const chart = page.getByRole("figure", { name: "Registrations over time" })
    await chart.getByText("New devices 1").waitFor()
    await chart.getByText("The numbers").click()
    expect(await chart.getByRole("row").count()).toBeGreaterThanOrEqual(25)
    await page.getByLabel("Period").selectOption("day")
    await chart.getByText("New devices 1").waitFor()
    expect(await axeProblems(view)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  test("the overview names a message that has a title only, and leads to a credential that was refused", async () => {
    await using provider = await openSimulators({ clock: systemClock, random: systemRandom })
    const { applicationId } = await world.admin<{ applicationId: string }>("POST", "/applications", {
      name: "In trouble",
    })
    const { credentials } = world.server.services
    await credentials.set(applicationId, "fcm", sandboxCredentials(provider)("fcm"))
    await world.admin("POST", `/applications/${applicationId}/device-imports`, {
      devices: [{ deviceId: "one", deviceToken: "one", os: "ANDROID", osVersion: "1" }],
    })
    provider.faults.add({ provider: "fcm", action: { do: "answer", status: 401 } })
    await world.admin("POST", `/applications/${applicationId}/messages`, {
      channel: "default",
      message: "",
      headers: { "android-content-title": "Only a title" },
    })
    // The screen looks for it once in half a minute.
    await expect
      .poll(() => world.admin("GET", `/applications/${applicationId}/credentials`))
      .toMatchObject({ credentials: [{ pausedAt: expect.any(Number) }] })
    const view = await world.signedIn(`/applications/${applicationId}`)
    const { page } = view
    await page.getByRole("link", { name: "Only a title" }).waitFor()
    await page.getByText("The FCM credential is paused").waitFor()
    await page.getByText("Set the credential again").waitFor()
    expect(await axeProblems(view)).toEqual([])
    await page.getByRole("link", { name: "Look at the credential" }).click()
    await page.getByRole("heading", { name: "Provider credentials", level: 1 }).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("the guided path has the keys shown once, however often one looks at it", async () => {
    const { applicationId } = await world.admin<{ applicationId: string }>("POST", "/applications", {
      name: "Looked at",
    })
    const view = await world.signedIn(`/applications/${applicationId}/start`)
    const { page } = view
    await page.clock.install()
    for (let visit = 0; visit < 2; visit++) {
      await page.getByRole("tab", { name: "curl" }).waitFor()
      await page.getByRole("link", { name: "Channels" }).click()
      await page.getByRole("heading", { name: "Channels", level: 1 }).waitFor()
      // Longer than answers stay fresh.
      await page.clock.fastForward(5500)
      await page.getByRole("link", { name: "Get started" }).first().click()
    }
    await page.getByRole("tab", { name: "curl" }).waitFor()
    await settled(view)
    const { entries } = await world.admin<{ entries: readonly unknown[] }>(
      "GET",
      `/audit?application=${applicationId}&action=key.reveal`,
    )
    expect(entries).toHaveLength(1)
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

  test("on a phone the navigation closes after any of its links, also that of the screen one is on", async () => {
    const { page } = await world.signedIn("/applications?from=elsewhere", { isNarrow: true })
    await page.getByRole("button", { name: "Open the navigation" }).click()
    const drawer = page.getByRole("dialog", { name: "Navigation" })
    await drawer.getByRole("link", { name: "Applications" }).click()
    await drawer.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Open the navigation" }).click()
    await drawer.getByRole("link", { name: "About" }).click()
    await drawer.waitFor({ state: "detached" })
    await expect.poll(() => focused(page)).toBe("About this server")
  })

  test("a browser that calls itself offline is no reason not to ask the server, nor to wait for ever", async () => {
    const { page, context } = await world.signedIn("/applications")
    await page.evaluate(() => window.dispatchEvent(new Event("offline")))
    await page.getByRole("link", { name: "About", exact: true }).click()
    await page.getByText("Running since").waitFor()
    await page.getByRole("link", { name: "Applications", exact: true }).click()
    await page.getByRole("button", { name: "New application" }).first().click()
    const dialog = page.getByRole("dialog")
    await dialog.getByLabel("Name").fill("Made in a tunnel")
    await context.setOffline(true)
    await dialog.getByRole("button", { name: "Create" }).click()
    await dialog.getByText("The server does not answer.").waitFor()
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await dialog.waitFor({ state: "detached" })
  })

  test("a screen whose code did not come says why, and comes as it should look when the server is back", async () => {
    const { page } = await world.signedIn("/applications")
    await page.route("**/console/assets/**", (route) => route.abort())
    const audit = page.getByRole("link", { name: "Audit log", exact: true }).last()
    await audit.click()
    await page.getByRole("alert").getByText("the server does not answer at the moment").waitFor()
    await page.unroute("**/console/assets/**")
    await page.getByRole("link", { name: "Applications", exact: true }).click()
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor()
    await audit.click()
    await page.getByRole("heading", { name: "Audit log", level: 1 }).waitFor()
    const look = () => page.getByRole("search").evaluate((filters) => getComputedStyle(filters).display)
    await expect.poll(look).toBe("grid")
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

  test("a page of another origin, on the same site, changes nothing with the session", async () => {
    const { context } = await world.signedIn("/applications")
    await using attacker = await openAttacker()
    const page = await context.newPage()
    const answers: number[] = []
    page.on("response", (response) => {
      if (response.url().startsWith(`${world.url}/admin/`)) answers.push(response.status())
    })
    await page.goto(attacker.url)
    await page.evaluate(attack, { url: world.url, applicationId: world.applicationId })
    // What forms can send is no JSON; a change without a body comes from elsewhere.
    await expect.poll(() => answers.toSorted()).toEqual([403, 415, 415, 415, 415])
    // 403, and not 401 as without a session: the browser did send the cookie, and the server refused.
    const without = await fetch(
      `${world.url}/admin/v1/applications/${world.applicationId}/keys/1/regenerate`,
      { method: "POST", headers: { "sec-fetch-site": "same-site", origin: new URL(attacker.url).origin } },
    )
    expect(without.status).toBe(401)
    const names = (await world.server.services.applications.list()).map(({ name }) => name)
    expect(names).not.toContain("Stolen")
  })
})

interface Target {
  readonly url: string
  readonly applicationId: string
}

/** Sends what a browser lets a page send to another origin without asking it, and what it asks for first. */
async function attack({ url, applicationId }: Target): Promise<void> {
  const target = `${url}/admin/v1/applications`
  const body = '{"name":"Stolen"}'
  const common = { mode: "no-cors", credentials: "include", method: "POST" } as const
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    await fetch(target, { ...common, body, headers: { "content-type": type } }).catch(() => {})
  }
  await fetch(`${target}/${applicationId}/keys/1/regenerate`, common).catch(() => {})
  navigator.sendBeacon(target, new Blob([body], { type: "text/plain" }))
  const asked = fetch(target, {
    method: "POST",
    credentials: "include",
    body,
    headers: { "content-type": "application/json" },
  })
  const wasSent = await asked.then(
    () => true,
    () => false,
  )
  if (wasSent) throw new Error("the server let another origin send JSON")
}

/** A web server that is somebody else's: another port is another origin, and the same site for cookies. */
async function openAttacker() {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html")
    response.end("<!doctype html><title>Win a prize</title>")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

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
