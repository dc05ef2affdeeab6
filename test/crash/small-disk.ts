import { statfs, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ChildProgram } from "./child-program.ts"

/**
 * A disk of a few megabytes that can be filled: a tmpfs in a mount namespace of its own, where the system permits that.
 * Programs reach it at `path` when they are started `through` it; this process reaches it by way of /proc.
 */
export class SmallDisk implements AsyncDisposable {
  readonly path: string
  readonly #holder: ChildProgram
  readonly #asUser: readonly string[]

  private constructor(path: string, holder: ChildProgram, asUser: readonly string[]) {
    this.path = path
    this.#holder = holder
    this.#asUser = asUser
  }

  /** `path`: an existing directory. Or else why there can be none. */
  static async mount(path: string, megabytes: number): Promise<SmallDisk | { readonly missing: string }> {
    if (process.platform !== "linux")
      return { missing: `mount namespaces are Linux's, not ${process.platform}'s` }
    const isRoot = process.getuid?.() === 0
    const namespaces = isRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"]
    const script = `mount -t tmpfs -o size=${megabytes}m,mode=700 tmpfs "$0" && echo mounted && exec sleep infinity`
    const holder = new ChildProgram(["unshare", ...namespaces, "sh", "-c", script, path])
    try {
      await holder.printed(/mounted/)
    } catch (error) {
      return { missing: `a mount namespace is not permitted here: ${(error as Error).message}` }
    }
    return new SmallDisk(path, holder, isRoot ? [] : ["--user", "--preserve-credentials"])
  }

  /** The command that runs another one where the disk can be seen. */
  get through(): readonly string[] {
    return ["nsenter", "--target", String(this.#holder.pid), "--mount", ...this.#asUser]
  }

  async fill(): Promise<void> {
    const { bsize, bavail } = await statfs(this.#fromOutside)
    await writeFile(this.#filler, Buffer.alloc(bsize * bavail))
  }

  free(): Promise<void> {
    return unlink(this.#filler)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder[Symbol.asyncDispose]()
  }

  get #filler(): string {
    return join(this.#fromOutside, "filler")
  }

  get #fromOutside(): string {
    return `/proc/${this.#holder.pid}/root${this.path}`
  }
}
