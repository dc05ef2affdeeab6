import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AxeResults } from "axe-core"
import {
  type Browser,
  type BrowserContext,
  type Cookie,
  chromium,
  type Locator,
  type Page,
  type Request,
} from "playwright-core"
import { expect, inject } from "vitest"
import { type Flags, readConfig } from "../../src/config/config.ts"
import { systemClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import type { OpenStore } from "../../src/server/storage.ts"
import { openServer } from "../../src/server.ts"
import { chromiumPath } from "./chromium.ts"

/**
 * A real server with its sandbox in a temporary directory, and real Chromium on the Console that it serves. Whatever the
 * browser complains about is collected: a test ends with `expectNoComplaints`.
 */

export const hasBrowser = chromiumPath() !== undefined
export const PASSWORD = "correct horse battery"
const NARROW = { width: 360, height: 740 }
const WIDE = { width: 1280, height: 800 }
/** Far beyond what a loaded machine needs: it ends a test that waits for what never comes. */
const WAIT_MS = 60_000
const AXE_FILE = createRequire(import.meta.url).resolve("axe-core/axe.min.js")

export interface ViewOptions {
  readonly isNarrow?: boolean
  readonly colorScheme?: "light" | "dark"
}

export interface SignInOptions extends ViewOptions {
  readonly as?: string
}

/** A page of a browser of its own, with everything that it complained about. */
export interface View {
  readonly page: Page
  readonly context: BrowserContext
  /** Violations of the policy, errors of the console, exceptions that nobody caught. */
  readonly complaints: string[]
  /** Requests that are on their way; but for streams of events, which are so for as long as the page is open. */
  readonly asking: ReadonlySet<Request>
}

interface ConsoleOptions {
  /** Settings by their names, as on the command line. */
  readonly flags?: Flags
  /** Defaults to the store of the product. */
  readonly openStore?: OpenStore
}

export async function openConsole({ flags = {}, openStore }: ConsoleOptions = {}) {
  await using opened = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), "belfry-console-data-"))
  opened.defer(() => rmSync(directory, { recursive: true, force: true }))
  const reading = readConfig({ "data-dir": directory, port: "0", ...flags }, new Map())
  if (!reading.ok) throw new Error(reading.faults.join("\n"))
  const consoleFolder = inject("consoleFolder")
  const server = opened.use(
    await openServer({
      config: reading.config,
      secrets: reading.secrets,
      clock: systemClock,
      random: systemRandom,
      openLog: () => silentLog,
      ...(consoleFolder !== undefined && { consoleFolder }),
      ...(openStore !== undefined && { openStore }),
    }),
  )
  const browser = await launch()
  opened.defer(() => browser.close())
  const application = server.introduction.application
  if (application?.apiKeys === undefined) throw new Error("the server made no first application")
  const { token } = await server.services.administratorTokens.create({ label: "tests", scope: "administer" })
  const kept = opened.move()
  const sessions = new Map<string, Cookie[]>()
  return {
    server,
    url: server.url,
    applicationId: application.id,
    apiKeys: application.apiKeys,
    setupUrl: server.introduction.setupUrl ?? "",
    /** A call of the management API, below /admin/v1; throws unless it answers 200. */
    async admin<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
      const reply = await fetch(`${server.url}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await reply.text()
      if (reply.status !== 200) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`)
      const isJson = reply.headers.get("content-type")?.startsWith("application/json") === true
      return (isJson ? JSON.parse(text) : text) as Answer
    },
    /** A page that nobody is signed in on. */
    view: (options: ViewOptions = {}) => openView(browser, options),
    /**
     * A page on which an administrator is signed in, at an address below /console: one who may do everything, or who
     * was created with PASSWORD and is named. Their pages share a session: a password takes its time.
     */
    async signedIn(path = "/", { as, ...options }: SignInOptions = {}): Promise<View> {
      const name = as ?? (await tester(server))
      const session = sessions.get(name)
      const view = await openView(browser, options)
      if (session === undefined || !(await isAlive(server, session))) {
        await signIn(view, server, path, name)
        sessions.set(name, await view.context.cookies())
        return view
      }
      await view.context.addCookies(session)
      await view.page.goto(`${server.url}/console${path}`)
      await view.page.getByRole("main").getByRole("heading", { level: 1 }).waitFor()
      return view
    },
    /** As signedIn, with the password, and with a session of its own: for what ends it. */
    async signsIn(path = "/", { as, ...options }: SignInOptions = {}): Promise<View> {
      const view = await openView(browser, options)
      await signIn(view, server, path, as ?? (await tester(server)))
      return view
    },
    /** Screens that nobody looks at any more would go on asking the server. */
    async closeViews(): Promise<void> {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

export type ConsoleWorld = Awaited<ReturnType<typeof openConsole>>

function launch(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error("there is no Chromium")
  // Its own sandbox needs privileges that a container as root does not have; the pages are ours.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] })
}

async function openView(
  browser: Browser,
  { isNarrow = false, colorScheme = "light" }: ViewOptions,
): Promise<View> {
  const context = await browser.newContext({
    viewport: isNarrow ? NARROW : WIDE,
    colorScheme,
    reducedMotion: "reduce",
    locale: "en-GB",
  })
  context.setDefaultTimeout(WAIT_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`))
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return
    if (!isRefusedRequest(message.text())) complaints.push(`${message.type()}: ${message.text()}`)
  })
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      console.error(`policy violated: ${violatedDirective} ${blockedURI} ${sourceFile}`)
    })
  })
  return { page, context, complaints, asking: requestsOf(page) }
}

function requestsOf(page: Page): ReadonlySet<Request> {
  const asking = new Set<Request>()
  page.on("request", (request) => {
    if (request.resourceType() !== "eventsource") asking.add(request)
  })
  page.on("requestfinished", (request) => asking.delete(request))
  page.on("requestfailed", (request) => asking.delete(request))
  return asking
}

/** What shows that a screen is still to change: something loads, or is of an earlier question, or was just clicked. */
const UNSETTLED = ".loading, .stale, .behind, [aria-busy]"

/**
 * Resolves when a screen shows everything that it asked for. The browser's own "network idle" says it once for each page
 * that it loads, and the Console loads one for all its screens.
 */
export async function settled({ page, asking }: View): Promise<void> {
  await expect
    .poll(async () => {
      if (asking.size > 0) return "something is on its way"
      // What follows from an answer, another question perhaps, follows within these.
      await nextFrames(page)
      return asking.size > 0 || (await page.locator(UNSETTLED).count()) > 0 ? "something followed" : "settled"
    })
    .toBe("settled")
}

/** Resolves when the page has had time to draw what it knows. */
export async function nextFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  )
}

/** Resolves when it, or something within it, has the focus: until then it does not hear the keyboard. */
export async function focusIsIn(place: Locator): Promise<void> {
  await expect.poll(() => place.evaluate((element) => element.contains(document.activeElement))).toBe(true)
}

/** Chromium reports each answer of 400 and above; the Console shows them, and tests look at what it shows. */
function isRefusedRequest(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(text)
}

const TESTER = "tester"

type Server = Awaited<ReturnType<typeof openServer>>

/** The name of the administrator who may do everything. */
async function tester({ services: { administrators } }: Server): Promise<string> {
  const isThere = (await administrators.list()).some(({ name }) => name === TESTER)
  if (!isThere) await administrators.create({ name: TESTER, password: PASSWORD, scope: "administer" })
  return TESTER
}

async function isAlive({ services }: Server, [cookie]: readonly Cookie[]): Promise<boolean> {
  return (await services.administratorSessions.principalOf(cookie?.value ?? "")) !== undefined
}

async function signIn({ page }: View, server: Server, path: string, name: string): Promise<void> {
  await page.goto(`${server.url}/console${path}`)
  await page.getByLabel("Name").fill(name)
  await page.getByLabel("Password").fill(PASSWORD)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor()
  await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" })
}

/** What axe finds serious or critical on the present screen: one line each, none when it is as it should be. */
export async function axeProblems({ page }: View): Promise<readonly string[]> {
  await page.evaluate(await axeSource())
  const results = (await page.evaluate("axe.run()")) as AxeResults
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`)
}

/** Whether a page is wider than its window, so that one must scroll sideways. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

async function axeSource(): Promise<string> {
  const { readFile } = await import("node:fs/promises")
  return readFile(AXE_FILE, "utf8")
}
