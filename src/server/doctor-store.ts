import { DomainError } from "../domain/errors.ts"
import { deliveryRoutes } from "../service/delivery-routes.ts"
import type { Store } from "../store/store.ts"
import { readIfExists } from "./agreed-file.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { describeMasterKeyFault } from "./master-key.ts"
import type { Storage } from "./storage.ts"
import { WAL_ADVICE, walFault } from "./wal-size.ts"

/** Checks of what the data directory holds. */

/** Opened already, so its schema is one that this version knows. */
export async function checkStore(store: Store): Promise<Finding> {
  const { engine, schema, synchronous, file } = await store.describe()
  const found = `${engine}, schema ${schema}, synchronous ${synchronous}`
  if (synchronous !== "FULL") {
    return fail("store", found, "Anything but FULL loses acknowledged registrations in a power cut.")
  }
  try {
    await store.probe()
    const fault = await walFault(String(file))
    return fault === undefined ? ok("store", `${found}, writable`) : warn("store", fault, WAL_ADVICE)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return fail("store", `${found}, not writable`, error.message)
  }
}

export async function checkMasterKey(storage: Storage, given: Buffer | undefined): Promise<Finding> {
  const { masterKeyFault, directory, masterKeySource } = storage
  if (masterKeyFault !== undefined) {
    const { found, advice } = describeMasterKeyFault(masterKeyFault)
    return fail("master key", found, advice)
  }
  const file = await readIfExists(directory.masterKey)
  if (given !== undefined && file !== undefined && file.trim() !== given.toString("hex")) {
    return warn(
      "master key",
      `BELFRY_MASTER_KEY is used; ${directory.masterKey} holds another key that nothing needs`,
      "Remove the file, so that nobody takes it for the right one.",
    )
  }
  const source = masterKeySource === "environment" ? "BELFRY_MASTER_KEY" : directory.masterKey
  return ok("master key", `${source} opens the stored secrets; keep a copy of it apart from the data`)
}

const HELD = fail(
  "delivery",
  "nothing is delivered: without the right master key no credential can be opened, and messages wait",
  "Restore the master key, then restart the server.",
)

/** Credentials that are paused, and platforms whose messages go nowhere. */
export async function checkDelivery(
  { store, masterKey }: Pick<Storage, "store" | "masterKey">,
  sandbox: boolean,
): Promise<Finding[]> {
  const hasMasterKey = masterKey === "good"
  const findings: Finding[] = hasMasterKey ? [] : [HELD]
  for (const application of await store.applications.list()) {
    const { id, name } = application
    for (const { provider, pausedReason } of await store.credentials.list(application.number)) {
      if (pausedReason === undefined) continue
      findings.push(
        fail(
          "delivery",
          `the ${provider} credential of ${name} (${id}) is paused: ${pausedReason}`,
          `Correct it at the provider or set another one, then \`credentials resume ${provider} --app ${id}\`.`,
        ),
      )
    }
    const routes = await deliveryRoutes(store, application, { sandbox, hasMasterKey })
    const nowhere = routes.filter(({ to }) => to === "none").map(({ platform }) => platform.toUpperCase())
    if (nowhere.length === 0) continue
    findings.push(
      warn(
        "delivery",
        `messages of ${name} (${id}) for ${nowhere.join(", ")} are not sent: no credential, and the sandbox is off`,
        "Set the credential with `credentials set`, or leave out --no-sandbox.",
      ),
    )
  }
  return findings.length > 0
    ? findings
    : [ok("delivery", "every platform of every application has a way out")]
}
