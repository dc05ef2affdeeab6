import { readFileSync, writeFileSync } from "node:fs"
import { systemRandom } from "../../src/runtime/random.ts"
import { createApnsCredential } from "../../src/simulator/test-credentials.ts"
import { BelfryServer } from "./belfry-server.ts"
import { print } from "./figures.ts"
import { openReceiver } from "./receiver.ts"

/** How much more memory a large audience takes than a small one, of the server process, with the receiver outside. */

const SMALL = 1_000
/** From here on the heap has grown to the size that the rate of sending asks for. */
const MEDIUM = 100_000
/** Reliability, I6, asks for 32 MB between 10 000 and 10 million; this is the promise for a million. */
const DIFFERENCE_MB_MAX = 64
const SMALL_RUNS = 5

interface Memory {
  /** The most that was resident at once, in MB; of that, what is no file. */
  readonly peak: number
  readonly anonymous: number
}

export async function measureMemory(devices: number): Promise<void> {
  const apns = createApnsCredential(systemRandom)
  await using receiver = await openReceiver(devices)
  print(`registering ${devices} devices`)
  const channelSizes = [...new Set([SMALL, Math.min(MEDIUM, devices), devices])]
  await using server = await BelfryServer.open({ channelSizes, receiver, apns })
  for (let run = 0; run < SMALL_RUNS; run += 1) await server.publish(SMALL, "IOS")
  const peaks: Memory[] = []
  for (const size of [...channelSizes, SMALL]) {
    const peak = await peakDuring(server.pid, () => server.publish(size, "IOS"))
    peaks.push(peak)
    print(`publishing to ${size}: peak ${text(peak)}`)
  }
  const [small, medium, large] = peaks as [Memory, Memory, Memory]
  print(`${devices} beside ${MEDIUM}: ${(large.peak - medium.peak).toFixed(1)} MB more`)
  const difference = large.peak - small.peak
  print(
    `${devices} beside ${SMALL}: ${difference.toFixed(1)} MB more (at most ${DIFFERENCE_MB_MAX} are promised)`,
  )
  if (difference > DIFFERENCE_MB_MAX) process.exitCode = 1
}

async function peakDuring(pid: number, work: () => Promise<unknown>): Promise<Memory> {
  // Starts the counting of the peak anew (proc_pid_clear_refs).
  writeFileSync(`/proc/${pid}/clear_refs`, "5")
  let anonymous = 0
  const watch = setInterval(() => {
    anonymous = Math.max(anonymous, megabytes(pid, "RssAnon"))
  }, 100)
  await work()
  clearInterval(watch)
  return { peak: megabytes(pid, "VmHWM"), anonymous: Math.max(anonymous, megabytes(pid, "RssAnon")) }
}

function megabytes(pid: number, line: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1]) / 1024
}

function text({ peak, anonymous }: Memory): string {
  return `${peak.toFixed(1)} MB resident, ${anonymous.toFixed(1)} MB of it not files`
}
