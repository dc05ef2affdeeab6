import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
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
import { openBareServer, openBelfry, openPrototype, type Subject } from "./register/subjects.ts"

/**
 * Durable registrations of distinct random devices per second, beside a bare node:http server that parses the same
 * bodies: the ratio of the two in each round, because a machine that others use makes every absolute figure a matter of
 * luck. Needs Linux. `npm run bench:register -- --existing 1000000 --rounds 5 --seconds 3 --connections 64 --data DIR`
 *
 * `--prototype` runs the prototype from which the bar was taken as well. It reached 0.77 where it was made; how much it
 * reaches here says how much of a ratio is the machine's.
 */

const { values } = parseArgs({
  options: {
    existing: { type: "string", default: "0" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    /** Seconds to wait before each run for a moment in which other programs leave the machine alone. */
    patience: { type: "string", default: "20" },
    prototype: { type: "boolean", default: false },
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

interface Contestant {
  readonly name: string
  readonly subject: Subject
  /** One of each round. */
  readonly runs: Run[]
}

function contestant(name: string, subject: Subject): Contestant {
  return { name, subject, runs: [] }
}

function ratios(one: Contestant, bare: Contestant): readonly number[] {
  return one.runs.map(({ perSecond }, round) => perSecond / (bare.runs[round]?.perSecond ?? Number.NaN))
}

function printRatio(one: Contestant, bare: Contestant): void {
  const all = ratios(one, bare)
  const range = `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)}`
  print(`ratio of ${one.name} to ${bare.name}: median ${median(all).toFixed(2)}, ${range}`)
}

function printTimes(runs: readonly Run[]): void {
  const [total, main, store] = (["total", "main", "store"] as const).map((part) =>
    median(runs.map((run) => run[part])).toFixed(1),
  )
  print(`processor time per registration: median ${total} µs, main ${main}, store ${store}`)
}

function databaseBytes(dataDir: string): number {
  return statSync(join(dataDir, "belfry.db")).size
}

mkdirSync(values.data, { recursive: true })
const generator = chooseGenerator(values.data)
const data = await prepareData(values.data, existing)
{
  await using servers = new AsyncDisposableStack()
  const bare = contestant("node:http", servers.use(await openBareServer()))
  const belfry = contestant("belfry", servers.use(await openBelfry(data.dataDir, data.application)))
  const contestants = [bare, belfry]
  if (values.prototype) {
    const file = join(mkdtempSync(join(values.data, "prototype-")), "prototype.db")
    servers.defer(() => rmSync(dirname(file), { recursive: true }))
    contestants.push(contestant("prototype", servers.use(await openPrototype(file))))
  }
  const { startMs, pid } = belfry.subject
  print(
    `${existing} devices; ${connections} connections; load from ${generator.name}; ready after ${Math.round(startMs)} ms`,
  )
  print(`resident after the start: ${Math.round(residentMegabytes(pid))} MB`)
  for (const { subject } of contestants) await generator.run(subject, connections, WARM_UP_SECONDS)
  for (let round = 1; round <= rounds; round++) {
    await waitForQuiet()
    const order = round % 2 === 1 ? contestants : contestants.toReversed()
    for (const { subject, runs } of order) runs.push(await measure(subject, generator))
    print(`round ${round}: ratio ${ratios(belfry, bare).at(-1)?.toFixed(2)}`)
    for (const { name, runs } of contestants) print(describe(name, runs.at(-1) as Run))
  }
  print(`resident after the load: ${Math.round(residentMegabytes(pid))} MB`)
  for (const one of contestants.slice(1)) printRatio(one, bare)
  printTimes(belfry.runs)
  const failures = contestants.flatMap(({ runs }) => runs).reduce((sum, run) => sum + run.failures, 0)
  if (failures > 0) {
    print(`FAILED: ${failures} requests were not answered with 2xx`)
    process.exitCode = 1
  }
}
const devices = await countDevices(data)
print(`disk: ${(databaseBytes(data.dataDir) / devices).toFixed(0)} bytes for each of ${devices} devices`)
