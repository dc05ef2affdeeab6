import { execFile } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const COMPILERS = ["cc", "gcc", "clang"]

/** A library to be preloaded, compiled from a source beside this file, or why there is none. */
export async function compileShim(
  source: string,
  directory: string,
): Promise<{ readonly file: string } | { readonly missing: string }> {
  if (process.platform !== "linux")
    return { missing: `LD_PRELOAD and /proc are Linux's, not ${process.platform}'s` }
  const file = join(directory, source.replace(/c$/, "so"))
  const path = fileURLToPath(new URL(source, import.meta.url))
  const flags = ["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
  const parameters = [...flags, "-o", file, path, "-ldl", "-lpthread"]
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
