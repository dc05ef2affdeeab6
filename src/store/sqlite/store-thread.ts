import { parentPort } from "node:worker_threads"
import type { AuditIntent } from "../../domain/audit.ts"
import type { RegistrationRequest } from "../../domain/device.ts"
import { DomainError } from "../../domain/errors.ts"
import { systemClock } from "../../runtime/clock.ts"
import { systemRandom } from "../../runtime/random.ts"
import { spareMemoryWhenQuiet } from "../../runtime/spare-memory.ts"
import { carryIntent } from "./carried-intent.ts"
import { packedSegments } from "./delivery-wire.ts"
import type { RegisterOptions } from "./registrar.ts"
import { openSqliteStore, type SqliteStore } from "./sqlite-store.ts"
import {
  emptyParcel,
  type Failure,
  type Noun,
  type Parcel,
  packFailure,
  packRegistered,
  packValue,
  unpackCalls,
} from "./thread-wire.ts"
import type { StoreToOpen, ThreadMessage } from "./threaded-store.ts"

/** The other end of threaded-store.ts: runs the calls of the port against the store of this thread. */

type Methods = Record<string, (...parameters: readonly unknown[]) => Promise<unknown>>

let outgoing = emptyParcel()
let read = 0
let isPosting = false

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

/** What leaves when all that was committed together is answered. */
function answers(): Parcel {
  if (!isPosting) {
    isPosting = true
    setImmediate(postAnswers)
  }
  return outgoing
}

function postAnswers(): void {
  const message = { read, answers: outgoing }
  outgoing = emptyParcel()
  read = 0
  isPosting = false
  post(message)
}

/** The thread has nothing left to do and ends by itself: one that is ended from outside may be in the midst of SQLite. */
function end(): void {
  postAnswers()
  parentPort?.close()
}

function serve(store: SqliteStore): void {
  const fail = (id: number, error: unknown) => packFailure(answers(), id, toFailure(error))
  const packed = packedSegments(store.segments)
  const calls = {
    call(
      id: number,
      noun: Noun,
      method: string,
      parameters: readonly unknown[],
      intent: AuditIntent | undefined,
    ): void {
      const isPacked = noun === "segments" && method in packed
      const part = (noun === "store" ? store : isPacked ? packed : store[noun]) as unknown as Methods
      const ask = () => part[method]?.(...parameters) as Promise<unknown>
      const answered = (intent === undefined ? ask() : carryIntent(intent, ask)).then(
        (value) => packValue(answers(), id, value),
        (error: unknown) => fail(id, error),
      )
      if (noun === "store" && method === "close") void answered.then(end)
    },
    register(id: number, application: number, request: RegistrationRequest, options: RegisterOptions): void {
      store.devices.write(application, request, options, {
        resolve: (written) => packRegistered(answers(), id, written),
        reject: (error) => fail(id, error),
      })
    },
  }
  parentPort?.on("message", (parcel: Parcel) => {
    unpackCalls(parcel, calls)
    read++
    // Says that it was read, at the latest after the commit of what it asked for.
    answers()
  })
  post({ ready: undefined })
  spareMemoryWhenQuiet({ clock: systemClock })
}

function toFailure(error: unknown): Failure {
  if (error instanceof DomainError)
    return { domain: error.error, message: error.message, details: error.details }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return { name, message: name === "NewerSchemaError" ? message : (stack ?? message) }
}

function open({ file, now }: StoreToOpen): void {
  try {
    serve(openSqliteStore({ file, now, random: systemRandom, isPrepared: true }))
  } catch (error) {
    post({ ready: toFailure(error) })
  }
}

parentPort?.once("message", open)
