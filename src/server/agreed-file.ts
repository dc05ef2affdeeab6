import { link, open, readFile, unlink } from "node:fs/promises"
import { dirname } from "node:path"
import type { Random } from "../runtime/random.ts"
import { errorCode, reasonOf, StartError } from "./start-error.ts"

/** The content of a file, or undefined when there is none. */
export async function readIfExists(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8")
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined
    throw new StartError(`The file ${file} cannot be read: ${reasonOf(error)}.`, { cause: error })
  }
}

/**
 * The content on which all processes agree: what the file holds, or else `proposal`, which then is on stable storage,
 * mode 0600. Of several processes that start at once, one proposal wins; an existing file is never replaced. Linking is
 * the only way to do that: a rename would overwrite, and writing in place would show a half-written file.
 */
export async function agreeOnFile(
  file: string,
  proposal: string,
  random: Random,
): Promise<{ readonly content: string; readonly isNew: boolean }> {
  const existing = await readIfExists(file)
  if (existing !== undefined) return { content: existing, isNew: false }
  const draft = `${file}.${random.bytes(8).toString("hex")}.new`
  try {
    await writeDurably(draft, proposal)
    const isNew = await linkUnlessTaken(draft, file)
    await unlink(draft)
    await syncDirectory(dirname(file))
    return isNew ? { content: proposal, isNew } : { content: await readFile(file, "utf8"), isNew }
  } catch (error) {
    await unlink(draft).catch(() => {})
    throw new StartError(`The file ${file} cannot be made: ${reasonOf(error)}.`, { cause: error })
  }
}

async function writeDurably(file: string, content: string): Promise<void> {
  const handle = await open(file, "wx", 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function linkUnlessTaken(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false
    throw error
  }
}

/** Without it, a power cut may forget the name of a file whose content is safe. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined)
  try {
    await handle?.sync()
  } catch {
    // Some systems cannot synchronise a directory; they order its changes themselves.
  } finally {
    await handle?.close()
  }
}
