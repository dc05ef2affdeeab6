import { cp, mkdir, realpath, rm } from "node:fs/promises"
import { join } from "node:path"

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
