import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type ConsoleWorld, hasBrowser, openConsole, overflows, type View } from "./console-world.ts"
import { publish, register } from "./prepared.ts"

/** What devices and publishers write is text on every screen, whatever it would be elsewhere. */

const IMAGE = "<img src=x onerror=alert(1)>"
const SCRIPT = "</script><script>alert(2)</script>"
const LINK = "javascript:alert(3)"
const QUOTES = `"'><svg onload=alert(4)>`
const TURNED = "\u202Egnp.exe \u200B{{7*7}} %3Cscript%3E"
const HOSTILE = [IMAGE, SCRIPT, LINK, QUOTES, TURNED].join(" ")

describe.skipIf(!hasBrowser)("hostile texts", () => {
  let world: ConsoleWorld
  let messageId: string

  beforeAll(async () => {
    world = await openConsole()
    const { services } = world.server
    const application = await services.applications.get(world.applicationId)
    await register(
      world,
      [IMAGE, QUOTES, LINK, "%2e%2e/%2e%2e"].map((deviceId) => ({
        ...{ deviceId, os: "ANDROID", osVersion: QUOTES, channel: IMAGE },
      })),
    )
    for (const os of ["IOS", "ANDROID", "WP"]) {
      await services.phones.create(application, { os, name: IMAGE, channels: [IMAGE] }, (phone) => ({
        ...phone,
        channels: [IMAGE],
        expiresAt: undefined,
      }))
    }
    messageId = await publish(world, {
      channel: IMAGE,
      text: HOSTILE,
      headers: [
        ...TITLES.map((name) => [name, HOSTILE] as const),
        ...[["ios-rich-media-url", LINK] as const, ["android-attachment-url", LINK] as const],
        ...[["ios-sound", QUOTES] as const, [IMAGE, SCRIPT] as const],
      ],
    })
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const TITLES = [
    ...["ios-alert-title", "ios-alert-subtitle", "android-content-title", "android-summary-subtext"],
    ...["wp-title", "wp-subtitle", "wp-content"],
  ]
  const path = (rest: string) => `/applications/${world.applicationId}/${rest}`

  test.for([false, true])("on the virtual phones (narrow: %s)", async (isNarrow) => {
    const view = await watched(path("phones"), isNarrow)
    const phones = view.page.getByRole("article", { name: IMAGE })
    await expect.poll(() => phones.count()).toBe(3)
    for (const phone of await phones.all()) {
      await phone.getByRole("region").getByText(LINK).first().waitFor()
    }
    await expectHarmless(view)
  })

  test.for([false, true])("in the list of messages (narrow: %s)", async (isNarrow) => {
    const view = await watched(path("messages"), isNarrow)
    await view.page.getByRole("link", { name: IMAGE }).waitFor()
    await expectHarmless(view)
  })

  test.for([false, true])(
    "on the page of a message, with a device looked up (narrow: %s)",
    async (isNarrow) => {
      const view = await watched(path(`messages/${encodeURIComponent(messageId)}`), isNarrow)
      const { page } = view
      const lookup = page.getByRole("region", { name: "Why did this phone not get it?" })
      for (const deviceId of [IMAGE, QUOTES, LINK, "%2e%2e/%2e%2e", `${HOSTILE}/..`]) {
        await page.getByLabel("Device id").fill(deviceId)
        await page.getByRole("button", { name: "Look it up" }).click()
        await lookup.getByRole("link", { name: deviceId, exact: true }).waitFor()
      }
      await expectHarmless(view)
    },
  )

  test.for([false, true])(
    "in Compose, as what is typed and as suggestions (narrow: %s)",
    async (isNarrow) => {
      const address = new URLSearchParams({ channel: IMAGE, deviceId: IMAGE })
      const view = await watched(path(`compose?${address}`), isNarrow)
      const { page } = view
      await page.getByText("1 device", { exact: true }).waitFor()
      await page.getByLabel("Device ids").fill(`${IMAGE}\n${SCRIPT}`)
      for (const name of ["Message", "Title", "Subtitle"]) {
        await page.getByRole("textbox", { name, exact: true }).fill(HOSTILE)
      }
      await page.getByRole("textbox", { name: "Picture" }).fill(LINK)
      await page.getByText("Values for the app").click()
      await page.getByRole("button", { name: "Add a value" }).click()
      await page.getByRole("textbox", { name: "Name 1" }).fill(QUOTES)
      await page.getByRole("textbox", { name: "Value 1" }).fill(SCRIPT)
      await page.getByText(`they get nothing: ${SCRIPT}`).waitFor()
      await page.getByRole("region", { name: "Preview on Windows" }).getByText(LINK).first().waitFor()
      for (const provider of ["APNs", "FCM", "WNS"]) await page.getByText(`What ${provider} gets`).click()
      await page.getByRole("button", { name: "Send…" }).click()
      await page.getByRole("alertdialog").getByText(`Channel ${IMAGE}`).waitFor()
      await expectHarmless(view)
    },
  )

  async function watched(address: string, isNarrow: boolean): Promise<View> {
    const view = await world.signedIn(address, { isNarrow })
    view.page.on("dialog", (dialog) => {
      view.complaints.push(`executed: ${dialog.message()}`)
      void dialog.dismiss()
    })
    return view
  }

  /** Nothing ran, nothing was loaded, nothing became an element or a link of its own, and nothing is wider than the page. */
  async function expectHarmless({ page, complaints }: View): Promise<void> {
    const made = await page.evaluate(() => ({
      elements: document.querySelectorAll("[onerror], [onload], img[src=x], main script").length,
      links: [...document.querySelectorAll("[href], [src]")].filter((element) =>
        /^\s*javascript:/i.test(element.getAttribute("href") ?? element.getAttribute("src") ?? ""),
      ).length,
    }))
    expect(made).toEqual({ elements: 0, links: 0 })
    expect(await overflows(page)).toBe(false)
    expect(complaints).toEqual([])
  }
})
