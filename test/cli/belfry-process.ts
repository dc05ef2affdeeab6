import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The real program in processes of its own, each in a temporary directory. */

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export class BelfryProcess {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  #stdout = ""
  #stderr = ""
  /** Whether all that it said has been read: some of it may come after the process has ended. */
  #isSilent = false
  readonly #watchers = new Set<() => void>()

  constructor(words: readonly string[], options: SpawnOptions, program = CLI) {
    this.child = spawn(process.execPath, [program, ...words], {
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    })
    const heard = () => {
      for (const watcher of this.#watchers) watcher()
    }
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text
      heard()
    })
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text
      heard()
    })
    this.ended = new Promise((resolve, reject) => {
      this.child.on("error", reject)
      this.child.on("close", (code, signal) => {
        this.#isSilent = true
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr })
        heard()
      })
    })
  }

  /** Standard output once it matches; rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string> {
    return this.#seen(() => this.#stdout, pattern)
  }

  /** Standard error once it matches. */
  noted(pattern: RegExp): Promise<string> {
    return this.#seen(() => this.#stderr, pattern)
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }

  #seen(text: () => string, pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (pattern.test(text())) resolve(text())
        else if (this.#isSilent)
          reject(new Error(`it ended without saying ${pattern}:\n${this.#stdout}${this.#stderr}`))
        else return
        this.#watchers.delete(look)
      }
      this.#watchers.add(look)
      look()
    })
  }
}

export interface Introduced {
  readonly url: string
  readonly applicationId: string
  readonly apiKeys: Record<string, string>
  readonly isFirstStart: boolean
  readonly masterKey: string
  readonly delivery: Record<string, string>
}

/** A temporary directory; what was started in it is killed, and it is removed, in the end. */
export class Workspace implements AsyncDisposable {
  readonly path: string
  readonly dataDir: string
  readonly #started: BelfryProcess[] = []

  private constructor(path: string) {
    this.path = path
    this.dataDir = join(path, "data")
  }

  static async open(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), "belfry-cli-")))
  }

  /** Starts the program in the directory, with no setting of the environment but these. */
  start(
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    options: SpawnOptions = {},
  ): BelfryProcess {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("BELFRY_"))
    const env = { ...Object.fromEntries(inherited), BELFRY_DATA_DIR: this.dataDir, ...environment }
    const started = new BelfryProcess(words, { cwd: this.path, env, ...options })
    this.#started.push(started)
    return started
  }

  run(words: readonly string[], environment?: NodeJS.ProcessEnv, options?: SpawnOptions): Promise<Ended> {
    return this.start(words, environment, options).ended
  }

  /** Runs a command with --json and returns what it printed; throws unless it ended with 0. */
  async json<Value>(...words: readonly string[]): Promise<Value> {
    const { code, stdout, stderr } = await this.run([...words, "--json"])
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as Value
  }

  /** A server on a free port, ready. */
  async serve(
    words: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Introduced & { readonly process: BelfryProcess }> {
    const process = this.start(["serve", "--port", "0", "--json", ...words], environment)
    const introduced = JSON.parse(await process.printed(/\n/)) as Introduced
    return { ...introduced, process }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, ended } of this.#started) {
      child.kill("SIGKILL")
      await ended.catch(() => {})
    }
    await rm(this.path, { recursive: true, force: true })
  }
}

export async function register(
  { url, applicationId, apiKeys }: Pick<Introduced, "url" | "applicationId" | "apiKeys">,
  deviceId: string,
  more: { readonly os?: string; readonly deviceToken?: string; readonly channels?: readonly string[] } = {},
): Promise<Response> {
  return fetch(`${url}/${applicationId}/${apiKeys["ANDROID"]}/messaging/registrations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ deviceToken: `token-of-${deviceId}`, deviceId, os: "ANDROID", osVersion: "15" },
      ...more,
    }),
  })
}

/** fetch refuses to send another Host than that of the URL. */
export function fetchAs(url: string, host: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, async (response) => {
      const parts = await response.toArray()
      resolve(JSON.parse(Buffer.concat(parts).toString("utf8")))
    })
      .on("error", reject)
      .end()
  })
}
