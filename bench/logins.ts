import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { openLoop } from "./logins/open-loop.ts"
import { prepareData } from "./register/existing-devices.ts"
import { busySecondsOfMachine, processorSeconds, stolenSecondsOfMachine } from "./register/machine.ts"
import { randomDevice } from "./register/random-device.ts"
import { openBelfry } from "./register/subjects.ts"

/**
 * How long registrations take while logins with wrong passwords pour in, each from another address, beside the same rate
 * of registrations alone, in turns on one server. Needs Linux.
 * `npm run bench:logins -- --logins 1000 --registrations 200 --rounds 5 --seconds 8`
 */

const { values } = parseArgs({
  options: {
    logins: { type: "string", default: "1000" },
    registrations: { type: "string", default: "200" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "8" },
    data: { type: "string", default: join(tmpdir(), "belfry-bench") },
  },
})
const seconds = Number(values.seconds)

mkdirSync(values.data, { recursive: true })
const data = await prepareData(values.data, 0)
// The flood says where it comes from as a proxy would: 1 000 logins a second of one address would only meet its rate limit.
await using belfry = await openBelfry(data.dataDir, data.application, [
  "--no-sandbox",
  "--http-trusted-proxies",
  "127.0.0.1",
])
const loginPath = belfry.path.replace("messaging/registrations", "users/login")

async function register() {
  const before = processorSeconds(belfry.pid).total
  const busyBefore = busySecondsOfMachine()
  const stolenBefore = stolenSecondsOfMachine()
  const { latencies, statuses } = await openLoop({
    port: belfry.port,
    perSecond: Number(values.registrations),
    seconds,
    next: () => ({ path: belfry.path, body: randomDevice() }),
  })
  const failures = latencies.length - (statuses[200] ?? 0)
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    p50: at(0.5),
    p99: at(0.99),
    failures,
    cores: (processorSeconds(belfry.pid).total - before) / seconds,
    machine: (busySecondsOfMachine() - busyBefore) / seconds,
    stolen: (stolenSecondsOfMachine() - stolenBefore) / seconds,
  }
}

async function underFlood() {
  const flood = new URL("./logins/flood.ts", import.meta.url).pathname
  const child = spawn(
    process.execPath,
    [flood, String(belfry.port), loginPath, values.logins, String(seconds + 1)],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  let statuses = ""
  child.stdout.on("data", (chunk) => {
    statuses += chunk
  })
  const ended = new Promise((resolve) => child.on("close", resolve))
  // Until the line of passwords is full.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const measured = await register()
  await ended
  return { ...measured, statuses }
}

type Measured = Awaited<ReturnType<typeof register>>
const line = (name: string, { p50, p99, failures, cores, machine, stolen }: Measured) =>
  `  ${name.padEnd(7)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${failures} failed, server without hashing ${cores.toFixed(2)} cores, machine ${machine.toFixed(2)}, stolen ${stolen.toFixed(2)}\n`
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

// Until nearly everything that runs all the time has been compiled.
await register()
await underFlood()
const ratios: number[] = []
for (let round = 1; round <= Number(values.rounds); round++) {
  const isCalmFirst = round % 2 === 1
  const first = isCalmFirst ? await register() : undefined
  const flooded = await underFlood()
  const calm = first ?? (await register())
  ratios.push(flooded.p99 / calm.p99)
  process.stdout.write(`round ${round}: ratio of p99 ${(flooded.p99 / calm.p99).toFixed(2)}\n`)
  process.stdout.write(
    `${line("alone", calm)}${line("flooded", flooded)}  logins answered: ${flooded.statuses}\n`,
  )
}
process.stdout.write(
  `ratio of p99: median ${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}\n`,
)
