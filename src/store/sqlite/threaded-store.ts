import { Worker } from "node:worker_threads"
import type { RegisteredDevice, RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import type { Store } from "../store.ts"
import { NewerSchemaError } from "./migrate.ts"
import {
  type Failure,
  type Noun,
  type Parcel,
  packCall,
  packRegister,
  type RegisterOptions,
  unpackAnswers,
} from "./thread-wire.ts"

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

/** What the thread says: once how its start went, then answers. */
export type ThreadMessage = { readonly ready: Failure | undefined } | Parcel

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  /** Of a registration: the names that its answer leaves out. */
  readonly channels?: readonly string[]
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
    audit: part("audit"),
    messages: part("messages"),
    segments: part("segments"),
    describe: () => thread.call("store", "describe", []) as Promise<Readonly<Record<string, string>>>,
    probe: () => thread.call("store", "probe", []) as Promise<void>,
    close: () => thread.close(),
  }
}

type Method = (...parameters: never[]) => Promise<unknown>

class StoreThread {
  readonly opened: Promise<void>
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #outgoing: Parcel = []
  #lastId = 0
  #isClosing = false

  constructor(options: ThreadedStoreOptions) {
    const { file, now, onFailure } = options
    this.#worker = new Worker(new URL("./store-thread.ts", import.meta.url), { workerData: { file, now } })
    this.opened = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: ThreadMessage) => {
        if (Array.isArray(message)) this.#settle(message)
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
    const methods = new Map<string, Method>()
    if (noun === "devices") methods.set("register", this.#register as Method)
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
      packCall(this.#parcel(), this.#wait({ resolve, reject }), noun, method, parameters)
    })
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    const closed = this.call("store", "close", [])
    this.#isClosing = true
    await closed
    await this.#worker.terminate()
  }

  readonly #register = (
    application: number,
    request: RegistrationRequest,
    options: RegisterOptions,
  ): Promise<RegisteredDevice> =>
    new Promise<RegisteredDevice>((resolve, reject) => {
      if (this.#isClosing) return reject(new Error("the store is closed"))
      const id = this.#wait({ resolve, reject, channels: request.channels })
      packRegister(this.#parcel(), id, application, request, options)
    })

  /** What leaves at the end of this turn of the event loop. */
  #parcel(): Parcel {
    if (this.#outgoing.length === 0) setImmediate(() => this.#send())
    return this.#outgoing
  }

  #wait(waiting: Waiting): number {
    const id = ++this.#lastId
    this.#waiting.set(id, waiting)
    return id
  }

  #send(): void {
    const calls = this.#outgoing
    this.#outgoing = []
    this.#worker.postMessage(calls)
  }

  #settle(answers: Parcel): void {
    unpackAnswers(answers, {
      value: (id, value) => this.#waited(id)?.resolve(value as never),
      failure: (id, failure) => this.#waited(id)?.reject(toError(failure)),
      registered: (id, number, created, publicIds) => {
        const waiting = this.#waited(id)
        const channels = waiting?.channels?.map((name, index) => ({ name, id: publicIds[index] as string }))
        waiting?.resolve({ number, created, channels } as never)
      },
    })
  }

  #waited(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
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
