import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer as createTlsServer } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { MessageView } from "../../src/http/admin/views.ts"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { createServerIdentity } from "../../src/simulator/self-signed-certificate.ts"
import { type ApnsTestCredential, createFcmCredential } from "../../src/simulator/test-credentials.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { FCM_PROJECT, tokenOf } from "./bench-tokens.ts"
import { benchMessage, type Contender, type RunResult, TITLE } from "./contender.ts"
import type { Receiver } from "./receiver.ts"

/** Belfry as people run it: the whole server in a process of its own, devices in its store, a publish over HTTP. */

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))
const GROUP = 2_000
const LOOK_MS = 50

export interface BelfryOptions {
  /** How many devices each channel has, ascending: the smaller are parts of the larger. */
  readonly channelSizes: readonly number[]
  readonly receiver: Receiver
  readonly apns: ApnsTestCredential
  /** Options of node, such as --cpu-prof. */
  readonly nodeOptions?: readonly string[]
  /** Whether devices of the other platform are there, too. */
  readonly withFcm?: boolean
}

interface Application {
  readonly applicationId: string
  readonly apiKeys: { readonly REST: string }
}

export class BelfryServer implements AsyncDisposable {
  readonly pid: number
  readonly #options: BelfryOptions
  readonly #url: string
  readonly #token: string
  readonly #application: Application
  readonly #child: ChildProcess
  readonly #cleanUp: () => Promise<void>

  private constructor(
    options: BelfryOptions,
    child: ChildProcess,
    parts: { url: string; token: string; application: Application; cleanUp: () => Promise<void> },
  ) {
    this.pid = child.pid ?? 0
    this.#options = options
    this.#child = child
    this.#url = parts.url
    this.#token = parts.token
    this.#application = parts.application
    this.#cleanUp = parts.cleanUp
  }

  static async open(options: BelfryOptions): Promise<BelfryServer> {
    const dataDir = mkdtempSync(join(tmpdir(), "belfry-bench-data-"))
    const application = (await belfry("app", "create", "bench", "--data-dir", dataDir)) as Application
    const { token } = (await belfry("token", "create", "--data-dir", dataDir)) as { readonly token: string }
    await registerDevices(dataDir, application.applicationId, options)
    const tokenEndpoint = await openTokenEndpoint()
    const command = ["serve", "--port", "0", "--no-sandbox", "--log-level", "error", "--data-dir", dataDir]
    const child = spawn(process.execPath, [...(options.nodeOptions ?? []), CLI, ...command, "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    const { url } = JSON.parse(await firstLine(child)) as { readonly url: string }
    const cleanUp = async () => {
      tokenEndpoint.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
    const server = new BelfryServer(options, child, { url, token, application, cleanUp })
    await server.#setCredentials(tokenEndpoint.address, tokenEndpoint.ca)
    return server
  }

  /** One of the platforms as a contender. */
  contender(name: string, platform: "IOS" | "ANDROID"): Contender {
    const { channelSizes } = this.#options
    return {
      name,
      pid: this.pid,
      pushesMax: channelSizes.at(-1) ?? 0,
      run: (pushes) => this.publish(largestWithin(channelSizes, pushes), platform),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  /** Publishes to the channel of that size; resolves when every device is settled. */
  async publish(size: number, platform: "IOS" | "ANDROID"): Promise<RunResult> {
    const { applicationId, apiKeys } = this.#application
    const body = {
      message: benchMessage(),
      headers: { "ios-alert-title": TITLE, "android-content-title": TITLE },
    }
    const published = await this.#call(
      `/${applicationId}/${apiKeys.REST}/messaging/${channelName(size)}`,
      "POST",
      {
        ...body,
        pushBroadcast: platform,
      },
    )
    const { messageId } = published as { readonly messageId: string }
    const report = await this.#settled(messageId)
    if (report.audience !== size) throw new Error(`the audience has ${report.audience} devices, not ${size}`)
    return {
      pushes: size,
      failed: size - (report.counts["accepted"] ?? 0),
      seconds: (report.stateChangedAt - report.acceptedAt) / 1_000,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve))
    this.#child.kill("SIGTERM")
    await ended
    await this.#cleanUp()
  }

  async #settled(messageId: string): Promise<MessageView> {
    const path = `/admin/v1/applications/${this.#application.applicationId}/messages/${messageId}`
    for (;;) {
      const report = (await this.#call(path, "GET")) as MessageView
      if (report.pending === 0 && report.state !== "running") return report
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  async #setCredentials(tokenUri: string, tokenCa: string): Promise<void> {
    const { receiver, apns, withFcm = false } = this.#options
    const { origin, ca } = receiver
    const { privateKey: key, ...fields } = apns
    await this.#set("apns", { fields: { ...fields, key }, origin, ca })
    if (!withFcm) return
    const account = await createFcmCredential(systemRandom, tokenUri, FCM_PROJECT)
    await this.#set("fcm", { fields: account, origin, ca: `${ca}\n${tokenCa}` })
  }

  async #set(provider: string, credential: object): Promise<void> {
    const { applicationId } = this.#application
    await this.#call(`/admin/v1/applications/${applicationId}/credentials/${provider}`, "PUT", credential)
  }

  async #call(path: string, method: string, body?: object): Promise<unknown> {
    const reply = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return reply.json()
  }
}

export function largestWithin(sizes: readonly number[], wanted: number): number {
  return sizes.findLast((size) => size <= wanted) ?? sizes[0] ?? 0
}

function channelName(size: number): string {
  return `first-${size}`
}

async function registerDevices(
  dataDir: string,
  applicationId: string,
  { channelSizes, withFcm = false }: BelfryOptions,
): Promise<void> {
  const store = openSqliteStore({
    file: join(dataDir, "belfry.db"),
    random: systemRandom,
    now: systemClock.now(),
  })
  const application = (await store.applications.byId(applicationId))?.number ?? 0
  const largest = channelSizes.at(-1) ?? 0
  for (const os of withFcm ? ["IOS", "ANDROID"] : ["IOS"]) {
    for (let made = 0; made < largest; made += GROUP) {
      const group = Array.from({ length: Math.min(GROUP, largest - made) }, (_, offset) => {
        const index = made + offset
        const channels = channelSizes.filter((size) => index < size).map(channelName)
        const device = { deviceId: `${os} ${index}`, deviceToken: tokenOf(index), os, osVersion: "18" }
        const options = { now: systemClock.now(), channelsPerDeviceMax: 1_000 }
        return store.devices.register(application, { ...device, channels, expiresAt: undefined }, options)
      })
      await Promise.all(group)
    }
  }
  await store.close()
}

/** Google's token endpoint: nghttpd speaks HTTP/2 only, access tokens are fetched over HTTP/1.1. */
async function openTokenEndpoint() {
  const {
    privateKeyPem: key,
    certificatePem: cert,
    caCertificatePem: ca,
  } = createServerIdentity(systemRandom)
  const reply = JSON.stringify({ access_token: "x".repeat(150), expires_in: 3_600, token_type: "Bearer" })
  const server = createTlsServer({ key, cert }, (request, response) => {
    request.resume()
    request.on("end", () => response.end(reply))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" ? address?.port : undefined
  return { address: `https://127.0.0.1:${port}/token`, ca, close: () => server.close() }
}

async function belfry(...words: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [CLI, ...words, "--json"], { stdio: ["ignore", "pipe", "inherit"] })
  let output = ""
  child.stdout.on("data", (chunk) => {
    output += chunk
  })
  const code = await new Promise((resolve) => child.on("close", resolve))
  if (code !== 0) throw new Error(`belfry ${words.join(" ")} ended with ${code}`)
  return JSON.parse(output)
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the server's standard output is not read")
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume()
    return line
  }
  throw new Error("the server ended before it was ready")
}
