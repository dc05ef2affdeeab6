import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemRandom } from "../../src/runtime/random.ts"
import { createApnsCredential } from "../../src/simulator/test-credentials.ts"
import { BelfryServer } from "./belfry-server.ts"
import { print } from "./figures.ts"
import { openReceiver } from "./receiver.ts"

/** Where the processor time of a push goes: the sampling profiler of V8 over every thread of the server. */

const PUBLISHES = 3
const FUNCTIONS_SHOWN = 25

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export async function profilePushes(devices: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "belfry-bench-profile-"))
  const apns = createApnsCredential(systemRandom)
  {
    await using receiver = await openReceiver(devices)
    const nodeOptions = ["--cpu-prof", `--cpu-prof-dir=${folder}`]
    await using server = await BelfryServer.open({
      channelSizes: [1_000, devices],
      receiver,
      apns,
      nodeOptions,
    })
    await server.publish(1_000, "IOS")
    for (let run = 0; run < PUBLISHES; run += 1) await server.publish(devices, "IOS")
  }
  const pushes = PUBLISHES * devices
  for (const file of readdirSync(folder)) {
    const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as CpuProfile
    print(`\n${join(folder, file)}`)
    printTotals("by place", totals(profile, placeOf), pushes, 20)
    printTotals("by function", totals(profile, functionOf), pushes, FUNCTIONS_SHOWN)
  }
}

function totals(profile: CpuProfile, keyOf: (node: ProfileNode) => string): ReadonlyMap<string, number> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const sums = new Map<string, number>()
  for (const [index, id] of profile.samples.entries()) {
    const node = nodes.get(id)
    if (node === undefined || node.callFrame.functionName === "(idle)") continue
    const key = keyOf(node)
    sums.set(key, (sums.get(key) ?? 0) + (profile.timeDeltas[index] ?? 0))
  }
  return sums
}

/** The folder of our own code, the package of others', or what Node does by itself. */
function placeOf({ callFrame: { functionName, url } }: ProfileNode): string {
  const own = /\/(src\/[\w-]+(?:\/[\w-]+)?)\//.exec(url)?.[1]
  const foreign = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (functionName.startsWith("(")) return functionName
  return foreign ?? own ?? (url.startsWith("node:") ? url.split("/", 3).join("/") : "native code")
}

function functionOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^.*\/(src|node_modules)\//, "$1/")
  return `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`
}

function printTotals(title: string, sums: ReadonlyMap<string, number>, pushes: number, shown: number): void {
  print(`  µs per push ${title}`)
  const ordered = [...sums].sort(([, a], [, b]) => b - a).slice(0, shown)
  for (const [key, micros] of ordered) print(`  ${(micros / pushes).toFixed(2).padStart(8)}  ${key}`)
}
