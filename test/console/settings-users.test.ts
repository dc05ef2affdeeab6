import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { hasBrowser, nextFrames } from "./console-world.ts"
import { openSettings, type SettingsWorld } from "./settings-world.ts"

/** Users, how they log in, and who else vouches for them. */
describe.skipIf(!hasBrowser)("for the users of an application an administrator", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const ofApplication = (rest: string) => `/applications/${world.applicationId}${rest}`

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

  test("changes only what was changed, whatever the app does meanwhile, and what is typed stays", async () => {
    const { users } = world.server.services
    const { applicationId } = world
    const { id } = await users.create(applicationId, {
      identity: "mary@example.com",
      properties: { plan: 1 },
    })
    const { page } = await world.signedIn(ofApplication("/users?identity=mary"))
    await page.getByRole("link", { name: "mary@example.com" }).click()
    await page.getByLabel("New password").fill("a new one")
    await world.admin("PUT", `/applications/${applicationId}/users/${id}`, { properties: { plan: 2 } })
    await page.getByLabel(world.role).check()
    await page.getByRole("button", { name: "Save the roles" }).click()
    await page.getByText("Saved the roles.").waitFor()
    await nextFrames(page)
    expect(await page.getByLabel("New password").inputValue()).toBe("a new one")
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await page.getByText("Saved.").waitFor()
    await expect.poll(() => page.getByLabel("New password").inputValue()).toBe("")
    expect(JSON.parse(await page.getByLabel("Properties").inputValue())).toEqual({ plan: 2 })
    expect((await users.get(applicationId, id)).properties).toEqual({ plan: 2 })
    await page.goBack()
    const prefix = page.getByLabel("Find a user by the beginning of the identity")
    await expect.poll(() => prefix.inputValue()).toBe("mary")
    await page.getByRole("tab", { name: "Registration and login" }).click()
    await page.reload()
    await page.getByLabel("Apps may register users").waitFor()
  })

  test("comes back to a user and changes what the app made of it, not what was read before", async () => {
    const { users } = world.server.services
    const { applicationId } = world
    const { id } = await users.create(applicationId, { identity: "anne@example.com", properties: { a: 1 } })
    const { page } = await world.signedIn(ofApplication("/users?identity=anne"))
    await page.clock.install()
    const open = () => page.getByRole("link", { name: "anne@example.com" }).click()
    const properties = page.getByLabel("Properties")
    await open()
    await properties.waitFor()
    await page.goBack()
    await world.admin("PUT", `/applications/${applicationId}/users/${id}`, { properties: { a: 2 } })
    // What was read is not fresh any more.
    await page.clock.fastForward("01:00")
    await open()
    await expect.poll(async () => JSON.parse(await properties.inputValue())).toEqual({ a: 2 })
  })

  test.for(["users", "messages"])(
    "is led on from the address of one of the %s that is gone",
    async (kind) => {
      const { page } = await world.signedIn(ofApplication(`/${kind}/00000000-0000-4000-8000-000000000000`))
      await page
        .getByRole("alert")
        .getByText(/^No such (user|message)$/)
        .waitFor()
      expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0)
      await page.getByRole("link", { name: `All ${kind}` }).click()
      await page.getByRole("heading", { name: new RegExp(`^${kind}$`, "i"), level: 1 }).waitFor()
    },
  )

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
    await expect.poll(async () => (await roles()).status).toBe(400)
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
