import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { APNS_INPUT, FCM_INPUT, WNS_INPUT } from "../provider/test-credentials.ts"
import { hasBrowser, PASSWORD, type View } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"

/** What an administrator does on the settings, and its effect on callers. */
describe.skipIf(!hasBrowser)("with the settings an administrator", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
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
    await expect.poll(() => statusOf(world, old), { timeout: 8000 }).toBe(400)
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
    await expect.poll(() => statusOf(world, added), { timeout: 8000 }).toBe(400)
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
    await credentials.remove(world.applicationId, "wns")
    expect(view.complaints).toEqual([])
  })

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
    expect(await page.getByText(token).count()).toBe(0)
    await page.getByRole("button", { name: "Revoke CI" }).click()
    await page.getByRole("button", { name: "Revoke", exact: true }).click()
    await page.getByText("Revoked CI.").waitFor()
    expect((await ask("/session")).status).toBe(401)
    expect(view.complaints).toEqual([])
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
    expect(await page.getByLabel("First password").getAttribute("aria-invalid")).toBe("true")
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
    await page.getByRole("button", { name: "Clear" }).click()
    await page.getByRole("button", { name: "Verify" }).click()
    await page.getByText(/^Whole: \d/).waitFor()
    expect(view.complaints).toEqual([])
  })

  test("creates, changes, disables and deletes a user, and says how users log in", async () => {
    const view = await world.signedIn(ofApplication("/users"))
    const { page } = view
    const { users, userSettings } = world.server.services
    await page.getByRole("button", { name: "New user" }).click()
    await page.getByLabel("E-mail address").fill("no address")
    await page.getByLabel("Password").fill("secret")
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page
      .getByRole("dialog")
      .getByText(/e-mail address/)
      .last()
      .waitFor()
    await page.getByLabel("E-mail address").fill("grace@example.com")
    await page.getByRole("button", { name: "Create", exact: true }).click()
    await page.getByRole("heading", { name: "grace@example.com", level: 1 }).waitFor()
    await page.getByLabel("Properties").fill('{"name": "Grace"}')
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await page.getByText("Saved.").waitFor()
    const found = async () =>
      (await users.page(world.applicationId, { identityPrefix: "grace@", after: undefined, limit: 2 }))
        .users[0]
    expect((await found())?.properties).toEqual({ name: "Grace" })
    await page.getByRole("button", { name: "Disable…" }).click()
    await page.getByRole("button", { name: "Disable", exact: true }).click()
    await page.getByRole("button", { name: "Enable…" }).waitFor()
    expect((await found())?.status).toBe("DISABLED")
    await page.getByRole("button", { name: "Delete the user…" }).click()
    await page.getByRole("button", { name: "Delete the user", exact: true }).click()
    await page.getByRole("heading", { name: "Users", level: 1 }).waitFor()
    expect(await found()).toBeUndefined()

    await page.getByRole("tab", { name: "Registration and login" }).click()
    const before = await userSettings.get(world.applicationId)
    await page.getByLabel("Apps may register users").uncheck()
    await page.getByLabel("A user may be logged in more than once").check()
    await page.getByLabel("How many logins at once").fill("3")
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText(/^Saved\. It is in force/).waitFor()
    expect(await userSettings.get(world.applicationId)).toEqual({
      ...before,
      registration: false,
      multipleLogins: true,
      maxConcurrentLogins: 3,
    })
    expect(view.complaints).toEqual([])
  })

  test("names an identity provider, whose tokens then log users in, and takes it away again", async () => {
    const view = await world.signedIn(ofApplication("/users"))
    const { page } = view
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
    const issuer = "https://login.example.com/app"
    const keySet = (key: KeyObject) =>
      JSON.stringify({ keys: [{ ...key.export({ format: "jwk" }), kid: "one", use: "sig" }] })
    await page.getByRole("tab", { name: "Identity providers" }).click()
    await page.getByRole("button", { name: "Add an identity provider" }).first().click()
    await page.getByLabel("Name", { exact: true }).fill("login")
    await page.getByLabel("Issuer", { exact: true }).fill(issuer)
    await page.getByLabel("RS256").uncheck()
    await page.getByLabel("ES256").check()
    await page.getByLabel("Its public keys").selectOption("jwks")
    await page.getByLabel("Key set (JWKS)").fill(keySet(privateKey))
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText(/holds a private key/).waitFor()
    await page.getByLabel("Key set (JWKS)").fill(keySet(publicKey))
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("Saved login.").waitFor()
    const token = signed(privateKey, { iss: issuer, sub: "ada", aud: world.applicationId })
    const roles = () =>
      fetch(`${world.url}/${world.applicationId}/${world.apiKeys.JS}/users/userroles`, {
        headers: { "user-token": token },
      }).then(async (reply) => ({ status: reply.status, text: await reply.text() }))
    expect(await roles()).toMatchObject({ status: 200, text: expect.stringContaining("SocialUser") })
    await page.getByRole("button", { name: "Remove login" }).click()
    await page.getByRole("button", { name: "Remove", exact: true }).click()
    await page.getByRole("button", { name: "Remove login" }).waitFor({ state: "detached" })
    await expect.poll(async () => (await roles()).status, { timeout: 8000 }).toBe(400)
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

/** A token of an identity provider, good for five minutes. */
function signed(key: KeyObject, claims: object): string {
  const now = Math.floor(systemClock.now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const text = `${part({ alg: "ES256", kid: "one", typ: "JWT" })}.${part({ ...claims, iat: now, exp: now + 300 })}`
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`
}

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
