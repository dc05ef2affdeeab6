import { afterAll, afterEach, beforeAll, describe, test } from "vitest"
import { hasBrowser } from "./console-world.ts"
import { HOSTILE_ADMINISTRATOR, openSettings, type SettingsWorld } from "./settings-world.ts"
import { expectSound } from "./sound.ts"

describe.skipIf(!hasBrowser)("the screens of the settings", () => {
  let world: SettingsWorld

  beforeAll(async () => {
    world = await openSettings()
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const ofApplication = (rest: string) => `/applications/${world.applicationId}${rest}`
  const screens = [
    { name: "App settings", path: () => ofApplication("/settings") },
    { name: "Provider credentials", path: () => ofApplication("/credentials") },
    { name: "Users", path: () => ofApplication("/users") },
    { name: "ada@example.com", path: () => ofApplication(`/users/${world.userId}`) },
    { name: "Administrators", path: () => "/administrators" },
    { name: HOSTILE_ADMINISTRATOR, path: () => `/administrators/${world.administrator}` },
    { name: "API tokens", path: () => "/tokens" },
    { name: "Audit log", path: () => "/audit" },
    { name: "Audit log", path: () => ofApplication("/audit") },
    { name: "Your account", path: () => "/account" },
    { name: "About this server", path: () => "/about" },
  ]
  const looks = [
    { colorScheme: "light", isNarrow: false },
    { colorScheme: "dark", isNarrow: true },
  ] as const

  for (const { name, path } of screens) {
    test.for(looks)(
      `${name}: accessible, within the window, and nothing that was written runs: $colorScheme`,
      async (look) => {
        const view = await world.signedIn(path(), look)
        await view.page.getByRole("heading", { name, level: 1 }).waitFor()
        await expectSound(view)
      },
    )
  }

  test("each part of the users, and each dialog, is accessible too", async () => {
    const view = await world.signedIn(ofApplication("/users"), { colorScheme: "dark", isNarrow: true })
    const { page } = view
    await page.getByRole("tab", { name: "Registration and login" }).click()
    await page.getByLabel("Users may log in").waitFor()
    await expectSound(view)
    await page.getByRole("tab", { name: "Identity providers" }).click()
    await page.getByText("1 key, ES256").waitFor()
    await expectSound(view)
    await page.getByRole("button", { name: "Change keycloak" }).click()
    await page.getByLabel("Key set (JWKS)").waitFor()
    await expectSound(view)
    await page.goto(`${world.url}/console${ofApplication("/settings")}`)
    await page.getByRole("button", { name: "Add a key" }).click()
    await page.getByRole("dialog", { name: "Add a key" }).waitFor()
    await expectSound(view)
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: /^Change the key CUSTOM/ }).click()
    await page.getByRole("dialog", { name: /^Change the key CUSTOM/ }).waitFor()
    await expectSound(view)
    await page.goto(`${world.url}/console${ofApplication("/credentials")}`)
    for (const provider of ["APNs", "FCM", "WNS"]) {
      await page.getByRole("button", { name: `Set the ${provider} credential` }).click()
      await page.getByRole("dialog").waitFor()
      await expectSound(view)
      await page.getByRole("button", { name: "Cancel" }).click()
    }
    await page.goto(`${world.url}/console/tokens`)
    await page.getByRole("button", { name: "New token" }).click()
    await page.getByLabel("Every application, and the server as a whole").uncheck()
    await page.getByRole("checkbox", { name: "My App" }).waitFor()
    await expectSound(view)
  })
})
