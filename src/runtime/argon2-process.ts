import { type ChildProcess, fork } from "node:child_process"
import { getCompileCacheDir } from "node:module"
import { constants, setPriority } from "node:os"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"

export interface Argon2Strength {
  /** KiB. */
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

/** With `known`, whether the password is the one that it was made from; without, a hash to keep. */
export interface Argon2Question {
  readonly id: number
  readonly password: string
  readonly known?: string
  readonly strength: Argon2Strength
}

export type Argon2Answer =
  | { readonly id: number; readonly value: string | boolean }
  | { readonly id: number; readonly problem: string }

interface Waiting {
  readonly question: Argon2Question
  /** How many processes were asked. */
  readonly tries: number
  resolve(value: string | boolean): void
  reject(error: Error): void
}

const PROGRAM = fileURLToPath(new URL("./argon2-program.ts", import.meta.url))
/** A process that is killed, by a system that is short of memory for one, is no fault of whoever logs in. */
const TRIES_MAX = 2
const IDLE_MS = 30_000

/**
 * Argon2id in a process of its own, one password after the other, at the lowest priority that the system has: each takes a
 * processor for a tenth of a second and 64 MiB, and a flood of logins must take neither from registrations and pushes. A
 * thread would be last in the line for a processor only among the threads of this process: Linux shares the processors out
 * to sessions first, so that it takes as much as everything that runs for them, the work of the kernel for our disk included.
 *
 * The process starts with the first password, because most servers hash none for days, and ends when it has had nothing to do
 * for half a minute, or when this process is gone, however that ended. It keeps no process alive.
 */
export class Argon2Process {
  readonly #waiting = new Map<number, Waiting>()
  readonly #idleMs: number
  #child: ChildProcess | undefined
  #latest = 0

  /** `idleMs`: after how many milliseconds without a password the process ends. */
  constructor(idleMs = IDLE_MS) {
    this.#idleMs = idleMs
  }

  /** Of the process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  hash(password: string, strength: Argon2Strength): Promise<string> {
    return this.#ask({ id: ++this.#latest, password, strength }) as Promise<string>
  }

  /** Rejects when `known` is no hash of argon2. */
  verify(known: string, password: string, strength: Argon2Strength): Promise<boolean> {
    return this.#ask({ id: ++this.#latest, password, known, strength }) as Promise<boolean>
  }

  #ask(question: Argon2Question): Promise<string | boolean> {
    return new Promise((resolve, reject) => this.#send({ question, tries: 1, resolve, reject }))
  }

  #send(waiting: Waiting): void {
    this.#waiting.set(waiting.question.id, waiting)
    const child = this.#startedChild()
    // Whoever waits for an answer keeps this process alive.
    child.ref()
    child.channel?.ref()
    child.send(waiting.question, (error) => {
      if (error !== null) this.#lose(child, error)
    })
  }

  #startedChild(): ChildProcess {
    if (this.#child !== undefined) return this.#child
    const child = startProgram(this.#idleMs)
    child.on("message", (answer) => this.#receive(child, answer as Argon2Answer))
    child.on("error", (error) => this.#lose(child, error))
    child.on("exit", (code, signal) => {
      const end = `the process that hashes passwords ended with ${signal ?? code}, twice in a row`
      this.#lose(child, new Error(`${end}; \`node ${PROGRAM}\` says why when it does not even start`))
    })
    this.#child = child
    return child
  }

  #receive(child: ChildProcess, answer: Argon2Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) {
      child.unref()
      child.channel?.unref()
    }
    if ("problem" in answer) waiting?.reject(new Error(answer.problem))
    else waiting?.resolve(answer.value)
  }

  /** The process ended or cannot be reached; whatever it owes is asked of another one, once. */
  #lose(child: ChildProcess, error: Error): void {
    if (this.#child !== child) return
    this.#child = undefined
    // One that is there but cannot be reached would stay.
    child.kill("SIGKILL")
    const owed = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of owed) {
      if (waiting.tries < TRIES_MAX) this.#send({ ...waiting, tries: waiting.tries + 1 })
      else waiting.reject(error)
    }
  }
}

function startProgram(idleMs: number): ChildProcess {
  const cache = getCompileCacheDir()
  const child = fork(PROGRAM, [String(idleMs)], {
    execArgv: [],
    // Nothing of our environment, where secrets are. The cache spares the program the type stripper of Node, 30 MB.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
    // A session of its own, for the sake of its priority (see the program). Besides, what interrupts the server at its
    // terminal is not meant for it.
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  try {
    // At once, so that not even its start takes a processor from anything. On Linux, threads inherit it.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It ended already.
  }
  return child
}
