import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { APNS_INPUT, FCM_INPUT, WNS_INPUT } from "../provider/test-credentials.ts"
import { hasBrowser, type View } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"
import { expectSound } from "./sound.ts"

/** Keys, credentials, and the end of an application. */
describe.skipIf(!hasBrowser)("in the settings of an application an administrator", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const ofApplication = (rest: string) => `/applications/${world.applicationId}${rest}`

  test("shows, regenerates, adds and removes API keys", async () => {
    const view = await world.signedIn(ofApplication("/settings"))
    const { page } = view
    const old = world.apiKeys.REST ?? ""
    expect(await page.getByText(old).count()).toBe(0)
    await page.getByRole("button", { name: "Show the keys" }).click()
    await page.getByText(old).waitFor()
    await page.getByRole("button", { name: "Regenerate the key REST 1", exact: true }).click()
    await page.getByLabel("The old key still works").selectOption("0")
    await page.getByRole("button", { name: "Regenerate", exact: true }).click()
    const shown = page.getByRole("dialog", { name: "The new key REST 1" })
    const fresh = (await shown.locator("code").textContent()) ?? ""
    expect(fresh).toMatch(/^[0-9A-F-]{36}$/)
    expect(fresh).not.toBe(old)
    await page.getByRole("button", { name: "Done" }).click()
    expect(await statusOf(world, fresh)).toBe(200)
    await expect.poll(() => statusOf(world, old)).toBe(400)
    await page.getByText(fresh).waitFor()

    await page.getByRole("button", { name: "Add a key" }).click()
    await page.getByLabel("Type").selectOption("JS")
    await page.getByLabel("Label").fill("kiosk")
    await page.getByLabel("Expires").selectOption("30")
    await page.getByRole("button", { name: "Add the key" }).click()
    const added =
      (await page.getByRole("dialog", { name: "The key JS kiosk" }).locator("code").textContent()) ?? ""
    await page.getByRole("button", { name: "Done" }).click()
    expect(await statusOf(world, added)).toBe(200)
    await page.getByRole("button", { name: "Remove the key JS kiosk" }).click()
    await page.getByRole("button", { name: "Remove the key", exact: true }).click()
    await page.getByText("Removed the key JS kiosk.").waitFor()
    await expect.poll(() => statusOf(world, added)).toBe(400)
    expect(view.complaints).toEqual([])
  })

  test("uploads a credential, the wrong file first, and is told at the field which file it was", async () => {
    const view = await world.signedIn(ofApplication("/credentials"))
    const { page } = view
    // Port 9 of this machine answers nobody: the check that follows goes nowhere else.
    const account = JSON.stringify({ ...FCM_INPUT, token_uri: "http://127.0.0.1:9/token" })
    await page.getByRole("button", { name: "Set the FCM credential" }).click()
    await upload(view, "AuthKey_ABCDE12345.p8", String(APNS_INPUT.key))
    await page.getByText("Read AuthKey_ABCDE12345.p8.").waitFor()
    await page.getByRole("button", { name: "Check and store" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText(/not a private key.*belongs to APNs/).waitFor()
    expect(await page.getByLabel("Service account", { exact: true }).getAttribute("aria-invalid")).toBe(
      "true",
    )
    await upload(view, "service-account.json", account)
    await page.getByRole("button", { name: "Check and store" }).click()
    await page.getByText("The FCM credential is stored.").waitFor()
    await page
      .getByRole("status", { name: "Check with FCM" })
      .getByText(/The credential itself/)
      .waitFor()
    const { credentials } = world.server.services
    const [stored] = await credentials.list(world.applicationId)
    expect(stored).toMatchObject({ provider: "fcm", summary: { projectId: FCM_INPUT.project_id } })

    await page.getByRole("button", { name: "Set the APNs credential" }).click()
    await upload(view, "service-account.json", account)
    await page.getByLabel("Key id").fill("ABCDE12345")
    await page.getByLabel("Team id").fill("TEAM123456")
    await page.getByLabel("Topic", { exact: true }).fill("com.example.app")
    await page.getByRole("button", { name: "Check and store" }).click()
    await dialog.getByText(/this is a service account, which belongs to FCM/).waitFor()
    await page.getByRole("button", { name: "Cancel" }).click()

    await page.getByRole("button", { name: "Remove…" }).click()
    await page.getByRole("button", { name: "Remove the credential" }).click()
    await page.getByText("Removed the FCM credential.").waitFor()
    expect(await credentials.list(world.applicationId)).toEqual([])
    expect(view.complaints).toEqual([])
  })

  test("is told at the environment of an APNs credential what the server has against it", async () => {
    const view = await world.signedIn(ofApplication("/credentials"))
    const { page } = view
    await page.getByRole("button", { name: "Set the APNs credential" }).click()
    await upload(view, "AuthKey_ABCDE12345.p8", String(APNS_INPUT.key))
    await page.getByText("Read AuthKey_ABCDE12345.p8.").waitFor()
    await page.getByLabel("Key id").fill(APNS_INPUT.keyId)
    await page.getByLabel("Team id").fill(APNS_INPUT.teamId)
    await page.getByLabel("Topic", { exact: true }).fill(APNS_INPUT.topic)
    const environment = page.getByLabel("Environment")
    // A server that is older than the page may know less than it offers.
    await environment.evaluate((select: HTMLSelectElement) => select.add(new Option("Staging", "staging")))
    await environment.selectOption("staging")
    await page.getByRole("button", { name: "Check and store" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText(/environment must be production or sandbox/).waitFor()
    expect(await environment.getAttribute("aria-invalid")).toBe("true")
    expect(await dialog.getByRole("alert").count()).toBe(0)
    await expectSound(view)
    expect(await environment.inputValue()).toBe("staging")
    expect(await page.getByLabel("Topic", { exact: true }).inputValue()).toBe(APNS_INPUT.topic)
    await environment.selectOption("sandbox")
    await dialog.getByText(/environment must be production or sandbox/).waitFor({ state: "detached" })
    expect(view.complaints).toEqual([])
  })

  test("sends a test push to one device and reads what became of it", async () => {
    const view = await world.signedIn(ofApplication("/credentials"))
    const { page } = view
    const card = page.getByRole("region", { name: /^FCM/ })
    await card.getByRole("button", { name: "Test push…" }).click()
    await page.getByText("No device to send to").waitFor()
    await page.keyboard.press("Escape")
    for (const [deviceId, os] of [
      ["pixel", "ANDROID"],
      ["imac", "OSX"],
    ]) {
      await fetch(`${world.url}/${world.applicationId}/${world.apiKeys.ANDROID}/messaging/registrations`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ deviceToken: "t", deviceId, os, osVersion: "16", channels: ["beta"] }),
      })
    }
    await page.reload()
    await page.getByRole("region", { name: /^APNs/ }).getByRole("button", { name: "Test push…" }).click()
    await page.getByLabel("Device", { exact: true }).selectOption("imac")
    await page.keyboard.press("Escape")
    await card.getByRole("button", { name: "Test push…" }).click()
    await page.getByLabel("Device", { exact: true }).selectOption("pixel")
    await page.getByRole("button", { name: "Send to this device" }).click()
    await page
      .getByRole("dialog")
      .getByRole("status")
      .filter({ hasText: /accepted/i })
      .waitFor()
    const filter = { token: "t", since: undefined, limit: 10 }
    expect(world.server.services.sandbox?.journal(filter).entries).toHaveLength(1)
    expect(view.complaints).toEqual([])
  })

  test("sends a test push to the phone at hand, which is the last of many", async () => {
    const devices = Array.from({ length: 60 }, (_, index) => ({
      ...{ deviceId: `many-${index}`, deviceToken: `token-of-many-${index}`, osVersion: "16" },
      ...{ os: index === 58 ? "OSX" : "ANDROID", channels: ["crowd"] },
    }))
    await world.admin("POST", `/applications/${world.applicationId}/device-imports`, { devices })
    const { page } = await world.signedIn(ofApplication("/credentials"))
    await page.getByRole("region", { name: /^FCM/ }).getByRole("button", { name: "Test push…" }).click()
    const dialog = page.getByRole("dialog")
    const sendTo = async (deviceId: string) => {
      await dialog.getByLabel("Device id").fill(deviceId)
      await dialog.getByRole("button", { name: "Send to this device" }).click()
    }
    await sendTo("MANY-59")
    await dialog.getByText("No device is registered with this id.").waitFor()
    await sendTo("many-58")
    await dialog.getByText("The device registered as OSX").waitFor()
    await sendTo("many-59")
    await dialog
      .getByRole("status")
      .filter({ hasText: /accepted/i })
      .waitFor()
    const filter = { token: "token-of-many-59", since: undefined, limit: 10 }
    expect(world.server.services.sandbox?.journal(filter).entries).toHaveLength(1)
  })

  test("sees why a credential is paused and what to do, has it checked, and resumes it", async () => {
    const { credentials } = world.server.services
    // Port 9 answers nobody.
    await credentials.set(world.applicationId, "wns", { fields: WNS_INPUT, origin: "http://127.0.0.1:9" })
    const view = await world.signedIn("/about")
    const { page } = view
    let isPaused = true
    await page.route("**/admin/v1/**/credentials", async (route) => {
      const reply = await route.fetch()
      const body = (await reply.json()) as { readonly credentials: readonly object[] }
      const paused = { pausedAt: 1, pausedReason: "invalid_client: the secret expired" }
      await route.fulfill({
        json: { credentials: body.credentials.map((one) => (isPaused ? { ...one, ...paused } : one)) },
      })
    })
    await page.goto(`${world.url}/console${ofApplication("/credentials")}`)
    await page.getByText(/invalid_client: the secret expired/).waitFor()
    await page.getByRole("button", { name: "Check with WNS" }).click()
    await page.getByText(/WNS could not be reached/).waitFor()
    await page.getByText(/Allow this machine to resolve and reach/).waitFor()
    isPaused = false
    await page.getByRole("button", { name: "Resume" }).click()
    await page.getByText("WNS sends again.").waitFor()
    await page.getByText(/the secret expired/).waitFor({ state: "detached" })
    await page.getByRole("region", { name: /^WNS/ }).getByRole("button", { name: "Remove…" }).click()
    await page.getByRole("button", { name: "Remove the credential" }).click()
    await page.getByText("Removed the WNS credential.").waitFor()
    // It would speak of a credential that is none.
    expect(await page.getByText(/WNS could not be reached/).count()).toBe(0)
    // The screen asks again and again: whoever answers for the server must not be in the midst of it when the page goes.
    await page.unrouteAll({ behavior: "wait" })
    expect(view.complaints).toEqual([])
  })

  test("deletes an application only after typing its name", async () => {
    const { applications } = world.server.services
    const { id } = await applications.create("Short-lived")
    const view = await world.signedIn(`/applications/${id}/settings`)
    const { page } = view
    await page.getByRole("button", { name: "Delete the application…" }).click()
    const confirm = page.getByRole("button", { name: "Delete the application", exact: true })
    expect(await confirm.isDisabled()).toBe(true)
    await page.getByRole("alertdialog").getByRole("textbox").fill("Short-lived")
    await confirm.click()
    await page.getByText("Deleted Short-lived.").waitFor()
    expect((await applications.list()).map(({ name }) => name)).not.toContain("Short-lived")
    expect(view.complaints).toEqual([])
  })
})

/** The status of a call that every key may make. */
async function statusOf(world: SettingsWorld, key: string): Promise<number> {
  const reply = await fetch(`${world.url}/${world.applicationId}/${key}/info`)
  return reply.status
}

async function upload({ page }: View, name: string, text: string): Promise<void> {
  await page
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) })
}
