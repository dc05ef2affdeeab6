import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import { upperCaseUuid } from "../runtime/random.ts"
import { Applications, type ApplicationWithKeys } from "../service/applications.ts"
import { Hosts } from "../service/hosts.ts"
import { agreeOnFile } from "./agreed-file.ts"
import type { Storage } from "./storage.ts"

const FIRST_APPLICATION_NAME = "My App"
/** Host names under which the `/api/…` form works at once on the machine itself. */
const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
const UUID_BYTES = 16

export interface FirstApplicationOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/**
 * Makes the application "My App" in a store that never had one; returns it when this process made it. The id is agreed on
 * in a file beside the store, and the store takes an id once: of servers that start together on one data directory,
 * exactly one makes the application, and deleting it does not bring it back.
 */
export async function createFirstApplication(
  options: FirstApplicationOptions,
): Promise<ApplicationWithKeys | undefined> {
  const { storage, clock, random, log } = options
  const { store, sealer, directory } = storage
  if (storage.masterKey !== "good" || (await store.applications.list()).length > 0) return undefined
  const agreed = await agreeOnFile(directory.firstApplication, `${upperCaseUuid(random)}\n`, random)
  const id = agreed.content.trim()
  const applications = new Applications({ store, sealer, clock, random: beginningWith(id, random) })
  try {
    const application = await applications.create(FIRST_APPLICATION_NAME)
    if (application.id !== id)
      throw new Error(`the first application got the id ${application.id}, not ${id}`)
    for (const host of LOCAL_HOSTS) await new Hosts({ store, clock }).bind(id, host)
    return application
  } catch (error) {
    if ((await store.applications.byId(id)) !== undefined) return undefined
    if (agreed.isNew) throw error
    log.info({ applicationId: id, err: error }, "no application is made: the first one was deleted")
    return undefined
  }
}

/** Randomness whose first draw of 16 bytes is this id, so that `Applications.create` makes the agreed application. */
function beginningWith(id: string, random: Random): Random {
  let first: Buffer | undefined = Buffer.from(id.replaceAll("-", ""), "hex")
  return {
    fraction: () => random.fraction(),
    bytes(length) {
      const bytes = length === UUID_BYTES ? first : undefined
      if (bytes === undefined) return random.bytes(length)
      first = undefined
      return bytes
    },
  }
}
