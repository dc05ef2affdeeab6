import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * Runs a server for a moment when the packages have been installed (`prepare` in package.json), so that the first one that
 * somebody starts finds its modules compiled (set-up.js): it is faster, and spared the stripper of types. Its data are its
 * own and go with it, it listens to this machine alone, and whatever fails is left to the first start.
 */
const PATIENCE_MS = 60_000

async function compile() {
  const folder = mkdtempSync(join(tmpdir(), "belfry-compile-"))
  try {
    await serveUntilReady(join(folder, "data"))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function serveUntilReady(dataDir) {
  const { env: given, execPath } = process
  const args = ["serve", "--port", "0", "--host", "127.0.0.1", "--data-dir", dataDir]
  // What is set for a server that is to stay does not concern this one.
  const env = Object.entries(given).filter(([name]) => !name.startsWith("BELFRY_"))
  const server = spawn(execPath, [join(import.meta.dirname, "belfry.js"), ...args], {
    env: Object.fromEntries(env),
    stdio: ["ignore", "pipe", "ignore"],
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  })
  // It has something to say when it is ready. What it has compiled it keeps before it ends.
  server.stdout.once("data", () => server.kill("SIGTERM"))
  return new Promise((resolve) => server.once("close", resolve).once("error", resolve))
}

await compile().catch(() => {})
