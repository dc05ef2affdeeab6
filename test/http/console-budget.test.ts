import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"

/** JavaScript that is loaded before the first screen, compressed. */
const BUDGET_BYTES = 250_000
const FOLDER = fileURLToPath(new URL("../../console/dist/", import.meta.url))

test(`the Console begins with at most ${BUDGET_BYTES / 1000} kB of JavaScript`, () => {
  const page = readFileSync(`${FOLDER}index.html`, "utf8")
  const scripts = [...page.matchAll(/\/console\/(assets\/[^"]+\.js)"/g)].map(([, name]) => String(name))
  expect(scripts.length).toBeGreaterThan(1)
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(FOLDER + name)).length, 0)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES)
})

test("the page loads nothing from elsewhere and has nothing inline", () => {
  const page = readFileSync(`${FOLDER}index.html`, "utf8")
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => String(address))
  expect(addresses.filter((address) => !address.startsWith("/console/"))).toEqual([])
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)| on[a-z]+=/)
})
