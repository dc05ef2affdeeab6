import { type ChildProcess, spawn } from "node:child_process"
import { afterEach } from "vitest"

/** A program in a process of its own, which does not outlive the tests. */

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

export interface ChildProgramOptions {
  readonly environment?: Readonly<Record<string, string>>
  /** A command that runs the program, such as `nsenter …`; it must replace itself by the program. */
  readonly through?: readonly string[]
}

const running = new Set<ChildProcess>()
const killAll = () => {
  for (const child of running) child.kill("SIGKILL")
}
// A test that takes too long, or a run that is broken off, never comes to the end of its scopes.
afterEach(killAll)
process.once("exit", killAll)

export class ChildProgram implements AsyncDisposable {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #watchers = new Set<() => void>()
  #stdout = ""
  #stderr = ""
  /** Whether all that it said has been read: some of it may come after the process has ended. */
  #isSilent = false

  /** Settings of Belfry in the environment of the tests do not reach it. */
  constructor(line: readonly string[], { environment = {}, through = [] }: ChildProgramOptions = {}) {
    const [command = "", ...parameters] = [...through, ...line]
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("BELFRY_"))
    const env = { ...Object.fromEntries(inherited), ...environment }
    const child = spawn(command, parameters, { env, stdio: ["ignore", "pipe", "pipe"] })
    this.#child = child
    running.add(child)
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text
      this.#heard()
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text
      this.#heard()
    })
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject)
      child.on("close", (code, signal) => {
        running.delete(child)
        this.#isSilent = true
        resolve({ code, signal, stderr: this.#stderr })
        this.#heard()
      })
    })
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("the program could not be started")
    return this.#child.pid
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Standard output once it matches; rejects when the program ends before. */
  printed(pattern: RegExp): Promise<string> {
    return this.#seen(() => this.#stdout, pattern)
  }

  /** Resolves when the text was printed so many times; rejects when the program ends before. */
  async printedTimes(text: string, times: number): Promise<void> {
    let seen = 0
    let from = 0
    await this.#until(() => {
      for (let at = this.#stdout.indexOf(text, from); at >= 0; at = this.#stdout.indexOf(text, from)) {
        seen += 1
        from = at + text.length
      }
      return seen >= times
    }, `${text} ${times} times`)
  }

  /** Standard error once it matches. */
  noted(pattern: RegExp): Promise<string> {
    return this.#seen(() => this.#stderr, pattern)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** As a crash of the process: no handler runs, nothing is flushed. */
  async kill(): Promise<Ended> {
    this.#child.kill("SIGKILL")
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill().catch(() => {})
  }

  #heard(): void {
    for (const watcher of this.#watchers) watcher()
  }

  async #seen(text: () => string, pattern: RegExp): Promise<string> {
    await this.#until(() => pattern.test(text()), String(pattern))
    return text()
  }

  #until(isSaid: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (isSaid()) resolve()
        else if (this.#isSilent)
          reject(new Error(`it ended without saying ${what}:\n${this.#stdout}${this.#stderr}`))
        else return
        this.#watchers.delete(look)
      }
      this.#watchers.add(look)
      look()
    })
  }
}
