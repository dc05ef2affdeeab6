import { Worker } from "node:worker_threads"
import { DomainError, type ErrorDetails, type ErrorName } from "../../domain/errors.ts"
import type { Store } from "../store.ts"
import { NewerSchemaError } from "./migrate.ts"

/**
 * The embedded store on a thread of its own: waiting for the disk, checkpoints and long reads never hold up a request or
 * a push. Every method of the port is a message; those of one turn of the event loop travel together, and so do the
 * answers of one commit.
 */
export interface ThreadedStoreOptions {
  /** A file, or ":memory:". */
  readonly file: string
  /** Milliseconds since 1970, for the rows that migrations write. */
  readonly now: number
  /** Called once if the thread dies: nothing can be stored any more, the process should end. */
  readonly onFailure: (error: Error) => void
}

export type Noun = Exclude<keyof Store, "close" | "describe" | "probe"> | "store"

/** One call of the port: its number, the part of the port, the method, the arguments. */
export type Call = readonly [id: number, noun: Noun, method: string, parameters: readonly unknown[]]

export type Answer = readonly [id: number, failure: Failure | undefined, value: unknown]

/** An error, in a form that can travel between threads. */
export type Failure =
  | { readonly domain: ErrorName; readonly message: string; readonly details: ErrorDetails }
  | { readonly name: string; readonly message: string }

export type ThreadMessage = { readonly ready: Failure | undefined } | { readonly answers: readonly Answer[] }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Resolves when the store is open and its schema up to date; rejects with what `openSqliteStore` would throw. */
export async function openThreadedStore(options: ThreadedStoreOptions): Promise<Store> {
  const thread = new StoreThread(options)
  await thread.opened
  const part = <N extends keyof Store>(noun: N & Noun) => thread.part(noun) as Store[N]
  return {
    applications: part("applications"),
    devices: part("devices"),
    channels: part("channels"),
    credentials: part("credentials"),
    administrators: part("administrators"),
    messages: part("messages"),
    segments: part("segments"),
    describe: () => thread.call("store", "describe", []) as Promise<Readonly<Record<string, string>>>,
    probe: () => thread.call("store", "probe", []) as Promise<void>,
    close: () => thread.close(),
  }
}

class StoreThread {
  readonly opened: Promise<void>
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #outgoing: Call[] = []
  #lastId = 0
  #isClosing = false

  constructor(options: ThreadedStoreOptions) {
    const { file, now, onFailure } = options
    this.#worker = new Worker(new URL("./store-thread.ts", import.meta.url), { workerData: { file, now } })
    this.opened = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: ThreadMessage) => {
        if ("answers" in message) this.#settle(message.answers)
        else if (message.ready === undefined) resolve()
        else reject(toError(message.ready))
      })
      this.#worker.on("error", (error) => {
        reject(error)
        this.#fail(error as Error, onFailure)
      })
      this.#worker.on("exit", () => this.#fail(new Error("the store thread ended"), onFailure))
    })
  }

  /** An object with every method of a part of the port. */
  part(noun: Noun): object {
    const methods = new Map<string, (...parameters: unknown[]) => Promise<unknown>>()
    return new Proxy(
      {},
      {
        get: (_target, method) => {
          // Asked for by `await`; a part of the store is not a promise.
          if (typeof method !== "string" || method === "then") return undefined
          let call = methods.get(method)
          if (call === undefined) {
            call = (...parameters) => this.call(noun, method, parameters)
            methods.set(method, call)
          }
          return call
        },
      },
    )
  }

  call(noun: Noun, method: string, parameters: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isClosing) return reject(new Error("the store is closed"))
      const id = ++this.#lastId
      this.#waiting.set(id, { resolve, reject })
      if (this.#outgoing.push([id, noun, method, parameters]) === 1) setImmediate(() => this.#send())
    })
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    const closed = this.call("store", "close", [])
    this.#isClosing = true
    await closed
    await this.#worker.terminate()
  }

  #send(): void {
    const calls = this.#outgoing
    this.#outgoing = []
    this.#worker.postMessage(calls)
  }

  #settle(answers: readonly Answer[]): void {
    for (const [id, failure, value] of answers) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (failure === undefined) waiting?.resolve(value)
      else waiting?.reject(toError(failure))
    }
  }

  #fail(error: Error, onFailure: (error: Error) => void): void {
    const isExpected = this.#isClosing && this.#waiting.size === 0
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    if (isExpected || this.#isClosing) return
    this.#isClosing = true
    onFailure(error)
  }
}

function toError(failure: Failure): Error {
  if ("domain" in failure) return new DomainError(failure.domain, failure.message, failure.details)
  const error =
    failure.name === "NewerSchemaError"
      ? Object.create(NewerSchemaError.prototype)
      : new Error(failure.message)
  return Object.assign(error, { name: failure.name, message: failure.message })
}
