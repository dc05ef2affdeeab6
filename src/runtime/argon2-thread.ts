import type { Worker } from "node:worker_threads"
import { startThread } from "./start-thread.ts"

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
  readonly known: string | undefined
  readonly strength: Argon2Strength
}

export type Argon2Answer =
  | { readonly id: number; readonly value: string | boolean }
  | { readonly id: number; readonly problem: string }

interface Waiting {
  resolve(value: string | boolean): void
  reject(error: Error): void
}

/**
 * Argon2id on a thread of its own, one password after the other, at the lowest priority that the system has: each takes a
 * processor for a tenth of a second, and a flood of logins must not take it from registrations and pushes. The thread
 * starts with the first password, because most servers hash none for days, and keeps no process alive.
 */
export class Argon2Thread {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #latest = 0

  hash(password: string, strength: Argon2Strength): Promise<string> {
    return this.#ask(password, undefined, strength) as Promise<string>
  }

  /** Rejects when `known` is no hash of argon2. */
  verify(known: string, password: string, strength: Argon2Strength): Promise<boolean> {
    return this.#ask(password, known, strength) as Promise<boolean>
  }

  #ask(password: string, known: string | undefined, strength: Argon2Strength): Promise<string | boolean> {
    const id = ++this.#latest
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      const worker = this.#startedWorker()
      // Whoever waits for an answer keeps the process alive.
      worker.ref()
      worker.postMessage({ id, password, known, strength } satisfies Argon2Question)
    })
  }

  #startedWorker(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = startThread(new URL("./argon2-worker.ts", import.meta.url), {})
    worker.on("message", (answer: Argon2Answer) => this.#receive(worker, answer))
    // The next password starts another one.
    worker.on("error", (error) => this.#fail(error as Error))
    worker.on("exit", () => this.#fail(new Error("the thread that hashes passwords ended")))
    this.#worker = worker
    return worker
  }

  #receive(worker: Worker, answer: Argon2Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) worker.unref()
    if ("problem" in answer) waiting?.reject(new Error(answer.problem))
    else waiting?.resolve(answer.value)
  }

  #fail(error: Error): void {
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of waiting) one.reject(error)
  }
}
