import type { ConfigReading } from "../config/config.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts"
import { checkDataDirectory, dataDirectoryAt, existingDataDirectory, exists } from "./data-directory.ts"
import { checkClock, checkDisk, checkNode, checkPermissions } from "./doctor-machine.ts"
import { checkAddress, checkPort, checkProxies } from "./doctor-network.ts"
import { checkDelivery, checkMasterKey, checkStore } from "./doctor-store.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { StartError } from "./start-error.ts"
import { openStorage, type Storage } from "./storage.ts"

export interface DoctorOptions {
  readonly reading: ConfigReading
  readonly clock: Clock
  readonly random: Random
}

/** Looks at everything that can keep Belfry from working and says what to do. Never rejects for what it finds. */
export async function examine({ reading, clock, random }: DoctorOptions): Promise<readonly Finding[]> {
  const findings = [checkNode(process.versions.node)]
  if (!reading.ok)
    return [...findings, ...reading.faults.map((fault) => fail("settings", fault, "Correct it."))]
  const { config, secrets } = reading
  findings.push(...checkSettings(reading), checkAddress(config.host))
  findings.push(checkProxies(config.proxies.trustedProxies))
  findings.push(await checkDisk(config.dataDir))
  findings.push(await checkClock(clock.now(), dataDirectoryAt(config.dataDir)))
  findings.push(
    ...(await checkData(
      { dataDir: config.dataDir, masterKey: secrets.masterKey, clock, random },
      config.sandbox,
    )),
  )
  findings.push(await checkPort(config.host, config.port))
  return findings
}

function checkSettings({ warnings, given }: Extract<ConfigReading, { ok: true }>): Finding[] {
  if (warnings.length > 0)
    return warnings.map((warning) => warn("settings", warning, "Correct or remove it."))
  const names = Object.keys(given)
  return [ok("settings", names.length === 0 ? "all at their defaults" : `given: ${names.join(", ")}`)]
}

type DataOptions = Pick<Parameters<typeof openStorage>[0], "dataDir" | "masterKey" | "clock" | "random">

async function checkData(options: DataOptions, sandbox: boolean): Promise<Finding[]> {
  const { dataDir } = options
  try {
    await checkDataDirectory(dataDir)
    if (!(await exists(dataDir))) {
      return [ok("data directory", `${dataDir} does not exist yet; serve makes it`)]
    }
    if (!(await exists(dataDirectoryAt(dataDir).database))) {
      return [ok("data directory", `${dataDir} holds no data yet; serve begins it`)]
    }
    const permissions = await checkPermissions(await existingDataDirectory(dataDir))
    await using storage = await openStorage({
      ...options,
      need: "existing",
      openStore: openSqliteStore,
      onStoreLost: () => {},
    })
    return [...permissions, ...(await checkOpened(storage, options, sandbox))]
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    return [fail("data directory", error.message, "Start nothing before it is corrected.")]
  }
}

async function checkOpened(storage: Storage, options: DataOptions, sandbox: boolean): Promise<Finding[]> {
  return [
    await checkStore(storage.store),
    await checkMasterKey(storage, options.masterKey),
    ...(await checkDelivery(storage, sandbox)),
  ]
}
