import { mkdir, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { errorCode } from "./start-error.ts"

/**
 * Makes a directory and those above it that are missing, for their owner alone; one that exists stays as it is. Rejects as
 * `mkdir` does, with EEXIST for a file of that name. The recursive `mkdir` of Node never ends where a file system answers
 * ENOENT to whatever is made in it, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await makeOne(path)
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error
    await makeDirectory(dirname(path))
    await makeOne(path)
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (errorCode(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error
  }
}
