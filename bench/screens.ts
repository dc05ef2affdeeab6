import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { prepareData } from "./register/existing-devices.ts"
import { busySecondsOfMachine } from "./register/machine.ts"
import { type ConsoleSubject, openConsoleSubject } from "./screens/console-subject.ts"
import { measureScreen } from "./screens/measure-screen.ts"

/**
 * How long each screen of the Console takes from the click to its content, in Chromium, with so many devices in the store.
 * Every visit is the first one of a page just loaded, with its code in the browser's cache and no data. Ends with 1 when a
 * screen takes longer than it should, or shows an error.
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

/** Screens by their addresses below /console. */
function screensOf({
  applicationId,
  lastDevice,
  messageId,
  administrator,
}: ConsoleSubject): Readonly<Record<string, string>> {
  const app = `/applications/${applicationId}`
  const { deviceId, tokenHash } = lastDevice
  return {
    overview: app,
    "get started": `${app}/start`,
    devices: `${app}/devices`,
    "devices of a channel": `${app}/devices?channel=c7`,
    "devices by platform, none": `${app}/devices?os=IOS`,
    "device by id": `${app}/devices?deviceIdPrefix=${deviceId}`,
    "device by token hash": `${app}/devices?tokenHash=${tokenHash}`,
    device: `${app}/device?id=${deviceId}`,
    "device that is gone": `${app}/device?id=never-there`,
    "import of devices": `${app}/devices/import`,
    channels: `${app}/channels`,
    "channels by name": `${app}/channels?name=c7`,
    "the largest channel": `${app}/channel?name=big`,
    "virtual phones": `${app}/phones`,
    compose: `${app}/compose`,
    messages: `${app}/messages`,
    message: `${app}/messages/${messageId}`,
    users: `${app}/users`,
    permissions: `${app}/permissions`,
    credentials: `${app}/credentials`,
    settings: `${app}/settings`,
    "audit log of an application": `${app}/audit`,
    applications: "/applications",
    administrators: "/administrators",
    "an administrator": `/administrators/${administrator}`,
    "API tokens": "/tokens",
    "audit log": "/audit",
    account: "/account",
    about: "/about",
  }
}

interface Timing {
  readonly p50: number
  readonly p95: number
}

async function timed(subject: ConsoleSubject, address: string): Promise<Timing> {
  const times: number[] = []
  for (let visit = 0; visit < Number(values.visits); visit++)
    times.push(await measureScreen(subject, address))
  times.sort((a, b) => a - b)
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95) }
}

/** Cores that were busy for a second in which nothing is asked of the server: those that others use. */
async function busyCores(): Promise<number> {
  const before = busySecondsOfMachine()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  return busySecondsOfMachine() - before
}

const data = await prepareData(values.data, Number(values.existing))
await using subject = await openConsoleSubject(data)
const tooSlow: string[] = []
console.log(
  `${values.existing} devices, ${values.visits} visits each: milliseconds from the click to the content; cores that others use`,
)
for (const [name, path] of Object.entries(screensOf(subject))) {
  const others = (await busyCores()).toFixed(1)
  try {
    const { p50, p95 } = await timed(subject, `/console${path}`)
    const isSlow = p95 > BAR_MS
    if (isSlow) tooSlow.push(name)
    const figures = `p50 ${p50.toFixed(0).padStart(5)}  p95 ${p95.toFixed(0).padStart(5)}  others ${others}`
    console.log(`${name.padEnd(28)} ${figures}${isSlow ? "  over the bar" : ""}`)
  } catch (error) {
    // The others are still worth knowing.
    tooSlow.push(name)
    console.log(`${name.padEnd(28)} failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
console.log(
  tooSlow.length === 0
    ? `every screen within ${BAR_MS} ms (p95)`
    : `not within ${BAR_MS} ms (p95): ${tooSlow.join(", ")}`,
)
if (tooSlow.length > 0) process.exitCode = 1
