import type { Random } from "../runtime/random.ts"
import { SealError, type Sealer } from "../runtime/sealer.ts"
import { agreeOnFile, readIfExists } from "./agreed-file.ts"
import { type DataDirectory, exists } from "./data-directory.ts"
import { StartError } from "./start-error.ts"

/** The key that seals secrets at rest (design D12; reliability 2.8). */
export interface MasterKey {
  readonly key: Buffer
  readonly source: "environment" | "file"
}

const KEY_BYTES = 32
const FILE_CONTENT = /^[0-9a-f]{64}\s*$/i

/**
 * The master key: the given one, else that of the file `master.key`, which is made when the store does not exist yet.
 * Undefined when the store exists and its key is gone: making another would hide the loss. Throws StartError when the file
 * holds something else. Call it before the store is opened, so that a store without a key is never a race.
 */
export async function openMasterKey(
  given: Buffer | undefined,
  directory: DataDirectory,
  random: Random,
): Promise<MasterKey | undefined> {
  if (given !== undefined) return { key: given, source: "environment" }
  const hadStore = await exists(directory.database)
  const content = await readIfExists(directory.masterKey)
  if (content !== undefined) return { key: parsed(content, directory), source: "file" }
  if (hadStore) return undefined
  const proposal = `${random.bytes(KEY_BYTES).toString("hex")}\n`
  const agreed = await agreeOnFile(directory.masterKey, proposal, random)
  return { key: parsed(agreed.content, directory), source: "file" }
}

function parsed(content: string, { masterKey }: DataDirectory): Buffer {
  if (FILE_CONTENT.test(content)) return Buffer.from(content.trim(), "hex")
  throw new StartError(
    `The file ${masterKey} does not hold a master key (64 hexadecimal digits): restore it from a backup, or set BELFRY_MASTER_KEY.`,
  )
}

/** What is wrong with a master key. */
export type MasterKeyFault =
  | { readonly state: "missing" }
  | { readonly state: "wrong"; readonly source: MasterKey["source"] }

/** The same in words: what is wrong, and what to do. Names no path: it is answered to administrators over HTTP too. */
export function describeMasterKeyFault(fault: MasterKeyFault): {
  readonly found: string
  readonly advice: string
} {
  if (fault.state === "missing") {
    return {
      found:
        "the master key is missing: the data directory has no file master.key, and BELFRY_MASTER_KEY is not set",
      advice: "Restore the file from a backup, or set BELFRY_MASTER_KEY.",
    }
  }
  if (fault.source === "environment") {
    return {
      found: "BELFRY_MASTER_KEY is not the key that sealed the stored secrets",
      advice:
        "Set it to the right key, or leave it out if that is in the file master.key of the data directory.",
    }
  }
  return {
    found: "the file master.key of the data directory is not the key that sealed the stored secrets",
    advice: "Restore the right file from a backup, or set BELFRY_MASTER_KEY.",
  }
}

/** In place of a sealer while the right master key is missing: registering works, every secret is out of reach. */
export function lockedSealer(fault: MasterKeyFault): Sealer {
  const { found, advice } = describeMasterKeyFault(fault)
  const refuse = (): never => {
    throw new SealError(`Stored secrets can be neither opened nor added: ${found}. ${advice}`)
  }
  return { seal: refuse, open: refuse }
}
