import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Call, callsOf } from "./console/calls.ts"
import { openManagement } from "./console/management.ts"
import { prepareData } from "./register/existing-devices.ts"
import { busySecondsOfMachine, processorSeconds } from "./register/machine.ts"
import { belfry, openBelfry } from "./register/subjects.ts"

/**
 * How long every GET route of the management API takes with a million devices, as the Console asks it: from the request to
 * the whole answer (of a stream, to its first bytes). `npm run bench:console -- --devices 1000000 --samples 40 --data DIR`
 */

const { values } = parseArgs({
  options: {
    devices: { type: "string", default: "1000000" },
    /** Requests to each route. */
    samples: { type: "string", default: "40" },
    /** Seconds to wait before each route for a moment in which other programs leave the machine alone. */
    patience: { type: "string", default: "20" },
    /** Where prepared data are kept from one run to the next. */
    data: { type: "string", default: join(tmpdir(), "belfry-bench-console") },
  },
})

/** What every screen must stay below (p95). */
const LIMIT_MS = 300

/** Cores that other programs may keep busy. */
const QUIET_CORES = 0.35

interface Timing {
  readonly call: Call
  readonly p50: number
  readonly p95: number
  readonly bytes: number
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

async function timed(call: Call, samples: number): Promise<Timing> {
  const times: number[] = []
  let bytes = 0
  for (let sample = 0; sample < samples; sample++) {
    const begin = performance.now()
    bytes = await call.send(sample)
    times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return { call, p50: quantile(times, 0.5), p95: quantile(times, 0.95), bytes }
}

/** Resolves with the cores that other programs kept busy in the last second. */
async function waitForQuiet(pid: number, patience: number): Promise<number> {
  for (let second = 0; ; second++) {
    const before = busySecondsOfMachine() - processorSeconds(pid).total
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const cores = Math.max(0, busySecondsOfMachine() - processorSeconds(pid).total - before)
    if (cores < QUIET_CORES || second >= patience) return cores
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

mkdirSync(values.data, { recursive: true })
const samples = Number(values.samples)
const { dataDir, application } = await prepareData(values.data, Number(values.devices))
const { token } = JSON.parse(
  await belfry("token", "create", "--label", "benchmark", "--json", "--data-dir", dataDir),
) as { token: string }
await using subject = await openBelfry(dataDir, application, ["--rate-per-administrator", "0"])
const management = openManagement(subject.port, token)
const calls = await callsOf(management, application.applicationId)
const slow: string[] = []
print(`${values.devices} devices, ${samples} requests to each route, one after the other`)
for (const call of calls) {
  const others = await waitForQuiet(subject.pid, Number(values.patience))
  const { p50, p95, bytes } = await timed(call, samples)
  const isSlow = p95 > LIMIT_MS
  if (isSlow) slow.push(call.name)
  const figures = `p50 ${p50.toFixed(1).padStart(6)} ms  p95 ${p95.toFixed(1).padStart(6)} ms`
  print(
    `${figures}  ${String(bytes).padStart(8)} bytes  others ${others.toFixed(1)} cores  ${call.name}${isSlow ? "  TOO SLOW" : ""}`,
  )
}
if (slow.length > 0) process.exitCode = 1
