import { readdirSync, readFileSync } from "node:fs"

/** What Linux knows of processes; ticks are hundredths of a second. */

const TICKS_PER_SECOND = 100

export interface ProcessorSeconds {
  readonly total: number
  /** Of the first thread, on which requests are answered. */
  readonly main: number
  /** Of the busiest other thread: that of the store. */
  readonly store: number
}

/** Zeros for a process that has ended. */
export function processorSeconds(pid: number): ProcessorSeconds {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => ({
      isMain: thread === String(pid),
      seconds: secondsOf(readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8")),
    }))
    const others = threads.filter(({ isMain }) => !isMain).map(({ seconds }) => seconds)
    return {
      total: secondsOf(readFileSync(`/proc/${pid}/stat`, "utf8")),
      main: threads.find(({ isMain }) => isMain)?.seconds ?? 0,
      store: Math.max(0, ...others),
    }
  } catch {
    return { total: 0, main: 0, store: 0 }
  }
}

export function busySecondsOfMachine(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticksOfMachine()
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND
}

/** In which a virtual machine wanted to work and its host let it wait: whatever else is measured then says little. */
export function stolenSecondsOfMachine(): number {
  return (ticksOfMachine()[7] ?? 0) / TICKS_PER_SECOND
}

function ticksOfMachine(): number[] {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? ""
  return line.split(/ +/).slice(1).map(Number)
}

export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024
}

/** Bytes that the process handed to the operating system to write, sockets included. */
export function writtenBytes(pid: number): number {
  return Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1])
}

function secondsOf(stat: string): number {
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
