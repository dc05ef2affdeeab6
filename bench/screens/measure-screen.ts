import type { ConsoleSubject } from "./console-subject.ts"

/** A screen that has nothing to load, to start from. */
const BLANK = "/console/nowhere"
const TIMEOUT_MS = 20_000

/**
 * Loads the page anew, then goes to an address within it as a click does. Returns the milliseconds until the screen has its
 * heading and nothing of it is loading. Throws when it shows an error instead.
 */
export async function measureScreen({ page, url }: ConsoleSubject, address: string): Promise<number> {
  await page.goto(url + BLANK)
  await page.getByRole("heading", { name: "No such screen" }).waitFor()
  await page.waitForLoadState("networkidle")
  const result = await page.evaluate(`(${goAndWait})(${JSON.stringify(address)}, ${TIMEOUT_MS})`)
  if (typeof result === "number") return result
  throw new Error(`${address}: ${result}`)
}

/** Runs in the page. */
const goAndWait = `async (address, timeout) => {
  const begun = performance.now()
  history.pushState(null, "", address)
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const main = document.querySelector("main")
    const failure = main?.querySelector('[role="alert"]')
    if (failure) return failure.textContent
    const heading = main?.querySelector("h1")?.textContent
    const isThere = heading !== undefined && heading !== "No such screen"
    if (isThere && main.querySelector(".loading, .stale") === null) return performance.now() - begun
    if (performance.now() - begun > timeout) return "took longer than " + timeout + " ms"
  }
}`
