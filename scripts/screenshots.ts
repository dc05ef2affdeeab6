import { mkdirSync } from "node:fs"
import { type Browser, chromium, type Page } from "playwright-core"
import { chromiumPath } from "../test/console/chromium.ts"
import { type Demo, seedDemo, signInElsewhere } from "./screenshots/demo-application.ts"
import { startServer } from "./screenshots/running-server.ts"

/** `npm run screenshots` pictures every screen of the Console with a demo application, in docs/screenshots. */

const FOLDER = "docs/screenshots"
const PASSWORD = "a password for the demo"
const WIDE = { width: 1280, height: 860 }
const NARROW = { width: 390, height: 844 }

/** Name of the picture → address below /console. */
function screensOf({
  applicationId,
  messageId,
  deviceId,
  administrator,
}: Demo): Readonly<Record<string, string>> {
  const app = `/applications/${applicationId}`
  return {
    "get-started": `${app}/start`,
    overview: app,
    devices: `${app}/devices`,
    device: `${app}/device?id=${deviceId}`,
    import: `${app}/devices/import`,
    channels: `${app}/channels`,
    channel: `${app}/channel?name=delays`,
    compose: `${app}/compose`,
    messages: `${app}/messages`,
    message: `${app}/messages/${messageId}`,
    "virtual-phones": `${app}/phones`,
    users: `${app}/users`,
    permissions: `${app}/permissions`,
    credentials: `${app}/credentials`,
    settings: `${app}/settings`,
    applications: "/applications",
    administrators: "/administrators",
    administrator: `/administrators/${administrator}`,
    "api-tokens": "/tokens",
    "audit-log": "/audit",
    account: "/account",
    server: "/about",
  }
}

/** Shown in the other theme and on a phone as well. */
const ALSO_DARK = ["overview", "message", "virtual-phones"]
const ALSO_NARROW = ["overview", "compose"]

async function signUp(browser: Browser, setupUrl: string): Promise<Page> {
  const page = await browser.newPage({ viewport: WIDE, colorScheme: "light", locale: "en-GB" })
  await page.goto(setupUrl)
  await page.getByLabel("Name").waitFor()
  await page.screenshot({ path: `${FOLDER}/set-up.png` })
  await page.getByLabel("Name").fill("admin")
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByLabel("Password again").fill(PASSWORD)
  await page.getByRole("button", { name: "Create and sign in" }).click()
  await page.getByRole("heading", { name: "Get started" }).waitFor()
  return page
}

async function picture(page: Page, url: string, file: string): Promise<void> {
  await page.goto(url)
  await page.locator("main h1").waitFor()
  while ((await page.locator("main .loading").count()) > 0) await page.waitForTimeout(50)
  if ((await page.locator("main h1").textContent()) === "No such screen")
    throw new Error(`${url} is no screen`)
  await page.evaluate("document.fonts.ready")
  // Charts measure their width before they draw.
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${FOLDER}/${file}.png` })
  console.log(`${FOLDER}/${file}.png`)
}

/** Calls the management API with the session of the page, as the Console does. */
function adminOf(page: Page) {
  return (method: string, path: string, body?: object): Promise<Record<string, unknown>> =>
    page.evaluate(
      async ([verb, target, json]) => {
        const reply = await fetch(`/admin/v1${target}`, {
          method: verb,
          headers: { "content-type": "application/json" },
          body: json,
        })
        if (!reply.ok) throw new Error(`${verb} ${target} answered ${reply.status}: ${await reply.text()}`)
        return (await reply.json()) as Record<string, unknown>
      },
      [method, path, body === undefined ? null : JSON.stringify(body)] as const,
    )
}

const executablePath = chromiumPath()
if (executablePath === undefined) throw new Error("there is no Chromium; see CONTRIBUTING.md")
mkdirSync(FOLDER, { recursive: true })
await using server = await startServer()
const { url, setupUrl } = server.introduced
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] })
try {
  const page = await signUp(browser, setupUrl)
  const demo = await seedDemo(server.introduced, adminOf(page))
  await signInElsewhere(url, "admin", PASSWORD)
  for (const [name, path] of Object.entries(screensOf(demo))) {
    await picture(page, `${url}/console${path}`, name)
    if (ALSO_DARK.includes(name)) {
      await page.emulateMedia({ colorScheme: "dark" })
      await picture(page, `${url}/console${path}`, `${name}-dark`)
      await page.emulateMedia({ colorScheme: "light" })
    }
    if (ALSO_NARROW.includes(name)) {
      await page.setViewportSize(NARROW)
      await picture(page, `${url}/console${path}`, `${name}-narrow`)
      await page.setViewportSize(WIDE)
    }
  }
} finally {
  await browser.close()
}
