import type { Page } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import {
  axeProblems,
  type ConsoleWorld,
  focusIsIn,
  hasBrowser,
  openConsole,
  overflows,
  settled,
} from "./console-world.ts"
import { register } from "./prepared.ts"

describe.skipIf(!hasBrowser)("Compose", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
    await register(
      world,
      [
        { deviceId: "android/1", os: "ANDROID" },
        { deviceId: "android/2", os: "ANDROID" },
        { deviceId: "symbian", os: "SYMBIAN" },
      ].map((device) => ({ ...device, channel: "counted" })),
    )
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const path = (rest = "compose") => `/applications/${world.applicationId}/${rest}`
  const textbox = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true })

  test("what is written is previewed, sent after a question, and arrives on a virtual phone", async () => {
    const view = await world.signedIn(path("phones"))
    const { page } = view
    await page.getByRole("button", { name: "Add a phone" }).first().click()
    await page.getByRole("menuitem", { name: "iPhone" }).click()
    const phone = page.getByRole("article", { name: "iPhone" })
    await phone.getByText("Nothing has arrived yet.").waitFor()
    await page.getByRole("link", { name: "Compose" }).click()
    await page.getByText("1 device", { exact: true }).waitFor()
    await textbox(page, "Message").fill("The doors open at eight.")
    await textbox(page, "Title").fill("Tonight")
    for (const device of ["iPhone", "Android", "Windows"]) {
      const preview = page.getByRole("region", { name: `Preview on ${device}` })
      await preview.getByText("Tonight").waitFor()
      await preview.getByText("The doors open at eight.").waitFor()
    }
    await page.getByRole("button", { name: "Send…" }).click()
    const question = page.getByRole("alertdialog")
    await question.getByText("Send it to 1 device?").waitFor()
    await question.getByText("No real phone will ring.").waitFor()
    // Both clicks come before the answer to the first.
    const clicked = Promise.withResolvers<void>()
    await page.route("**/messages", async (route) => {
      await clicked.promise
      await route.continue()
    })
    await question.getByRole("button", { name: "Send now" }).dblclick()
    clicked.resolve()
    await page.getByRole("heading", { name: "The doors open at eight." }).waitFor()
    await page.unrouteAll({ behavior: "wait" })
    await page.getByText("1 device: everybody of the audience.").waitFor()
    await page.getByRole("link", { name: "Virtual phones" }).click()
    await phone.getByRole("region").getByText("The doors open at eight.").waitFor()
    expect(await messageCount()).toBe(1)
    expect(view.complaints).toEqual([])
  })

  test("an answer that was lost is asked for again, and nothing is sent twice", async () => {
    const before = await messageCount()
    const { page } = await world.signedIn(path())
    await textbox(page, "Message").fill("only once")
    await page.getByRole("button", { name: "Send…" }).click()
    await page.route("**/messages", async (route) => {
      await route.fetch()
      await route.abort()
    })
    const send = page.getByRole("button", { name: "Send now" })
    await send.click()
    await page.getByRole("alertdialog").getByText("The server does not answer").waitFor()
    await page.unroute("**/messages")
    await send.click()
    await page.getByRole("heading", { name: "only once" }).waitFor()
    expect(await messageCount()).toBe(before + 1)
  })

  test("the audience is counted while it is chosen", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    const count = page.locator(".compose-count")
    await page.getByLabel("Channel").fill("counted")
    await expect.poll(() => count.textContent()).toBe("3 devices")
    await page.getByRole("checkbox", { name: "Android" }).check()
    await expect.poll(() => count.textContent()).toBe("2 devices")
    await page.getByText("Only certain devices").click()
    await page.getByLabel("Device ids").fill("android/1\n  nobody  \n\n")
    await expect.poll(() => count.textContent()).toBe("1 device")
    await page.getByText("they get nothing: nobody").waitFor()
    await page.getByLabel("Channel").fill("misspelt")
    await page.getByText("There is no channel misspelt").waitFor()
    expect(view.complaints).toEqual([])
  })

  test("what is too large for some shows on the phones that can get it", async () => {
    const { page } = await world.signedIn(path("compose?channel=counted"))
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("x".repeat(4500))
    await page.getByRole("region", { name: "Preview on iPhone" }).getByText("Too large").waitFor()
    await page.getByRole("region", { name: "Preview on Windows" }).getByText("xxx").waitFor()
  })

  test("a message for Macs alone shows on a Mac", async () => {
    const { page } = await world.signedIn(path("compose?channel=counted"))
    await page.getByRole("checkbox", { name: "macOS" }).check()
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("To the desks")
    await page.getByRole("region", { name: "Preview on Mac" }).getByText("To the desks").waitFor()
    expect(await page.getByRole("region", { name: /^Preview on/ }).count()).toBe(1)
  })

  test("the keyboard goes on where it was after a question is put off, and the field of device ids stays open", async () => {
    const { page } = await world.signedIn(path("compose?channel=counted"))
    await page.getByText("Only certain devices").click()
    await page.getByLabel("Device ids").fill("android/1")
    await page.getByLabel("Device ids").fill("")
    await page.getByText("3 devices", { exact: true }).waitFor()
    expect(await page.getByLabel("Device ids").isVisible()).toBe(true)
    await page.getByRole("textbox", { name: "Message", exact: true }).fill("Hello")
    await page.getByRole("button", { name: "Send…" }).press("Enter")
    await focusIsIn(page.getByRole("alertdialog"))
    await page.keyboard.press("Escape")
    await page.getByRole("alertdialog").waitFor({ state: "detached" })
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Send…")
  })

  test("problems stand at their fields, and what is too large is refused before it is sent", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    await page.getByLabel("Channel").fill("a/b")
    await expect.poll(() => errorAt(page, "channel")).toMatch(/channel/i)
    await page.getByLabel("Channel").fill("default")
    await expect.poll(() => errorAt(page, "channel")).toBe("")
    await page.locator("summary", { hasText: "iPhone and Mac" }).click()
    await textbox(page, "Collapse id").fill("with space")
    await expect.poll(() => errorAt(page, "headers.apns-collapse-id")).toMatch(/printable ASCII/)
    await textbox(page, "Collapse id").fill("")
    await textbox(page, "Message").fill("x".repeat(5000))
    await expect.poll(() => errorAt(page, "message")).toMatch(/APNs takes at most 4096\..*WNS takes/)
    await page.getByText("too large").first().waitFor()
    await page.getByRole("button", { name: "Send…" }).click()
    await page.getByText("It could not be prepared").waitFor()
    expect(await page.getByRole("alertdialog").count()).toBe(0)
    expect(view.complaints).toEqual([])
  })

  test("a silent message shows nothing on any preview; values and headers reach the payload", async () => {
    const view = await world.signedIn(path())
    const { page } = view
    await textbox(page, "Message").fill("refresh")
    await page.getByRole("checkbox", { name: /^Silent/ }).check()
    for (const device of ["iPhone", "Android", "Windows"]) {
      const preview = page.getByRole("region", { name: `Preview on ${device}` })
      await preview.getByText("Nothing is seen or heard").waitFor()
    }
    await page.getByText("Values for the app").click()
    await page.getByRole("button", { name: "Add a value" }).click()
    await textbox(page, "Name 1").fill("order")
    await textbox(page, "Value 1").fill("4711")
    await page.getByText("What APNs gets").click()
    await page.getByText('"order": "4711"').first().waitFor()
    await page.getByRole("button", { name: "Discard" }).click()
    await page.getByRole("button", { name: "Discard it" }).click()
    await expect.poll(() => textbox(page, "Message").inputValue()).toBe("")
    expect(view.complaints).toEqual([])
  })

  test("a draft survives going to another screen; an address can name the audience", async () => {
    const { page } = await world.signedIn(path())
    await textbox(page, "Message").fill("half a sen")
    await page.getByRole("link", { name: "Messages", exact: true }).click()
    await page.getByRole("heading", { name: "Messages" }).waitFor()
    await page.getByRole("link", { name: "Compose" }).click()
    expect(await textbox(page, "Message").inputValue()).toBe("half a sen")
    await page.goto(`${world.url}/console${path("compose?channel=counted&deviceId=android%2F2")}`)
    await expect.poll(() => page.locator(".compose-count").textContent()).toBe("1 device")
    expect(await page.getByLabel("Channel").inputValue()).toBe("counted")
  })

  test("an audience that was changed stays changed for who comes back, and the browser asks before it is lost", async () => {
    const { page } = await world.signedIn(path("channel?name=counted"))
    await page.getByRole("link", { name: "Write to it" }).click()
    const channel = page.getByLabel("Channel")
    await channel.press("ControlOrMeta+a")
    await channel.pressSequentially("news")
    expect(await channel.inputValue()).toBe("news")
    await page.getByRole("link", { name: "Messages", exact: true }).click()
    await page.getByRole("heading", { name: "Messages" }).waitFor()
    await page.goBack()
    await page.getByRole("heading", { name: "Compose" }).waitFor()
    expect(await channel.inputValue()).toBe("news")
    const asked = page.waitForEvent("dialog")
    const reloaded = page.reload()
    const dialog = await asked
    expect(dialog.type()).toBe("beforeunload")
    await dialog.accept()
    await reloaded
    await page.getByRole("heading", { name: "Compose" }).waitFor()
    expect(await channel.inputValue()).toBe("default")
  })

  test("the browser asks before a draft is lost on another screen too, until it was sent", async () => {
    const { page } = await world.signedIn(path("compose?channel=counted"))
    await textbox(page, "Message").fill("half a sentence")
    const toMessages = async () => {
      await page.getByRole("link", { name: "Messages", exact: true }).click()
      await page.getByRole("heading", { name: "Messages", level: 1 }).waitFor()
    }
    await toMessages()
    const asked = page.waitForEvent("dialog")
    // Not with the reload of the test library, which waits in vain when somebody stays.
    const stayed = page.evaluate("location.reload()")
    const dialog = await asked
    expect(dialog.type()).toBe("beforeunload")
    await dialog.dismiss()
    await stayed
    await page.getByRole("link", { name: "Compose" }).click()
    expect(await textbox(page, "Message").inputValue()).toBe("half a sentence")
    await page.getByRole("button", { name: "Send…" }).click()
    await page.getByRole("button", { name: "Send now" }).click()
    await page.getByRole("heading", { name: "half a sentence" }).waitFor()
    expect(await dialogsOf(page, () => page.reload())).toEqual([])
  })

  test("signing out is not stopped by a draft: it would leave the screens of a session that ended", async () => {
    const { page } = await world.signsIn(path())
    await textbox(page, "Message").fill("never mind")
    const dialogs = await dialogsOf(page, async () => {
      await page.getByRole("button", { name: /^Account/ }).click()
      await page.getByRole("menuitem", { name: "Sign out" }).click()
      await page.getByRole("heading", { name: "Sign in" }).waitFor()
    })
    expect(dialogs).toEqual([])
  })

  test("who may only read sees previews and cannot send", async () => {
    const { administrators } = world.server.services
    await administrators.create({ name: "reader", password: "only here to look", scope: "read" })
    const { page } = await world.view()
    await page.goto(`${world.url}/console${path()}`)
    await page.getByLabel("Name").fill("reader")
    await page.getByLabel("Password").fill("only here to look")
    await page.getByRole("button", { name: "Sign in" }).click()
    await textbox(page, "Message").fill("may I?")
    await page.getByRole("region", { name: "Preview on iPhone" }).getByText("may I?").waitFor()
    await page.getByText("needs the scope operate").waitFor()
    expect(await page.getByRole("button", { name: "Send…" }).isDisabled()).toBe(true)
  })

  test.for([
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const)("axe finds nothing serious while a message is written, $colorScheme", async (look) => {
    const view = await world.signedIn(path(), look)
    const { page } = view
    await textbox(page, "Message").fill(`Long words: ${"antidisestablishmentarianism".repeat(5)}`)
    await textbox(page, "Title").fill("A title")
    await textbox(page, "Badge").fill("3")
    await page.getByRole("region", { name: "Preview on Windows" }).getByText("A title").waitFor()
    for (const group of ["iPhone and Mac", "Android", "Windows", "Only certain devices"]) {
      await page.locator("summary", { hasText: group }).first().click()
    }
    await settled(view)
    expect(await axeProblems(view)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await page.getByRole("button", { name: "Send…" }).click()
    await page.getByRole("alertdialog").waitFor()
    await settled(view)
    expect(await axeProblems(view)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  async function messageCount(): Promise<number> {
    const { services } = world.server
    const { number } = await services.applications.get(world.applicationId)
    return (await services.messages.page(number, undefined, 100)).messages.length
  }

  /** What the browser asked meanwhile; whoever is asked says that they leave. */
  async function dialogsOf(page: Page, during: () => Promise<unknown>): Promise<readonly string[]> {
    const asked: string[] = []
    page.on("dialog", async (dialog) => {
      asked.push(dialog.type())
      await dialog.accept()
    })
    await during()
    return asked
  }

  function errorAt(page: Page, name: string): Promise<string> {
    return page.evaluate((field) => {
      const input = document.querySelector(`[name="${field}"]`)
      return input?.closest(".field")?.querySelector(".field-error")?.textContent ?? ""
    }, name)
  }
})
