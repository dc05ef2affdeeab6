import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "node:tls"
import { systemRandom } from "../../src/runtime/random.ts"
import { createServerIdentity } from "../../src/simulator/self-signed-certificate.ts"
import { FCM_PROJECT, tokenOf } from "./bench-tokens.ts"

/** nghttpd in the place of the providers: it costs a few microseconds per push and so is never the limit. */
export interface Receiver extends AsyncDisposable {
  readonly port: number
  readonly origin: string
  readonly ca: string
  readonly caFile: string
  readonly pid: number
}

export function isInstalled(): boolean {
  return spawnSync("nghttpd", ["--version"]).error === undefined
}

/** Streams per connection, as Apple allows. */
const STREAMS = 1_000

/**
 * nghttpd serves files: the APNs paths of the first so many tokens are links to an empty file, the FCM path is a file with
 * a message name.
 */
export async function openReceiver(tokens: number): Promise<Receiver> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "belfry-bench-push-"))
  const root = join(folder, "www")
  makeFiles(root, tokens)
  const identity = createServerIdentity(systemRandom)
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const key = file("key.pem", identity.privateKeyPem)
  const certificate = file("certificate.pem", identity.certificatePem)
  const caFile = file("authority.pem", identity.caCertificatePem)
  const port = await freePort()
  const options = ["-m", String(STREAMS), "-W", "24", "-w", "20", "-a", "127.0.0.1", "-d", root]
  const child = spawn("nghttpd", [...options, String(port), key, certificate], { stdio: "ignore" })
  await untilAccepting(child, port, identity.caCertificatePem)
  return {
    port,
    origin: `https://127.0.0.1:${port}`,
    ca: identity.caCertificatePem,
    caFile,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function makeFiles(root: string, tokens: number): void {
  const devices = join(root, "3", "device")
  const messages = join(root, "v1", "projects", FCM_PROJECT)
  for (const folder of [devices, messages]) mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(messages, "messages:send"),
    JSON.stringify({ name: `projects/${FCM_PROJECT}/messages/1` }),
  )
  const empty = join(root, "accepted")
  writeFileSync(empty, "")
  for (let index = 0; index < tokens; index += 1) symlinkSync(empty, join(devices, tokenOf(index)))
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0))
    })
  })
}

async function untilAccepting(child: ChildProcess, port: number, ca: string): Promise<void> {
  while (child.exitCode === null) {
    if (await accepts(port, ca)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nghttpd ended with ${child.exitCode} before it was ready`)
}

function accepts(port: number, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ca, ALPNProtocols: ["h2"] }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })
}
