import { accessSync, constants } from "node:fs"

/** Where Debian, its relatives and the usual installers put it; BELFRY_TEST_CHROMIUM goes before all. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
]

/** The browser that the tests drive; undefined when there is none. */
export function chromiumPath(): string | undefined {
  const chosen = process.env["BELFRY_TEST_CHROMIUM"]
  return (chosen === undefined ? PLACES : [chosen]).find((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
