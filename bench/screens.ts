import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { prepareData } from "./register/existing-devices.ts"
import { openConsoleSubject } from "./screens/console-subject.ts"
import { measureScreen } from "./screens/measure-screen.ts"

/**
 * How long each screen of the Console takes from the click to its content, in Chromium, with so many devices in the store.
 * Every visit is the first one of a page just loaded, with its code in the browser's cache and no data.
 * `npm run bench:screens -- --existing 1000000 --visits 20 --data DIR`
 */

const { values } = parseArgs({
  options: {
    existing: { type: "string", default: "1000000" },
    visits: { type: "string", default: "20" },
    /** Where prepared data are kept from one run to the next; shared with bench:register. */
    data: { type: "string", default: join(tmpdir(), "belfry-bench") },
  },
})

/** No screen should take longer, at the 95th percentile. */
const BAR_MS = 300

/** Screens by their addresses below the application. */
const SCREENS = (deviceId: string, tokenHash: string) => ({
  overview: "",
  "get started": "/start",
  devices: "/devices",
  "devices of a channel": "/devices?channel=c7",
  "devices by platform, none": "/devices?os=IOS",
  "device by id": `/devices?deviceIdPrefix=${deviceId}`,
  "device by token hash": `/devices?tokenHash=${tokenHash}`,
  device: `/device?id=${deviceId}`,
  channels: "/channels",
  "the largest channel": "/channel?name=big",
  "virtual phones": "/phones",
  compose: "/compose",
  messages: "/messages",
  users: "/users",
  permissions: "/permissions",
  credentials: "/credentials",
  settings: "/settings",
})

const data = await prepareData(values.data, Number(values.existing))
await using subject = await openConsoleSubject(data)
const { deviceId, tokenHash } = subject.lastDevice
let slow = 0
console.log(
  `${values.existing} devices, ${values.visits} visits each: milliseconds from the click to the content`,
)
for (const [name, path] of Object.entries(SCREENS(deviceId, tokenHash))) {
  const times: number[] = []
  for (let visit = 0; visit < Number(values.visits); visit++) {
    times.push(await measureScreen(subject, `/console/applications/${subject.applicationId}${path}`))
  }
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  const isSlow = at(0.95) > BAR_MS
  if (isSlow) slow++
  console.log(
    `${name.padEnd(28)} p50 ${String(at(0.5)).padStart(6)}  p95 ${String(at(0.95)).padStart(6)}${isSlow ? "  over the bar" : ""}`,
  )
}
console.log(slow === 0 ? `every screen within ${BAR_MS} ms (p95)` : `${slow} screens over ${BAR_MS} ms (p95)`)
