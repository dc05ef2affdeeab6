import { stat, statfs } from "node:fs/promises"
import { dirname } from "node:path"
import type { DataDirectory } from "./data-directory.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"

/** Checks of the machine that Belfry runs on. */

const NODE_MAJOR_MIN = 24

/** `version` as `process.versions.node` has it. */
export function checkNode(version: string): Finding {
  const major = Number(version.split(".", 1)[0])
  if (major >= NODE_MAJOR_MIN) return ok("node", `Node ${version}`)
  return fail(
    "node",
    `Node ${version} is too old`,
    `Use Node ${NODE_MAJOR_MIN} or later; \`npm ci\` installs one.`,
  )
}

const MIB = 1_048_576
/** A full disk stops every registration; a checkpoint of the write-ahead log alone may need 256 MiB. */
const DISK_FAIL_BYTES = 256 * MIB
const DISK_WARN_BYTES = 2048 * MIB

/** The disk of the directory, or of the nearest one above that exists. */
export async function checkDisk(directory: string): Promise<Finding> {
  const { bavail, bsize } = await nearestStatfs(directory)
  const free = bavail * bsize
  const found = `${Math.floor(free / MIB)} MiB are free`
  const advice = "Free some space, or move the data directory to a larger disk."
  if (free < DISK_FAIL_BYTES) return fail("disk", found, advice)
  return free < DISK_WARN_BYTES ? warn("disk", found, advice) : ok("disk", found)
}

async function nearestStatfs(
  directory: string,
): Promise<{ readonly bavail: number; readonly bsize: number }> {
  const above = dirname(directory)
  if (above === directory) return statfs(directory)
  return statfs(directory).catch(() => nearestStatfs(above))
}

/** 2026-01-01: this program did not exist before. */
const EARLIEST_NOW_MS = 1_767_225_600_000
/** How far two clocks of one machine may differ: its own, and that of the file server with its data. */
const SKEW_MS = 300_000
const CLOCK_ADVICE =
  "Set the clock (NTP): the providers refuse tokens that were signed at a wrong time, and expirations depend on it."

/** The wall clock against the age of this program and the latest change of the data. */
export async function checkClock(now: number, { database }: DataDirectory): Promise<Finding> {
  if (now < EARLIEST_NOW_MS) return fail("clock", "the clock is years behind", CLOCK_ADVICE)
  const times = await Promise.all([database, `${database}-wal`].map(modifiedAt))
  const aheadMs = Math.max(...times) - now
  if (aheadMs <= SKEW_MS) return ok("clock", "plausible")
  const found = `the data was changed ${Math.round(aheadMs / 1000)} s in the future: the clock went back`
  return fail("clock", found, CLOCK_ADVICE)
}

async function modifiedAt(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0
}

const OTHERS = 0o077

/** Who else may read the secrets. Windows keeps no such modes. */
export async function checkPermissions(directory: DataDirectory): Promise<Finding[]> {
  if (process.platform === "win32") return []
  const { path, masterKey, database } = directory
  const open = []
  for (const file of [path, masterKey, database]) {
    const mode = (await stat(file).catch(() => undefined))?.mode ?? 0
    if ((mode & OTHERS) !== 0) open.push(file)
  }
  if (open.length === 0) return [ok("permissions", "only the owner reads the data directory")]
  // Inside a closed directory, the modes of the files do not matter.
  if (!open.includes(path)) return [ok("permissions", "the data directory is closed to other users")]
  return [
    warn(
      "permissions",
      `other users of the machine may read ${open.join(", ")}`,
      `chmod 700 ${path} && chmod -R go-rwx ${path}`,
    ),
  ]
}
