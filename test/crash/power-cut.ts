import { execFile } from "node:child_process"
import { cp, mkdir, realpath, rm } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const SOURCE = fileURLToPath(new URL("./power-cut-shim.c", import.meta.url))
const COMPILERS = ["cc", "gcc", "clang"]

/** The compiled shim, or why there is none. */
export async function compileShim(
  directory: string,
): Promise<{ readonly file: string } | { readonly missing: string }> {
  if (process.platform !== "linux")
    return { missing: `LD_PRELOAD and /proc are Linux's, not ${process.platform}'s` }
  const file = join(directory, "power-cut-shim.so")
  const parameters = [
    "-O1",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-shared",
    "-fPIC",
    "-o",
    file,
    SOURCE,
    "-ldl",
    "-lpthread",
  ]
  for (const compiler of COMPILERS) {
    try {
      await promisify(execFile)(compiler, parameters)
      return { file }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error
    }
  }
  return { missing: `none of the C compilers ${COMPILERS.join(", ")} is installed` }
}

/** A directory on a disk that forgets at a power cut what was not synchronised. */
export class CuttableDirectory {
  readonly path: string
  readonly #shadow: string
  readonly #shim: string

  private constructor(path: string, shadow: string, shim: string) {
    this.path = path
    this.#shadow = shadow
    this.#shim = shim
  }

  /** Makes `path`, empty, and beside it the shadow. */
  static async make(path: string, shim: string): Promise<CuttableDirectory> {
    await mkdir(path, { recursive: true })
    const directory = new CuttableDirectory(await realpath(path), `${path}.shadow`, shim)
    await directory.#renewShadow()
    return directory
  }

  /** For the program that writes there. */
  get environment(): Readonly<Record<string, string>> {
    return { LD_PRELOAD: this.#shim, POWER_CUT_WATCHED: this.path, POWER_CUT_SHADOW: this.#shadow }
  }

  /** The machine starts again: what was not synchronised is gone. The writer must have been killed. */
  async losePower(): Promise<void> {
    await rm(this.path, { recursive: true })
    await cp(this.#left, this.path, { recursive: true })
    await this.#renewShadow()
  }

  get #left(): string {
    return join(this.#shadow, "files")
  }

  /** Everything that a start finds on the disk is on the disk. */
  async #renewShadow(): Promise<void> {
    await rm(this.#shadow, { recursive: true, force: true })
    await mkdir(join(this.#shadow, "inodes"), { recursive: true })
    await cp(this.path, this.#left, { recursive: true })
  }
}
