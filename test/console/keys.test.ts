import type { Locator } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { type ConsoleWorld, hasBrowser, openConsole, PASSWORD, type View } from "./console-world.ts"
import { expectSound } from "./sound.ts"

const DAY_MS = 86_400_000
const ROLE = "press office"

/** What a key is for, the role it runs with, its end, what it is accepted for, and when it was last used. */
describe.skipIf(!hasBrowser)("the API keys", () => {
  let world: ConsoleWorld

  beforeAll(async () => {
    world = await openConsole()
    const { administrators, keys, permissions } = world.server.services
    await permissions.createRole(world.applicationId, ROLE, "")
    await keys.create(world.applicationId, { kind: "CUSTOM", label: "press", role: ROLE })
    for (const scope of ["read", "operate"] as const) {
      await administrators.create({ name: scope, password: PASSWORD, scope })
    }
  })
  afterEach(() => world.closeViews())
  afterAll(() => world[Symbol.asyncDispose]())

  const settings = () => `/applications/${world.applicationId}/settings`
  const stored = async (number: number) =>
    (await world.server.services.keys.list(world.applicationId)).find((key) => key.number === number)
  const numberOf = async (kind: string) =>
    (await world.server.services.keys.list(world.applicationId)).find((key) => key.kind === kind)?.number ?? 0
  const labelled = async (label: string) =>
    (await world.server.services.keys.list(world.applicationId)).find((key) => key.label === label)
  const statusWith = async (key: string) =>
    (await fetch(`${world.url}/${world.applicationId}/${key}/info`)).status
  /** What the audit log says of changed keys, the latest first. */
  const told = async () => {
    const { entries } = await world.admin<{ entries: readonly { readonly target: string }[] }>(
      "GET",
      "/audit?action=key.change",
    )
    return entries.map(({ target }) => target)
  }
  const dialogOf = async ({ page }: View, name: string) => {
    await page.getByRole("button", { name: `Change the key ${name}`, exact: true }).click()
    return page.getByRole("dialog", { name: `Change the key ${name}` })
  }

  test("get another label, role and end, and go on working", async () => {
    const view = await world.signedIn(settings())
    const { page } = view
    const number = await numberOf("REST")
    const dialog = await dialogOf(view, `REST ${number}`)
    await dialog.getByLabel("Label").fill("nightly jobs")
    await dialog.getByLabel("Role").selectOption(ROLE)
    await dialog.getByLabel("Expires").selectOption("30")
    await dialog.getByRole("button", { name: "Save" }).click()
    await page.getByText("Changed the key REST nightly jobs.").waitFor()
    await dialog.waitFor({ state: "detached" })
    const row = page.getByRole("row", { name: /^REST nightly jobs/ })
    await row.getByRole("cell", { name: ROLE }).waitFor()
    const changed = await stored(number)
    expect(changed).toMatchObject({ label: "nightly jobs", role: ROLE })
    const left = (changed?.expiresAt ?? 0) - systemClock.now()
    expect(left).toBeGreaterThan(29 * DAY_MS)
    expect(left).toBeLessThanOrEqual(30 * DAY_MS)
    expect(await statusWith(world.apiKeys.REST ?? "")).toBe(200)

    const again = await dialogOf(view, "REST nightly jobs")
    expect(await again.getByLabel("Role").inputValue()).toBe(ROLE)
    await again.getByLabel("Role").selectOption("None")
    await again.getByLabel("Expires").selectOption("Never")
    await again.getByRole("button", { name: "Save" }).click()
    await again.waitFor({ state: "detached" })
    expect(await stored(number)).toMatchObject({
      label: "nightly jobs",
      role: undefined,
      expiresAt: undefined,
    })
    expect((await told()).slice(0, 2)).toEqual([
      `REST ${number} role expiresAt`,
      `REST ${number} label role expiresAt`,
    ])
    expect(view.complaints).toEqual([])
  })

  test("are made with addresses and a limit, which everybody sees, and which change and go", async () => {
    const view = await world.signedIn(settings())
    const { page } = view
    await page.getByRole("button", { name: "Add a key" }).click()
    await page.getByLabel("Label").fill("billing")
    await page.getByLabel("Accepted from").fill("203.0.113.7/32, 10.0.0.0/8\n2001:db8::/32\n")
    await page.getByLabel("Requests a second").fill("2500")
    await page.getByRole("button", { name: "Add the key" }).click()
    await page.getByRole("dialog", { name: "The key REST billing" }).waitFor()
    await page.getByRole("button", { name: "Done" }).click()
    const row = page.getByRole("row", { name: /^REST billing/ })
    await row.getByText("from 203.0.113.7, 10.0.0.0/8, 2001:db8::/32").waitFor()
    await row.getByText("up to 2,500 a second").waitFor()
    const { number = 0 } = (await labelled("billing")) ?? {}
    expect(await stored(number)).toMatchObject({
      addresses: ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32"],
      requestsPerSecond: 2500,
    })

    const dialog = await dialogOf(view, "REST billing")
    const addresses = dialog.getByLabel("Accepted from")
    expect(await addresses.inputValue()).toBe("203.0.113.7\n10.0.0.0/8\n2001:db8::/32")
    expect(await dialog.getByLabel("Requests a second").inputValue()).toBe("2500")
    await addresses.fill("192.0.2.1,192.0.2.2 192.0.2.3\n192.0.2.4")
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.waitFor({ state: "detached" })
    await row.getByText("from 192.0.2.1, 192.0.2.2, 192.0.2.3 and 1 more").waitFor()
    const reader = await world.signedIn(settings(), { as: "read" })
    const last = reader.page.getByText("192.0.2.4")
    expect(await last.isVisible()).toBe(false)
    await reader.page.getByText("from 192.0.2.1, 192.0.2.2, 192.0.2.3 and 1 more").click()
    await last.waitFor()

    await dialogOf(view, "REST billing")
    await addresses.fill("")
    await dialog.getByLabel("Requests a second").fill("")
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.waitFor({ state: "detached" })
    expect(await row.getByText(/from 192|a second/).count()).toBe(0)
    expect(await stored(number)).toMatchObject({ addresses: [], requestsPerSecond: undefined })
    expect((await told()).slice(0, 2)).toEqual([
      `REST ${number} addresses requestsPerSecond`,
      `REST ${number} addresses`,
    ])
    await world.server.services.keys.revoke(world.applicationId, number)
    expect([...view.complaints, ...reader.complaints]).toEqual([])
  })

  test.for([
    { button: "Add a key", send: "Add the key", colorScheme: "light", isNarrow: false },
    { button: "Change the key CUSTOM press", send: "Save", colorScheme: "dark", isNarrow: true },
  ] as const)(
    "$button: what is no address or limit is refused at its field, and stays there",
    async (form) => {
      const view = await world.signedIn(settings(), form)
      const { page } = view
      await page.getByRole("button", { name: form.button, exact: true }).click()
      const dialog = page.getByRole("dialog", { name: form.button })
      const send = dialog.getByRole("button", { name: form.send })
      const addresses = dialog.getByLabel("Accepted from")
      const limit = dialog.getByLabel("Requests a second")
      await addresses.fill("203.0.113.7\n10.1.2.3/8")
      await limit.fill("10000001")
      await send.click()
      await expect.poll(() => complaintAt(view, addresses)).toMatch(/^10\.1\.2\.3\/8 /)
      expect(await complaintAt(view, limit)).toBe("")
      await expectSound(view)
      expect(await addresses.inputValue()).toBe("203.0.113.7\n10.1.2.3/8")
      await addresses.fill("203.0.113.7\n10.0.0.0/8")
      await send.click()
      await expect.poll(() => complaintAt(view, limit)).toMatch(/^requestsPerSecond must be a whole number/)
      expect(await complaintAt(view, addresses)).toBe("")
      await expectSound(view)
      expect(await limit.inputValue()).toBe("10000001")
      expect(await addresses.inputValue()).toBe("203.0.113.7\n10.0.0.0/8")
      await limit.fill("1.5")
      await expect.poll(() => complaintAt(view, limit)).not.toMatch(/^$|whole number/)
      expect(await dialog.getByRole("alert").count()).toBe(0)
      const { keys } = world.server.services
      expect((await keys.list(world.applicationId)).flatMap((key) => key.addresses)).toEqual([])
    },
  )

  test("that are saved as they are leave no trace in the audit log", async () => {
    const view = await world.signedIn(settings())
    const before = await told()
    const dialog = await dialogOf(view, "CUSTOM press")
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.waitFor({ state: "detached" })
    expect(await told()).toEqual(before)
  })

  test("of a custom role keep one: none is not offered, and a new key without one is told why", async () => {
    const view = await world.signedIn(settings())
    const { page } = view
    const dialog = await dialogOf(view, "CUSTOM press")
    expect(await dialog.getByLabel("Role").inputValue()).toBe(ROLE)
    await expect.poll(() => dialog.getByLabel("Role").locator("option").allTextContents()).toEqual([ROLE])
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await page.getByRole("button", { name: "Add a key" }).click()
    await page.getByLabel("Type").selectOption("CUSTOM")
    const add = page.getByRole("dialog", { name: "Add a key" })
    await add.getByRole("button", { name: "Add the key" }).click()
    await expect.poll(() => complaintAt(view, add.getByLabel("Role"))).toMatch(/rights of its custom role/)
    expect(await add.getByRole("alert").count()).toBe(0)
    await add.getByLabel("Type").selectOption("REST")
    await add.getByLabel("Label").fill("without a role")
    await add.getByRole("button", { name: "Add the key" }).click()
    await page.getByRole("dialog", { name: "The key REST without a role" }).waitFor()
    const { number = 0 } = (await labelled("without a role")) ?? {}
    await world.server.services.keys.revoke(world.applicationId, number)
    expect(view.complaints).toEqual([])
  })

  test("that have expired say so, and work again with another end", async () => {
    const { keys } = world.server.services
    const { key, number } = await keys.create(world.applicationId, {
      kind: "JS",
      label: "kiosk",
      expiresAt: systemClock.now() + 300,
    })
    await expect.poll(() => statusWith(key)).toBe(400)
    const view = await world.signedIn(settings())
    const { page } = view
    await page
      .getByRole("row", { name: /^JS kiosk/ })
      .getByText("expired")
      .waitFor()
    const dialog = await dialogOf(view, "JS kiosk")
    await dialog.getByText("it works again").waitFor()
    await dialog.getByLabel("Expires").selectOption("Never")
    await dialog.getByRole("button", { name: "Save" }).click()
    await dialog.waitFor({ state: "detached" })
    expect(
      await page
        .getByRole("row", { name: /^JS kiosk/ })
        .getByText("expired")
        .count(),
    ).toBe(0)
    await expect.poll(() => statusWith(key)).toBe(200)
    await keys.revoke(world.applicationId, number)
    expect(view.complaints).toEqual([])
  })

  test("show when they were last used, also to those who may not change them", async () => {
    const { keys } = world.server.services
    const { key, number } = await keys.create(world.applicationId, { kind: "REST", label: "probe" })
    const { page } = await world.signedIn(settings(), { as: "read" })
    const row = page.getByRole("row", { name: /^REST probe/ })
    await row.getByRole("cell", { name: "never" }).waitFor()
    expect(await statusWith(key)).toBe(200)
    await expect.poll(async () => (await stored(number))?.lastUsedAt).toBeDefined()
    await page.reload()
    expect(await row.getByRole("cell").nth(3).textContent()).toMatch(/^just now$| ago$/)
    await keys.revoke(world.applicationId, number)
  })

  test.for(["read", "operate"])("%s: offers no change of a key", async (as) => {
    const { page } = await world.signedIn(settings(), { as })
    await page.getByRole("row", { name: /^CUSTOM press/ }).waitFor()
    expect(await page.getByRole("button", { name: /^Change the key/ }).count()).toBe(0)
    expect(await page.getByRole("columnheader", { name: "Actions" }).count()).toBe(0)
  })

  test("are changed with the keyboard alone", async () => {
    const view = await world.signedIn(settings())
    const { page } = view
    const opener = page.getByRole("button", { name: "Change the key CUSTOM press" })
    await opener.focus()
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog", { name: "Change the key CUSTOM press" })
    const label = dialog.getByLabel("Label")
    await expect.poll(() => label.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true)
    await page.keyboard.press("Enter")
    await label.waitFor()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("press desk")
    await page.keyboard.press("Enter")
    await page.getByText("Changed the key CUSTOM press desk.").waitFor()
    expect((await stored(await numberOf("CUSTOM")))?.label).toBe("press desk")
    expect(view.complaints).toEqual([])
  })
})

/** What a field says is wrong with it; empty when nothing is. */
async function complaintAt({ page }: View, field: Locator): Promise<string> {
  if ((await field.getAttribute("aria-invalid")) !== "true") return ""
  const ids = (await field.getAttribute("aria-describedby"))?.split(" ") ?? []
  const texts = await Promise.all(ids.map((id) => page.locator(`[id="${id}"].field-error`).allTextContents()))
  return texts.flat().join()
}
