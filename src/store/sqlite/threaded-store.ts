import type { Worker } from "node:worker_threads"
import type { RegisteredDevice, RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import { startThread } from "../../runtime/start-thread.ts"
import type { Store, StoreFigures } from "../store.ts"
import { carriedIntent, carryIntent } from "./carried-intent.ts"
import { unpackedSegments } from "./delivery-wire.ts"
import { NewerSchemaError } from "./migrate.ts"
import type { RegisterOptions } from "./registrar.ts"
import { registeredDevice } from "./registration-row.ts"
import {
  emptyParcel,
  type Failure,
  type Noun,
  type Parcel,
  packCall,
  packRegister,
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

/** What the thread is told first; parcels follow when it has answered. */
export type StoreToOpen = Pick<ThreadedStoreOptions, "file" | "now">

/** What the thread says: once how its start went, then answers, and how many parcels it has read since it last spoke. */
export type ThreadMessage =
  | { readonly ready: Failure | undefined }
  | { readonly read: number; readonly answers: Parcel }

/**
 * Parcels on the way: one that is being worked on, one that the thread finds when it is done. What comes meanwhile
 * travels together, because a parcel costs both threads as much as several calls.
 */
const UNREAD_MAX = 2
/**
 * Calls after which a parcel leaves although more may come in this turn of the event loop. Without it, all clients that
 * wait for an answer come to be served together: either thread would then be idle while the other one works.
 */
const CALLS_AT_ONCE = 32

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  /** Of a registration: the names that its answer leaves out. */
  readonly channels?: readonly string[]
}

/** Resolves when the store is open and its schema up to date; rejects with what `openSqliteStore` would throw. */
export function openThreadedStore(options: ThreadedStoreOptions): Promise<Store> {
  return startStoreThread().open(options)
}

/** A thread on which no store is open yet. To be opened once, or abandoned. */
export interface StartedThread {
  readonly open: typeof openThreadedStore
  /** Ends it; does nothing to a thread that was told to open a store. */
  abandon(): void
}

/** Starts a thread now, to open a store on it later: it takes a third of a second, in which there may be something else to do. */
export function startStoreThread(): StartedThread {
  const thread = new StoreThread()
  return { open: (options) => openOn(thread, options), abandon: () => thread.abandon() }
}

async function openOn(thread: StoreThread, options: ThreadedStoreOptions): Promise<Store> {
  await thread.open(options)
  const part = <N extends keyof Store>(noun: N & Noun) => thread.part(noun) as Store[N]
  return {
    applications: part("applications"),
    devices: part("devices"),
    channels: part("channels"),
    credentials: part("credentials"),
    administrators: part("administrators"),
    permissions: part("permissions"),
    users: part("users"),
    issuers: part("issuers"),
    audit: part("audit"),
    messages: part("messages"),
    segments: part("segments"),
    statistics: part("statistics"),
    phones: part("phones"),
    describe: () => thread.call("store", "describe", []) as Promise<Readonly<Record<string, string>>>,
    figures: () => thread.call("store", "figures", []) as Promise<StoreFigures>,
    probe: () => thread.call("store", "probe", []) as Promise<void>,
    close: () => thread.close(),
  }
}

/** Garbage is short-lived here; V8's own choice would keep 30 MB for it, and is no faster. */
const YOUNG_GENERATION_MB = 6

type Method = (...parameters: never[]) => Promise<unknown>

class StoreThread {
  readonly #opened: Promise<void>
  readonly #ended: Promise<void>
  readonly #worker: Worker
  /** By the number of the call; numbers are used again. */
  readonly #waiting: (Waiting | undefined)[] = []
  readonly #freeNumbers: number[] = []
  #outgoing = emptyParcel()
  #packedCalls = 0
  #unread = 0
  #isClosing = false
  #onFailure: ((error: Error) => void) | undefined

  constructor() {
    this.#worker = startThread(new URL("./store-thread.ts", import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()))
    this.#opened = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: ThreadMessage) => {
        if ("answers" in message) this.#receive(message.read, message.answers)
        else if (message.ready === undefined) resolve()
        else reject(toError(message.ready))
      })
      this.#worker.on("error", (error) => {
        reject(error)
        this.#fail(error as Error)
      })
      this.#worker.on("exit", () => this.#fail(new Error("the store thread ended")))
    })
    // Met by whoever opens the store.
    this.#opened.catch(() => {})
  }

  open({ file, now, onFailure }: ThreadedStoreOptions): Promise<void> {
    this.#onFailure = onFailure
    this.#worker.postMessage({ file, now } satisfies StoreToOpen)
    return this.#opened
  }

  abandon(): void {
    if (this.#onFailure === undefined) void this.#worker.terminate()
  }

  /** An object with every method of a part of the port. */
  part(noun: Noun): object {
    const methods = new Map<string, Method>()
    if (noun === "devices") methods.set("register", this.#register as Method)
    if (noun === "audit") methods.set("during", carryIntent as Method)
    if (noun === "segments") {
      const unpacked = unpackedSegments((method, parameters) => this.call(noun, method, parameters) as never)
      for (const [name, method] of Object.entries(unpacked)) methods.set(name, method as Method)
    }
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
      packCall(this.#outgoing, this.#wait({ resolve, reject }), noun, method, parameters, carriedIntent())
      this.#packed()
    })
  }

  async close(): Promise<void> {
    if (this.#isClosing) return
    const closed = this.call("store", "close", [])
    this.#isClosing = true
    await closed
    await this.#ended
  }

  readonly #register = (
    application: number,
    request: RegistrationRequest,
    options: RegisterOptions,
  ): Promise<RegisteredDevice> => {
    // That of an import. The short form below has no place for an intent, which the registration of a phone never carries.
    if (carriedIntent() !== undefined) {
      return this.call("devices", "register", [application, request, options]) as Promise<RegisteredDevice>
    }
    return new Promise<RegisteredDevice>((resolve, reject) => {
      if (this.#isClosing) return reject(new Error("the store is closed"))
      const id = this.#wait({ resolve, reject, channels: request.channels })
      packRegister(this.#outgoing, id, application, request, options)
      this.#packed()
    })
  }

  /** The call leaves at the end of this turn of the event loop at the latest, or when the thread has caught up. */
  #packed(): void {
    if (++this.#packedCalls === 1) setImmediate(() => this.#send())
    else if (this.#packedCalls % CALLS_AT_ONCE === 0) this.#send()
  }

  #send(): void {
    if (this.#unread >= UNREAD_MAX || this.#packedCalls === 0) return
    const calls = this.#outgoing
    this.#outgoing = emptyParcel()
    this.#packedCalls = 0
    this.#unread++
    this.#worker.postMessage(calls)
  }

  #receive(read: number, answers: Parcel): void {
    this.#unread -= read
    this.#settle(answers)
    this.#send()
  }

  #wait(waiting: Waiting): number {
    const number = this.#freeNumbers.pop() ?? this.#waiting.length
    this.#waiting[number] = waiting
    return number
  }

  #settle(answers: Parcel): void {
    unpackAnswers(answers, {
      value: (id, value) => this.#waited(id)?.resolve(value as never),
      failure: (id, failure) => this.#waited(id)?.reject(toError(failure)),
      registered: (id, written) => {
        const waiting = this.#waited(id)
        waiting?.resolve(registeredDevice(written, waiting.channels ?? []) as never)
      },
    })
  }

  #waited(number: number): Waiting | undefined {
    const waiting = this.#waiting[number]
    this.#waiting[number] = undefined
    this.#freeNumbers.push(number)
    return waiting
  }

  #fail(error: Error): void {
    const waiting = this.#waiting.splice(0)
    const isExpected = this.#isClosing && waiting.every((one) => one === undefined)
    for (const one of waiting) one?.reject(error)
    this.#freeNumbers.length = 0
    if (isExpected || this.#isClosing) return
    this.#isClosing = true
    this.#onFailure?.(error)
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
