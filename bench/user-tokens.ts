import { mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { prepareData } from "./register/existing-devices.ts"
import { chooseGenerator, type Target } from "./register/load.ts"
import { processorSeconds } from "./register/machine.ts"
import { openBelfry } from "./register/subjects.ts"

/**
 * Registrations per second with user tokens beside those without, on one server, in turns: what a request costs more when
 * it says who its user is. `npm run bench:users -- --users 64 --rounds 5 --seconds 3 --connections 64`
 */

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "64" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    connections: { type: "string", default: "64" },
    data: { type: "string", default: join(tmpdir(), "belfry-bench") },
  },
})
const seconds = Number(values.seconds)

mkdirSync(values.data, { recursive: true })
const generator = chooseGenerator(values.data)
const data = await prepareData(values.data, 0)
await using belfry = await openBelfry(data.dataDir, data.application, ["--no-sandbox"])
const userTokens = await Promise.all(Array.from({ length: Number(values.users) }, () => newGuest(belfry)))

/** A guest is a user without a password, which would take 160 ms to hash. */
async function newGuest({ port, path }: Target): Promise<string> {
  const guest = path.replace("messaging/registrations", "users/register/guest")
  const response = await fetch(`http://127.0.0.1:${port}${guest}`, { method: "POST" })
  if (!response.ok) throw new Error(`no guest: ${await response.text()}`)
  return ((await response.json()) as { readonly "user-token": string })["user-token"]
}

async function measure(target: Target) {
  const before = processorSeconds(belfry.pid)
  const { requestsPerSecond, failures } = await generator.run(target, Number(values.connections), seconds)
  const after = processorSeconds(belfry.pid)
  if (failures > 0) throw new Error(`${failures} requests were not answered with 2xx`)
  return {
    perSecond: requestsPerSecond,
    micros: ((after.total - before.total) / (requestsPerSecond * seconds)) * 1e6,
  }
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

const plain = { port: belfry.port, path: belfry.path }
const withUsers = { ...plain, userTokens }
for (const target of [plain, withUsers]) await measure(target)
const ratios: number[] = []
for (let round = 1; round <= Number(values.rounds); round++) {
  const isPlainFirst = round % 2 === 1
  const first = await measure(isPlainFirst ? plain : withUsers)
  const second = await measure(isPlainFirst ? withUsers : plain)
  const [without, with_] = isPlainFirst ? [first, second] : [second, first]
  ratios.push(with_.perSecond / without.perSecond)
  process.stdout.write(
    `round ${round}: ${Math.round(with_.perSecond)}/s with, ${Math.round(without.perSecond)}/s without a user token;` +
      ` ${with_.micros.toFixed(1)} and ${without.micros.toFixed(1)} µs of processor time each\n`,
  )
}
process.stdout.write(`ratio: median ${median(ratios).toFixed(2)} of ${values.users} users\n`)
