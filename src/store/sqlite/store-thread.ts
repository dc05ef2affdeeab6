import { parentPort, workerData } from "node:worker_threads"
import { DomainError } from "../../domain/errors.ts"
import { systemRandom } from "../../runtime/random.ts"
import type { Store } from "../store.ts"
import { openSqliteStore } from "./sqlite-store.ts"
import type { Answer, Call, Failure, ThreadMessage } from "./threaded-store.ts"

/** The other end of threaded-store.ts: runs the calls of the port against the store of this thread. */

type Methods = Record<string, (...parameters: readonly unknown[]) => Promise<unknown>>

const { file, now } = workerData as { readonly file: string; readonly now: number }
let outgoing: Answer[] = []

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

function answer(id: number, failure: Failure | undefined, value: unknown): void {
  if (outgoing.push([id, failure, value]) > 1) return
  setImmediate(() => {
    const answers = outgoing
    outgoing = []
    post({ answers })
  })
}

function serve(store: Store): void {
  parentPort?.on("message", (calls: readonly Call[]) => {
    for (const [id, noun, method, parameters] of calls) {
      const part = (noun === "store" ? store : store[noun]) as unknown as Methods
      part[method]?.(...parameters).then(
        (value) => answer(id, undefined, value),
        (error: unknown) => answer(id, toFailure(error), undefined),
      )
    }
  })
  post({ ready: undefined })
}

function toFailure(error: unknown): Failure {
  if (error instanceof DomainError)
    return { domain: error.error, message: error.message, details: error.details }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return { name, message: name === "NewerSchemaError" ? message : (stack ?? message) }
}

try {
  serve(openSqliteStore({ file, now, random: systemRandom }))
} catch (error) {
  post({ ready: toFailure(error) })
}
