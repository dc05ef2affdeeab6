import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { chromium, type Page } from "playwright-core"
import { chromiumPath } from "../../test/console/chromium.ts"
import type { PreparedData } from "../register/existing-devices.ts"

/** The server in a process of its own, and Chromium with an administrator signed in. */

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))
const PASSWORD = "a password for the benchmark"

export interface ConsoleSubject extends AsyncDisposable {
  readonly url: string
  readonly applicationId: string
  readonly page: Page
  /** Registered long after the first one, so that a search in slices has to go far. */
  readonly lastDevice: { readonly deviceId: string; readonly tokenHash: string }
  /** A message to it. */
  readonly messageId: string
  /** Somebody else who manages the server. */
  readonly administrator: number
}

export async function openConsoleSubject({ dataDir, application }: PreparedData): Promise<ConsoleSubject> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("there is no Chromium; see CONTRIBUTING.md")
  await using opened = new AsyncDisposableStack()
  const child = spawn(process.execPath, [CLI, "serve", "--port", "0", "--json", "--data-dir", dataDir], {
    stdio: ["ignore", "pipe", "ignore"],
  })
  // Listened for from the beginning: it may have ended long before somebody waits for that.
  const ended = once(child, "exit")
  opened.defer(async () => {
    child.kill()
    await ended
  })
  const { url, setupUrl } = await introduction(child.stdout)
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  })
  opened.defer(() => browser.close())
  const page = await browser.newPage()
  await page.goto(setupUrl)
  await page.getByLabel("Name").fill("bench")
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
  await page.getByLabel("Password again").fill(PASSWORD)
  await page.getByRole("button", { name: "Create and sign in" }).click()
  await page.getByRole("heading", { name: "Get started" }).waitFor()
  const { applicationId } = application
  const { lastDevice, messageId } = await registerLast(page, url, application)
  const administrator = await createAdministrator(page)
  const kept = opened.move()
  const known = { url, applicationId, page, lastDevice, messageId, administrator }
  return { ...known, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function introduction(
  stdout: AsyncIterable<Buffer>,
): Promise<{ readonly url: string; readonly setupUrl: string }> {
  let text = ""
  for await (const part of stdout) {
    text += part
    if (text.includes("\n")) return JSON.parse(text)
  }
  throw new Error(`the server ended without an introduction: ${text}`)
}

/** By the session of the page, as the Console does it. Returns the number. */
function createAdministrator(page: Page): Promise<number> {
  return page.evaluate(async (password) => {
    const reply = await fetch("/admin/v1/administrators", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "somebody else", password, scope: "read" }),
    })
    if (!reply.ok) throw new Error(`no administrator was created: ${await reply.text()}`)
    return ((await reply.json()) as { number: number }).number
  }, PASSWORD)
}

async function registerLast(
  page: Page,
  url: string,
  { applicationId, apiKeys }: PreparedData["application"],
): Promise<Pick<ConsoleSubject, "lastDevice" | "messageId">> {
  const deviceId = "the-last-one"
  const post = (path: string, body: object) =>
    fetch(`${url}/${applicationId}/${apiKeys.REST}/messaging/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  const os = { os: "ANDROID", osVersion: "1" }
  await post("registrations", { deviceId, deviceToken: "its-token", ...os, channels: ["few"] })
  const published = await post("few", { message: "A message" })
  const { messageId } = (await published.json()) as { messageId: string }
  const reply = await page.request.get(`${url}/admin/v1/applications/${applicationId}/devices/${deviceId}`)
  return { lastDevice: (await reply.json()) as ConsoleSubject["lastDevice"], messageId }
}
