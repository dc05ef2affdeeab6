import { busySecondsOfMachine, processorSeconds } from "../register/machine.ts"
import type { Contender } from "./contender.ts"
import { median, print, spread } from "./figures.ts"

/** Contenders in turn, round by round: ratios within a round survive a machine that others use. */

export interface Measured {
  readonly pushes: number
  readonly perSecond: number
  /** Processor time in microseconds for each push. */
  readonly micros: number
  readonly mainMicros: number
  readonly storeMicros: number
  readonly receiverMicros: number
  readonly failed: number
  /** Cores that other programs kept busy. */
  readonly foreignCores: number
}

/** About so long takes a run: long enough for processor time, which Linux counts in hundredths of a second. */
const RUN_SECONDS = 3
const WARM_UP_PUSHES = 5_000

export async function measure(contender: Contender, pushes: number, receiverPid: number): Promise<Measured> {
  const before = processorSeconds(contender.pid)
  const receiverBefore = processorSeconds(receiverPid).total
  const busyBefore = busySecondsOfMachine()
  const result = await contender.run(pushes)
  const after = processorSeconds(contender.pid)
  const receiver = processorSeconds(receiverPid).total - receiverBefore
  const each = (seconds: number) => (seconds / result.pushes) * 1e6
  const own = after.total - before.total
  return {
    pushes: result.pushes,
    perSecond: result.pushes / result.seconds,
    micros: each(own),
    mainMicros: each(after.main - before.main),
    storeMicros: each(after.store - before.store),
    receiverMicros: each(receiver),
    failed: result.failed,
    foreignCores: Math.max(0, (busySecondsOfMachine() - busyBefore - own - receiver) / result.seconds),
  }
}

/** Warms each contender up and returns how many pushes make a run of it. */
export async function calibrate(contenders: readonly Contender[]): Promise<ReadonlyMap<Contender, number>> {
  const sizes = new Map<Contender, number>()
  for (const contender of contenders) {
    const { pushes, seconds } = await contender.run(WARM_UP_PUSHES)
    const wanted = Math.round((pushes / seconds) * RUN_SECONDS)
    sizes.set(contender, Math.min(contender.pushesMax, Math.max(WARM_UP_PUSHES, wanted)))
  }
  return sizes
}

export type Rounds = ReadonlyMap<string, readonly Measured[]>

export async function playRounds(
  contenders: readonly Contender[],
  sizes: ReadonlyMap<Contender, number>,
  rounds: number,
  receiverPid: number,
): Promise<Rounds> {
  const measured = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 1; round <= rounds; round += 1) {
    print(`round ${round}`)
    const order = round % 2 === 1 ? contenders : contenders.toReversed()
    for (const contender of order) {
      const run = await measure(contender, sizes.get(contender) ?? WARM_UP_PUSHES, receiverPid)
      measured.get(contender.name)?.push(run)
      print(describe(contender.name, run))
      if (run.failed > 0) {
        print(
          `  FAILED: ${run.failed} pushes of ${contender.name} were not accepted; the figures do not count`,
        )
        process.exitCode = 1
      }
    }
  }
  return measured
}

function describe(name: string, run: Measured): string {
  const { perSecond, micros, mainMicros, storeMicros, receiverMicros, foreignCores } = run
  const parts = `${micros.toFixed(0)} µs (main ${mainMicros.toFixed(0)}, next ${storeMicros.toFixed(0)})`
  return `  ${name.padEnd(16)} ${String(Math.round(perSecond)).padStart(7)}/s, ${parts}, receiver ${receiverMicros.toFixed(0)} µs, others ${foreignCores.toFixed(2)} cores`
}

/** The medians of all, and the ratios of the first to each of the others. */
export function printSummary(measured: Rounds): void {
  print("\nmedian (least to most)")
  for (const [name, runs] of measured) {
    const rates = spread(
      runs.map(({ perSecond }) => perSecond),
      0,
    )
    const micros = spread(
      runs.map((run) => run.micros),
      1,
    )
    print(`  ${name.padEnd(16)} ${rates} pushes/s; ${micros} µs of processor time per push`)
  }
  const [first, ...others] = [...measured]
  if (first === undefined) return
  print(`\n${first[0]} beside the others: ratio in each round, median (least to most)`)
  for (const [name, runs] of others) {
    const ratio = (of: (run: Measured) => number) =>
      first[1].map((run, round) => of(run) / of(runs[round] as Measured))
    const faster = spread(
      ratio(({ perSecond }) => perSecond),
      2,
    )
    const dearer = spread(
      ratio(({ micros }) => micros),
      2,
    )
    print(`  ${name.padEnd(16)} pushes/s ${faster}; processor time ${dearer}`)
  }
}

export function medianMicros(measured: Rounds, name: string): number {
  return median((measured.get(name) ?? []).map(({ micros }) => micros))
}
