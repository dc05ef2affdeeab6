import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { openSealer, SealError, type Sealer } from "../runtime/sealer.ts"
import { Applications } from "../service/applications.ts"
import type { Store } from "../store/store.ts"
import { type DataDirectory, existingDataDirectory, prepareDataDirectory } from "./data-directory.ts"
import { lockedSealer, type MasterKey, type MasterKeyFault, openMasterKey } from "./master-key.ts"
import { StartError } from "./start-error.ts"

/** Opens the store of a data directory, on this thread or on one of its own. */
export type OpenStore = (options: {
  readonly file: string
  readonly random: Random
  readonly now: number
  readonly onFailure: (error: Error) => void
}) => Store | Promise<Store>

export interface StorageOptions {
  readonly dataDir: string
  /** From the environment; undefined: the file in the data directory. */
  readonly masterKey: Buffer | undefined
  /** "existing" refuses a directory without data instead of making it. */
  readonly need: "existing" | "create"
  readonly clock: Clock
  readonly random: Random
  readonly openStore: OpenStore
  /** Called once when the open store is lost for good: the process can do nothing but end. */
  readonly onStoreLost: (error: Error) => void
}

/** `good`: it opens what the store holds sealed, or the store holds nothing yet. */
export type MasterKeyState = "good" | MasterKeyFault["state"]

/** The data directory, its store and the key to its secrets. Disposing closes the store. */
export interface Storage extends AsyncDisposable {
  readonly directory: DataDirectory
  readonly store: Store
  /** Throws SealError on every use unless `masterKey` is "good". */
  readonly sealer: Sealer
  readonly masterKey: MasterKeyState
  /** Undefined when `masterKey` is "good". */
  readonly masterKeyFault: MasterKeyFault | undefined
  readonly masterKeySource: MasterKey["source"] | undefined
}

/** Throws StartError, in words for the operator, for everything that can be wrong with a data directory. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { clock, random, openStore, onStoreLost } = options
  const directory =
    options.need === "create"
      ? await prepareDataDirectory(options.dataDir)
      : await existingDataDirectory(options.dataDir)
  const key = await openMasterKey(options.masterKey, directory, random)
  const file = directory.database
  const store = await openTranslated(openStore, { file, random, now: clock.now(), onFailure: onStoreLost })
  try {
    const { sealer, fault } = await sealerOf(key, { store, clock, random })
    return {
      directory,
      store,
      sealer,
      masterKey: fault?.state ?? "good",
      masterKeyFault: fault,
      masterKeySource: key?.source,
      [Symbol.asyncDispose]: () => store.close(),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function openTranslated(openStore: OpenStore, options: Parameters<OpenStore>[0]): Promise<Store> {
  try {
    return await openStore(options)
  } catch (error) {
    throw storeFault(error, options.file)
  }
}

/** How SQLite says that the user may not write, or not even read, a file. */
const NOT_PERMITTED = /readonly database|unable to open database file/

/** By name: an error that crosses a thread keeps its name and loses its class and its code. */
function storeFault(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error
  if (error.name === "NewerSchemaError") return new StartError(error.message, { cause: error })
  if (error.name !== "SqliteError") return error
  const reason = error.message.split("\n", 1)[0]?.replace(/^SqliteError: /, "") ?? ""
  if (NOT_PERMITTED.test(reason)) {
    return new StartError(
      `The store ${file} cannot be opened for writing: permission denied. Give it, with the files beside it that begin with its name, to the user that runs Belfry, or choose another --data-dir.`,
      { cause: error },
    )
  }
  return new StartError(
    `The store ${file} cannot be opened: ${reason}. Restore it from a backup, or choose another --data-dir.`,
    { cause: error },
  )
}

async function sealerOf(
  key: MasterKey | undefined,
  parts: Omit<ConstructorParameters<typeof Applications>[0], "sealer">,
): Promise<{ readonly sealer: Sealer; readonly fault: MasterKeyFault | undefined }> {
  const sealer = key && openSealer(key.key, parts.random)
  if (sealer !== undefined && (await opensSealedKeys({ ...parts, sealer }))) {
    return { sealer, fault: undefined }
  }
  const fault: MasterKeyFault =
    key === undefined ? { state: "missing" } : { state: "wrong", source: key.source }
  return { sealer: lockedSealer(fault), fault }
}

async function opensSealedKeys(parts: ConstructorParameters<typeof Applications>[0]): Promise<boolean> {
  const applications = new Applications(parts)
  const first = (await applications.list())[0]
  if (first === undefined) return true
  try {
    await applications.show(first.id)
    return true
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}
