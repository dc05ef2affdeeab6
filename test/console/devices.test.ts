import { readFile } from "node:fs/promises"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  axeProblems,
  type ConsoleWorld,
  focusIsIn,
  hasBrowser,
  openConsole,
  settled,
  type View,
} from "./console-world.ts"

const HOSTILE = `<img src=x onerror="document.title='run'">`
const TRANSFERRED = 10_000

describe.skipIf(!hasBrowser)("the devices", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
    for (let number = 0; number < 60; number++) await register(`phone-${String(number).padStart(2, "0")}`)
    await register(HOSTILE, { channels: ["default", "<b>bold"], osVersion: "<i>1</i>" })
    await register("path/../of a phone?#", { os: "IOS" })
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const reply = await fetch(`${world.url}/${world.applicationId}/${world.apiKeys["REST"]}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    const answer = (await reply.json()) as Record<string, unknown>
    if (reply.status !== 200) throw new Error(JSON.stringify(answer))
    return answer
  }
  const register = (deviceId: string, more: object = {}) =>
    call("messaging/registrations", {
      deviceId,
      deviceToken: `token-of-${encodeURIComponent(deviceId)}`,
      os: "ANDROID",
      osVersion: "16",
      ...more,
    })
  const at = (rest: string) => `/applications/${world.applicationId}${rest}`
  const deviceAt = (deviceId: string) => at(`/device?id=${encodeURIComponent(deviceId)}`)
  const rowsOf = ({ page }: View) => page.getByRole("row").count()

  test("the list goes from page to page and back", async () => {
    const view = await world.signedIn(at("/devices"))
    const { page } = view
    await page.getByRole("link", { name: "phone-00" }).waitFor()
    expect(await rowsOf(view)).toBe(51)
    await page.getByRole("button", { name: "Next" }).click()
    await page.getByRole("link", { name: "phone-50" }).waitFor()
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true)
    await focusIsIn(page.getByRole("button", { name: "Next" }))
    await page.getByRole("button", { name: "Previous" }).click()
    await page.getByRole("link", { name: "phone-00" }).waitFor()
    await focusIsIn(page.getByRole("button", { name: "Previous" }))
    expect(view.complaints).toEqual([])
  })

  test.for([
    ["Device id begins with", "phone-4", 10],
    ["Token", "token-of-phone-07", 1],
    ["User: e-mail address or id", "nobody", 0],
  ] as const)("a search by %s finds what it should", async ([kind, text, found]) => {
    const view = await world.signedIn(at("/devices"))
    const { page } = view
    await page.getByRole("link", { name: "phone-00" }).waitFor()
    await page.getByLabel("Search by").selectOption({ label: kind })
    await page.getByLabel(kind, { exact: true }).fill(text)
    await page.getByRole("button", { name: "Search" }).click()
    if (found === 0) await page.getByText("No device matches").waitFor()
    else await expect.poll(() => rowsOf(view)).toBe(found + 1)
    // A token is a secret: it must not be kept in the history.
    expect(page.url().includes("token")).toBe(false)
  })

  test("who comes back from a device finds the page of the list that it was on", async () => {
    const { page } = await world.signedIn(at("/devices"))
    await page.getByRole("button", { name: "Next" }).click()
    await page.getByRole("link", { name: "phone-55" }).click()
    await page.getByRole("heading", { name: "phone-55", level: 1 }).waitFor()
    await page.goBack()
    await page.getByRole("link", { name: "phone-55" }).waitFor()
    await page.getByText("Page 2").waitFor()
    await page.goBack()
    await page.getByRole("link", { name: "phone-00" }).waitFor()
    await page.getByText("Page 1").waitFor()
  })

  test("the devices of a user are found by the e-mail address, and lead to the user", async () => {
    const identity = "ada@example.com"
    const { services } = world.server
    const user = await services.users.create(world.applicationId, { identity, password: "secret" })
    const { number } = await services.applications.get(world.applicationId)
    const device = { deviceId: "hers", deviceToken: "hers", os: "WP", osVersion: "1", channels: ["hers"] }
    await services.devices.register(
      number,
      { ...device, expiresAt: undefined },
      { userId: user.id, guardsOwners: false },
    )
    const { page } = await world.signedIn(at("/devices"))
    await page.getByLabel("Search by").selectOption({ label: "User: e-mail address or id" })
    await page.getByLabel("User: e-mail address or id", { exact: true }).fill("ADA@example.com")
    await page.getByRole("button", { name: "Search" }).click()
    await page.getByRole("row", { name: /^hers/ }).getByRole("link", { name: identity }).waitFor()
    expect(await page.getByRole("row").count()).toBe(2)
    await page.getByRole("link", { name: "hers", exact: true }).click()
    await page.getByRole("heading", { name: "hers", level: 1 }).waitFor()
    await page.getByRole("link", { name: identity }).click()
    await page.getByRole("heading", { name: identity, level: 1 }).waitFor()
  })

  test("a token hash is found as somebody has it: in capitals, or the whole of it", async () => {
    const details = await world.admin<{ tokenHash: string }>("GET", `${at("/devices/phone-07")}`)
    const { page } = await world.signedIn(at("/devices"))
    await page.getByLabel("Search by").selectOption({ label: "Token hash" })
    await page.getByLabel("Token hash", { exact: true }).fill(`${details.tokenHash.toUpperCase()}00ff`)
    await page.getByRole("button", { name: "Search" }).click()
    await expect.poll(() => page.getByRole("row").count()).toBe(2)
    await page.getByRole("link", { name: "phone-07" }).waitFor()
  })

  test("names of channels that turn the direction of writing around leave their neighbours alone", async () => {
    await register("turned", { channels: ["\u202Esnoitcerid", "straight"] })
    const { page } = await world.signedIn(at("/devices?deviceIdPrefix=turned"))
    const row = page.getByRole("row", { name: /^turned/ })
    await row.waitFor()
    expect(await row.locator("bdi").allTextContents()).toEqual(["\u202Esnoitcerid", "straight"])
  })

  test("a search stands in the address, so that it can be reloaded", async () => {
    const view = await world.signedIn(at("/devices?os=IOS"))
    await view.page.getByRole("link", { name: "path/../of a phone?#" }).waitFor()
    expect(await rowsOf(view)).toBe(2)
    await view.page.getByRole("link", { name: "path/../of a phone?#" }).click()
    await view.page.getByRole("heading", { name: "path/../of a phone?#", level: 1 }).waitFor()
    await view.page.getByText("Registered last").waitFor()
  })

  test("who searches with Enter stays in the field, and going back brings what was looked for before", async () => {
    const view = await world.signedIn(at("/devices"))
    const { page } = view
    const text = page.locator("input[name=text]")
    const first = page.getByRole("link", { name: "phone-00" })
    await text.fill("phone-5")
    await page.keyboard.press("Enter")
    await first.waitFor({ state: "detached" })
    await focusIsIn(text)
    await page.getByLabel("Search by").selectOption("token")
    await text.fill("token-of-phone-07")
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "phone-07" }).waitFor()
    await page.goBack()
    await page.getByRole("link", { name: "phone-52" }).waitFor()
    expect(await text.inputValue()).toBe("phone-5")
    expect(await page.getByLabel("Search by").inputValue()).toBe("deviceIdPrefix")
    await page.goBack()
    await first.waitFor()
    expect(await text.inputValue()).toBe("")
    await page.getByLabel("Search by").selectOption("token")
    await text.fill("token-of-phone-07")
    await page.keyboard.press("Enter")
    await first.waitFor({ state: "detached" })
    await page.goBack()
    await first.waitFor()
    expect(await text.inputValue()).toBe("")
    expect(view.complaints).toEqual([])
  })

  test("a device's page says what became of each message for it, in words", async () => {
    await call("messaging/default", { message: "Good morning" })
    const view = await world.signedIn(deviceAt("phone-01"))
    const { page } = view
    await page
      .getByRole("row", { name: /Good morning/ })
      .getByText("accepted")
      .first()
      .waitFor()
    expect(view.complaints).toEqual([])
  })

  test("removing a device asks first, and then it is gone", async () => {
    await register("to be removed")
    const { page } = await world.signedIn(deviceAt("to be removed"))
    await page.getByRole("button", { name: "Remove" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove the device" }).click()
    await page.getByText("Removed the device.").waitFor()
  })

  test("a removal that fails says so, also to who pressed Escape meanwhile, and is asked for anew", async () => {
    const { page } = await world.signedIn(deviceAt("phone-02"))
    const answered = Promise.withResolvers<void>()
    await page.route("**/devices/phone-02", async (route) => {
      if (route.request().method() !== "DELETE") return route.fallback()
      await answered.promise
      return route.fulfill({ status: 503, json: { code: 90001, message: "Not now." } })
    })
    await page.getByRole("button", { name: "Remove" }).click()
    const question = page.getByRole("alertdialog")
    await question.getByRole("button", { name: "Remove the device" }).click()
    await question.locator("[aria-busy]").waitFor()
    await page.keyboard.press("Escape")
    answered.resolve()
    await question.getByText("Not now.").waitFor()
    await page.keyboard.press("Escape")
    await question.waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Remove" }).click()
    await question.getByText("It leaves 1 channel").waitFor()
    expect(await question.getByText("Not now.").count()).toBe(0)
  })

  test("a device that is gone says when and why it left, and what it got before", async () => {
    await register("long gone", { channels: ["goodbyes"] })
    const farewell = { message: "", headers: { "android-content-title": "Farewell" } }
    const { messageId } = await call("messaging/goodbyes", farewell)
    await expect
      .poll(() => world.admin("GET", at(`/messages/${messageId}`)))
      .toMatchObject({ state: "finished", counts: { accepted: 1 } })
    await world.admin("DELETE", at("/devices/long%20gone"))
    const view = await world.signedIn(deviceAt("long gone"))
    const { page } = view
    await page.getByText("Not registered any more").waitFor()
    await page.getByText("The app, or somebody here, cancelled it").waitFor()
    await page.getByRole("link", { name: "Farewell" }).waitFor()
    expect(await axeProblems(view)).toEqual([])
    await page.goto(`${world.url}/console${deviceAt("never there")}`)
    await page.getByText("none had it within the last 30 days").waitFor()
    await page.goto(`${world.url}/console${at("/device")}`)
    await page.getByRole("heading", { name: "No such device", level: 1 }).waitFor()
    expect(view.complaints).toEqual([])
  })

  test.for([
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const)(
    "its screens are accessible and run nothing that a device is called, $colorScheme",
    async (look) => {
      const view = await world.signedIn(at("/devices"), look)
      for (const [path, content] of [
        [at("/devices?deviceIdPrefix=%3C"), HOSTILE],
        [deviceAt(HOSTILE), "<b>bold"],
        [at("/devices/import"), "The first line names the columns"],
      ] as const) {
        await view.page.goto(`${world.url}/console${path}`)
        await view.page.getByText(content).first().waitFor()
        await settled(view)
        expect(await axeProblems(view)).toEqual([])
        expect(await view.page.title()).not.toBe("run")
      }
      expect(view.complaints).toEqual([])
    },
  )

  test("10 000 devices are exported with progress, and imported into another application", async () => {
    const source = await newApplication(world, "Source")
    const target = await newApplication(world, "Target")
    await fill(world, source, TRANSFERRED)
    const view = await world.signedIn(`/applications/${source}/devices`)
    const { page } = view
    await page.getByRole("button", { name: "Export" }).click()
    await page.getByLabel("With the tokens").check()
    const downloading = page.waitForEvent("download")
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click()
    const file = await (await downloading).path()
    expect((await readFile(file, "utf8")).trimEnd().split("\r\n").length).toBe(TRANSFERRED + 1)
    await page.goto(`${world.url}/console/applications/${target}/devices/import`)
    await page.getByLabel("CSV file").setInputFiles(file)
    await page.getByRole("button", { name: "Import" }).click()
    await page.getByRole("progressbar").waitFor()
    await page.getByText("10,000 devices of the file are registered").waitFor()
    expect(await exportOf(world, target)).toEqual(await exportOf(world, source))
    expect(view.complaints).toEqual([])
  })

  test("an import under way says what would end it, and the browser asks", async () => {
    const { page } = await world.signedIn(at("/devices/import"))
    await page.route("**/device-imports", () => {})
    const name = "some.csv"
    const buffer = Buffer.from("deviceId,os,osVersion,deviceToken\nlate,ANDROID,16,token-of-late\n")
    await page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer })
    await page.getByRole("button", { name: "Import" }).click()
    await page.getByText("It stops when you go to another screen.").waitFor()
    const asked = page.waitForEvent("dialog")
    const stayed = page.evaluate("location.reload()")
    await (await asked).dismiss()
    await stayed
    await page.getByRole("button", { name: "Stop" }).click()
    await page.getByText("Importing the same file again does no harm").waitFor()
    await page.reload()
    await page.getByLabel("CSV file").waitFor()
  })

  test("an export that is cut off says what to do", async () => {
    const { page } = await world.signedIn(at(""))
    await page.addInitScript(() => {
      const { fetch } = window
      window.fetch = async (...request) => {
        const reply = await fetch(...request)
        if (!reply.url.includes("/device-export")) return reply
        return new Response(
          new ReadableStream({ pull: (body) => body.error(new TypeError("network error")) }),
        )
      }
    })
    await page.goto(`${world.url}/console${at("/devices")}`)
    await page.getByRole("button", { name: "Export" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click()
    const alert = page.getByRole("dialog").getByRole("alert")
    await alert.getByText("The server does not answer.").waitFor()
  })

  test("a file without tokens is refused before anything is sent, and a bad row says why", async () => {
    const { page } = await world.signedIn(at("/devices/import"))
    const choose = async (text: string) => {
      await page
        .getByLabel("CSV file")
        .setInputFiles({ name: "d.csv", mimeType: "text/csv", buffer: Buffer.from(text) })
      await page.getByRole("button", { name: "Import" }).click()
    }
    await choose("deviceId,os,osVersion\nx,ANDROID,1\n")
    await page.getByText("deviceToken is not among them").waitFor()
    await page.getByRole("button", { name: "Import another file" }).click()
    await choose(`deviceId,os,osVersion,deviceToken\ngood,ANDROID,1,t1\n${"x".repeat(60)},ANDROID,1,t2\n`)
    await page.getByText("1 row could not be").waitFor()
    expect(await page.getByRole("row", { name: /^3/ }).textContent()).toContain("deviceId")
    await page.getByRole("button", { name: "Import another file" }).click()
    await choose('deviceId,os,osVersion,deviceToken\n\nbetter,ANDROID,1,t3\nbad,ANDROID,1,2,t4\nbroken,"x\n')
    await page.getByText("The import stopped").waitFor()
    await page.getByText("begins on line 5 has a quote").waitFor()
    await page.getByRole("button", { name: "Import another file" }).click()
    await choose("deviceId,os,osVersion,deviceToken\n\nbetter,ANDROID,1,t3\nbad,ANDROID,1,2,t4\n")
    await page.getByText("1 device of the file is registered; 1 row could not be.").waitFor()
    expect(await page.getByRole("row", { name: /^4/ }).textContent()).toContain("has 5 fields")
  })
})

const NAMES = ["default", "a;b", "back\\slash", "=cmd", "'quoted", 'with "quotes"', "ünï"]

async function newApplication(world: ConsoleWorld, name: string): Promise<string> {
  const { applicationId } = await world.admin<{ applicationId: string }>("POST", "/applications", { name })
  return applicationId
}

/** Devices with names that a CSV file could get wrong. */
async function fill(world: ConsoleWorld, applicationId: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1000) {
    const devices = Array.from({ length: 1000 }, (_, index) => ({
      deviceId: `${["", "=", "@", "'"][(at + index) % 4]}device ${at + index}`,
      deviceToken: `-token-${at + index}`,
      os: "ANDROID",
      osVersion: "1,5",
      channels: [...new Set([NAMES[index % NAMES.length] ?? "default", "default"])],
      expiration: index % 3 === 0 ? 4_102_444_800_000 : null,
    }))
    await world.admin("POST", `/applications/${applicationId}/device-imports`, { devices })
  }
}

/** What an export says, but for the times at which things happened here. */
async function exportOf(world: ConsoleWorld, applicationId: string): Promise<readonly string[]> {
  const text = await world.admin<string>("GET", `/applications/${applicationId}/device-export?tokens=true`)
  const lines = text.trimEnd().split("\r\n")
  expect(lines.length).toBe(TRANSFERRED + 1)
  return lines.map((line) => line.replaceAll(/\b1\d{12}\b/g, "")).sort()
}
