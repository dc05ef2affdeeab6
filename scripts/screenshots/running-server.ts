import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))

/** What a server says of itself when it starts with `--json`. */
export interface Introduced {
  readonly url: string
  readonly setupUrl: string
  readonly applicationId: string
}

export interface RunningServer extends AsyncDisposable {
  readonly introduced: Introduced
}

/** A server as newcomers start it, in a temporary directory. */
export async function startServer(): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), "belfry-screenshots-"))
  const words = ["serve", "--port", "0", "--json", "--data-dir", directory]
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ["ignore", "pipe", "ignore"] })
  const introduced = await firstLine(child.stdout)
  return {
    introduced: JSON.parse(introduced) as Introduced,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit")
      child.kill()
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function firstLine(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ""
  for await (const part of stream) {
    text += part
    if (text.includes("\n")) return text
  }
  throw new Error(`the server ended without an introduction: ${text}`)
}
