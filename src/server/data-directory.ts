import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { makeDirectory } from "./make-directory.ts"
import { errorCode, reasonOf, StartError } from "./start-error.ts"

/** The files of a data directory. */
export interface DataDirectory {
  readonly path: string
  readonly database: string
  readonly masterKey: string
  /** Names the application that the first start makes; see first-application.ts. */
  readonly firstApplication: string
}

export function dataDirectoryAt(path: string): DataDirectory {
  return {
    path,
    database: join(path, "belfry.db"),
    masterKey: join(path, "master.key"),
    firstApplication: join(path, "first-application"),
  }
}

/** Makes sure that the directory exists, readable by its owner alone when made here. Throws StartError. */
export async function prepareDataDirectory(path: string): Promise<DataDirectory> {
  try {
    await makeDirectory(path)
  } catch (error) {
    if (errorCode(error) === "EEXIST") throw notADirectory(path)
    throw new StartError(`${cannotBeMade(path)}: ${reasonOf(error)}.`, { cause: error })
  }
  await requireAccess(path)
  return dataDirectoryAt(path)
}

/** Whether a start could make or use the directory; only looks. Throws StartError, in the words of that start. */
export async function checkDataDirectory(path: string): Promise<void> {
  const found = await nearestExisting(path)
  if (found.path === path) {
    if (!found.isDirectory) throw notADirectory(path)
    await requireAccess(path)
    return
  }
  if (!found.isDirectory) throw new StartError(`${cannotBeMade(path)}: a part of the path is a file.`)
  try {
    await access(found.path, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartError(`${cannotBeMade(path)}: ${reasonOf(error)}.`, { cause: error })
  }
}

async function nearestExisting(
  path: string,
): Promise<{ readonly path: string; readonly isDirectory: boolean }> {
  try {
    return { path, isDirectory: (await stat(path)).isDirectory() }
  } catch (error) {
    if (dirname(path) === path) throw error
    return nearestExisting(dirname(path))
  }
}

/** A directory in which a Belfry was started before. Throws StartError when there is none: a name may be misspelt. */
export async function existingDataDirectory(path: string): Promise<DataDirectory> {
  const directory = dataDirectoryAt(path)
  const found = await stat(path).catch(() => undefined)
  if (found !== undefined && !found.isDirectory()) throw notADirectory(path)
  if (found !== undefined) await requireAccess(path)
  if (!(await exists(directory.database))) {
    throw new StartError(
      `There is no Belfry data in ${path}. Name the directory with --data-dir, or start the server once with \`serve\`.`,
    )
  }
  return directory
}

export async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}

async function requireAccess(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new StartError(
      `The data directory ${path} cannot be written: ${reasonOf(error)}. Give it to the user that runs Belfry, or choose another with --data-dir.`,
      { cause: error },
    )
  }
}

function cannotBeMade(path: string): string {
  return `The data directory ${path} cannot be made`
}

function notADirectory(path: string): StartError {
  return new StartError(`The data directory ${path} is a file. Choose a directory with --data-dir.`)
}
