import { setPriority } from "node:os"
import { parentPort } from "node:worker_threads"
import { hashSync, verifySync } from "@node-rs/argon2"
import type { Argon2Answer, Argon2Question } from "./argon2-thread.ts"

/** The thread of argon2-thread.ts. */

/** The last in the line for a processor. On Linux a priority is that of the calling thread; elsewhere it is the process's. */
const LOWEST_PRIORITY = 19
if (process.platform === "linux") setPriority(LOWEST_PRIORITY)

function answer({ id, password, known, strength }: Argon2Question): Argon2Answer {
  try {
    const value = known === undefined ? hashSync(password, strength) : verifySync(known, password)
    return { id, value }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on("message", (question: Argon2Question) => parentPort?.postMessage(answer(question)))
