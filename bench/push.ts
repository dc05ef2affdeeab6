import { parseArgs } from "node:util"
import { systemRandom } from "../src/runtime/random.ts"
import { createApnsCredential } from "../src/simulator/test-credentials.ts"
import { BelfryServer } from "./push/belfry-server.ts"
import { type Contender, openScript, setupFor } from "./push/contender.ts"
import { print } from "./push/figures.ts"
import { measureMemory } from "./push/memory.ts"
import { profilePushes } from "./push/profile.ts"
import { isInstalled, openReceiver } from "./push/receiver.ts"
import { calibrate, playRounds, printSummary } from "./push/rounds.ts"

/**
 * Pushes per second and processor time per push, end to end over TLS: a publish over HTTP, devices from the store, the
 * whole engine, outcomes in the store; beside a bare loop over the same provider port and beside the usual libraries,
 * which are given their tokens in memory. All send to the same nghttpd. Needs Linux.
 *
 * `npm run bench:push -- --rounds 5 --devices 100000 [--memory | --profile]`
 */

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    devices: { type: "string" },
    /** Only the memory of publishing to --devices (a million) beside a thousand. */
    memory: { type: "boolean", default: false },
    /** Only where the processor time goes. */
    profile: { type: "boolean", default: false },
  },
})

const STEPS = [5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 400_000]

async function compare(devices: number, rounds: number): Promise<void> {
  const channelSizes = [...STEPS.filter((step) => step < devices), devices]
  const apns = createApnsCredential(systemRandom)
  print(`preparing ${devices} devices on each of two platforms`)
  await using receiver = await openReceiver(devices)
  await using belfry = await BelfryServer.open({ channelSizes, receiver, apns, withFcm: true })
  const setup = setupFor(receiver, apns, devices)
  await using loop = await openScript("bare provider port", "port-loop.ts", setup)
  await using nodeApn = await openScript("@parse/node-apn", "node-apn.ts", setup)
  await using firebase = await openScript("firebase-admin", "firebase-admin.ts", setup)
  const contenders: readonly Contender[] = [
    belfry.contender("Belfry, APNs", "IOS"),
    belfry.contender("Belfry, FCM", "ANDROID"),
    loop,
    nodeApn,
    firebase,
  ]
  const sizes = await calibrate(contenders)
  printSummary(await playRounds(contenders, sizes, rounds, receiver.pid))
}

if (!isInstalled()) {
  print(
    "nghttpd is missing. Install it: apt-get install nghttp2-server (Debian, Ubuntu), brew install nghttp2.",
  )
  process.exitCode = 1
} else if (values.memory) {
  await measureMemory(Number(values.devices ?? 1_000_000))
} else if (values.profile) {
  await profilePushes(Number(values.devices ?? 50_000))
} else {
  await compare(Number(values.devices ?? 100_000), Number(values.rounds))
}
