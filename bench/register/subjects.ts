import { type ChildProcess, spawn } from "node:child_process"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import type { Target } from "./load.ts"

/** The two servers that are compared, each a process of its own. */
export interface Subject extends Target, AsyncDisposable {
  readonly pid: number
  /** From the start of the process to its first answer. */
  readonly startMs: number
}

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))
const BARE_SERVER = fileURLToPath(new URL("./bare-server.ts", import.meta.url))
const PROTOTYPE_SERVER = fileURLToPath(new URL("./prototype-server.ts", import.meta.url))

export interface BenchApplication {
  readonly applicationId: string
  readonly apiKeys: { readonly REST: string }
}

export async function openBelfry(
  dataDir: string,
  { applicationId, apiKeys }: BenchApplication,
  flags: readonly string[] = [],
): Promise<Subject> {
  const port = await freePort()
  const args = [CLI, "serve", "--port", String(port), "--data-dir", dataDir, "--log-level", "warn", ...flags]
  const path = `/${applicationId}/${apiKeys.REST}/messaging/registrations`
  return open(spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] }), port, path)
}

export async function openBareServer(): Promise<Subject> {
  const port = await freePort()
  return open(spawn(process.execPath, [BARE_SERVER, String(port)], { stdio: "inherit" }), port, "/register")
}

/** `file`: where it makes its database. */
export async function openPrototype(file: string): Promise<Subject> {
  const port = await freePort()
  const args = [PROTOTYPE_SERVER, String(port), file]
  return open(spawn(process.execPath, args, { stdio: "inherit" }), port, "/register")
}

/** Runs a command of belfry and returns what it printed. */
export async function belfry(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  let output = ""
  child.stdout.on("data", (chunk) => {
    output += chunk
  })
  const code = await new Promise((resolve) => child.on("close", resolve))
  if (code !== 0) throw new Error(`belfry ${args.join(" ")} ended with ${code}`)
  return output
}

async function open(child: ChildProcess, port: number, path: string): Promise<Subject> {
  const start = performance.now()
  let isOver = false
  const ended = new Promise<void>((resolve) => {
    child.on("exit", () => {
      isOver = true
      resolve()
    })
  })
  while (!(await answers(port))) {
    if (isOver) throw new Error("a server ended before it was ready")
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return {
    pid: child.pid as number,
    port,
    path,
    startMs: performance.now() - start,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM")
      await ended
    },
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (
      (await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: "close" } })).status !== 503
    )
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
