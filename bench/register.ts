import { mkdirSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { countDevices, prepareData } from "./register/existing-devices.ts"
import { chooseGenerator, type Generator } from "./register/load.ts"
import {
  busySecondsOfMachine,
  processorSeconds,
  residentMegabytes,
  stolenSecondsOfMachine,
  writtenBytes,
} from "./register/machine.ts"
import { openBareServer, openBelfry, type Subject } from "./register/subjects.ts"

/**
 * Durable registrations of distinct random devices per second, beside a bare node:http server that parses the same
 * bodies: the ratio of the two in each round, because a machine that others use makes every absolute figure a matter of
 * luck. Needs Linux. `npm run bench:register -- --existing 1000000 --rounds 5 --seconds 3 --connections 64 --data DIR`
 */

const { values } = parseArgs({
  options: {
    existing: { type: "string", default: "0" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    /** Seconds to wait before each run for a moment in which other programs leave the machine alone. */
    patience: { type: "string", default: "20" },
    /** Where prepared data are kept from one run to the next. */
    data: { type: "string", default: join(tmpdir(), "belfry-bench") },
  },
})
const existing = Number(values.existing)
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const connections = Number(values.connections)
const patience = Number(values.patience)

/** Cores that other programs may keep busy. */
const QUIET_CORES = 0.35
/** Until nearly everything that runs all the time has been compiled, of either. */
const WARM_UP_SECONDS = 4

interface Run {
  readonly perSecond: number
  readonly failures: number
  /** Processor time in microseconds for each request. */
  readonly total: number
  readonly main: number
  readonly store: number
  readonly generator: number
  readonly writtenKib: number
  /** Cores that other programs kept busy. */
  readonly foreignCores: number
  /** Cores that the host of a virtual machine took away. */
  readonly stolenCores: number
}

async function waitForQuiet(): Promise<void> {
  for (let second = 0; second < patience; second++) {
    const before = busySecondsOfMachine()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    if (busySecondsOfMachine() - before < QUIET_CORES) return
  }
}

async function measure(subject: Subject, generator: Generator): Promise<Run> {
  const before = processorSeconds(subject.pid)
  const writtenBefore = writtenBytes(subject.pid)
  const busyBefore = busySecondsOfMachine()
  const stolenBefore = stolenSecondsOfMachine()
  const load = await generator.run(subject, connections, seconds)
  const after = processorSeconds(subject.pid)
  const requests = load.requestsPerSecond * seconds
  const each = (used: number) => (used / requests) * 1e6
  const own = after.total - before.total + load.processorSeconds
  return {
    perSecond: load.requestsPerSecond,
    failures: load.failures,
    total: each(after.total - before.total),
    main: each(after.main - before.main),
    store: each(after.store - before.store),
    generator: each(load.processorSeconds),
    writtenKib: (writtenBytes(subject.pid) - writtenBefore) / requests / 1024,
    foreignCores: Math.max(0, (busySecondsOfMachine() - busyBefore - own) / seconds),
    stolenCores: (stolenSecondsOfMachine() - stolenBefore) / seconds,
  }
}

function describe(name: string, run: Run): string {
  const micros = `${run.total.toFixed(1)} µs (main ${run.main.toFixed(1)}, store ${run.store.toFixed(1)}), generator ${run.generator.toFixed(1)} µs`
  return `  ${name.padEnd(9)} ${Math.round(run.perSecond)}/s, ${micros}, ${run.writtenKib.toFixed(2)} KiB written, others ${run.foreignCores.toFixed(2)} cores, stolen ${run.stolenCores.toFixed(2)}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function databaseBytes(dataDir: string): number {
  return statSync(join(dataDir, "belfry.db")).size
}

mkdirSync(values.data, { recursive: true })
const generator = chooseGenerator(values.data)
const data = await prepareData(values.data, existing)
const ratios: number[] = []
const belfryRuns: Run[] = []
{
  await using bare = await openBareServer()
  await using belfry = await openBelfry(data.dataDir, data.application)
  print(
    `${existing} devices; ${connections} connections; load from ${generator.name}; ready after ${Math.round(belfry.startMs)} ms`,
  )
  print(`resident after the start: ${Math.round(residentMegabytes(belfry.pid))} MB`)
  for (const subject of [bare, belfry]) await generator.run(subject, connections, WARM_UP_SECONDS)
  for (let round = 1; round <= rounds; round++) {
    const isBareFirst = round % 2 === 1
    await waitForQuiet()
    const first = await measure(isBareFirst ? bare : belfry, generator)
    const second = await measure(isBareFirst ? belfry : bare, generator)
    const [bareRun, belfryRun] = isBareFirst ? [first, second] : [second, first]
    const ratio = belfryRun.perSecond / bareRun.perSecond
    ratios.push(ratio)
    belfryRuns.push(belfryRun)
    print(`round ${round}: ratio ${ratio.toFixed(2)}`)
    print(describe("belfry", belfryRun))
    print(describe("node:http", bareRun))
    if (belfryRun.failures + bareRun.failures > 0) {
      print(`FAILED: ${belfryRun.failures} and ${bareRun.failures} requests were not answered with 2xx`)
      process.exitCode = 1
    }
  }
  print(`resident after the load: ${Math.round(residentMegabytes(belfry.pid))} MB`)
}
const devices = await countDevices(data)
print(
  `ratio: median ${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
)
print(
  `processor time per registration: median ${median(belfryRuns.map(({ total }) => total)).toFixed(1)} µs,` +
    ` main ${median(belfryRuns.map(({ main }) => main)).toFixed(1)}, store ${median(belfryRuns.map(({ store }) => store)).toFixed(1)}`,
)
print(`disk: ${(databaseBytes(data.dataDir) / devices).toFixed(0)} bytes for each of ${devices} devices`)
