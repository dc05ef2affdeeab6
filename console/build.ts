import { fileURLToPath } from "node:url"
import { build } from "vite"

const ROOT = fileURLToPath(new URL(".", import.meta.url))

/** The files of the built Console by their names below its folder; nothing is written. */
export async function buildConsole(): Promise<ReadonlyMap<string, string>> {
  // Vite respects what it finds: under a test runner, React would be built for development.
  const { NODE_ENV: found } = process.env
  process.env["NODE_ENV"] = "production"
  try {
    return await outputFiles()
  } finally {
    if (found === undefined) delete process.env["NODE_ENV"]
    else process.env["NODE_ENV"] = found
  }
}

async function outputFiles(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    root: ROOT,
    configFile: `${ROOT}vite.config.ts`,
    mode: "production",
    logLevel: "warn",
    build: { write: false },
  })
  const [bundle] = Array.isArray(result) ? result : [result]
  if (bundle === undefined || !("output" in bundle)) throw new Error("Vite returned no files")
  return new Map(
    bundle.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : textOf(file.source)]),
  )
}

function textOf(source: string | Uint8Array): string {
  return typeof source === "string" ? source : Buffer.from(source).toString("utf8")
}
