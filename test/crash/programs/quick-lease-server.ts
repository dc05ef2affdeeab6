import { enableCompileCache } from "node:module"
import { join } from "node:path"
import { readConfig } from "../../../src/config/config.ts"
import { readEnvironment } from "../../../src/config/env.ts"
import type { DeliverySettings } from "../../../src/delivery/settings.ts"
import { systemClock } from "../../../src/runtime/clock.ts"
import { openLog } from "../../../src/runtime/log.ts"
import { systemRandom } from "../../../src/runtime/random.ts"

/**
 * `belfry serve` with a lease of less than a second instead of ten: a server that is killed every second would otherwise
 * spend nine tenths of a test waiting for the leases of its predecessor. Everything else is the product.
 */
enableCompileCache(join(import.meta.dirname, "../../../node_modules/.cache/belfry"))
const { openServer } = await import("../../../src/server.ts")

const flags = { "data-dir": process.argv[2] ?? "", port: "0", sandbox: false, "log-level": "error" }
const reading = readConfig(flags, readEnvironment())
if (!reading.ok) throw new Error(reading.faults.join("\n"))
const { config, secrets } = reading
const lease: Partial<DeliverySettings> = { leaseMs: 750, leaseMarginMs: 200, renewMs: 150 }
const server = await openServer({
  config: { ...config, delivery: { ...config.delivery, ...lease } },
  secrets,
  clock: systemClock,
  random: systemRandom,
  openLog: (subsystem) => openLog(config.logLevel, subsystem),
})
const { url, introduction } = server
const { id: applicationId, apiKeys } = introduction.application ?? {}
process.stdout.write(`${JSON.stringify({ url, applicationId, apiKeys })}\n`)
