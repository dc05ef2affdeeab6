import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { hashSync, verifySync } from "@node-rs/argon2"
import type { Argon2Answer, Argon2Question } from "./argon2-process.ts"
import { restAfterHash } from "./argon2-rest.ts"

/** The program of argon2-process.ts. Its argument: after how many idle milliseconds it ends. */

/**
 * Where Linux shares the processors out to sessions (CONFIG_SCHED_AUTOGROUP, which distributions have), the priority of a
 * process holds within its session only. So this program has a session of its own, which takes a tenth of what others take:
 * the server, the kernel's work for its disk, and whatever else runs on the machine. At 19 it would be a seventieth, and where
 * others keep the machine busy nobody could log in.
 */
const NICE_OF_SESSION = 10
if (process.platform === "linux") {
  try {
    writeFileSync("/proc/self/autogroup", String(NICE_OF_SESSION))
  } catch {
    // A kernel without sessions of this kind.
  }
  giveWayAtOnce()
}

/**
 * The class SCHED_IDLE of Linux: whoever wakes up is given the processor of a hash at once, not at the kernel's next tick,
 * milliseconds later. The share of the session stays. Node cannot ask for it; util-linux, which nearly every Linux has, can.
 * Without it, everybody waits a little longer.
 */
function giveWayAtOnce(): void {
  const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin" }
  execFile("chrt", ["--idle", "--pid", "0", String(process.pid)], { env }, () => {})
}
process.title = "belfry-passwords"

function answer({ id, password, known, strength }: Argon2Question): Argon2Answer {
  try {
    const value = known === undefined ? hashSync(password, strength) : verifySync(known, password)
    return { id, value }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) }
  }
}

const processors = availableParallelism()
const waiting: Argon2Question[] = []
/** Hashing, or resting. */
let isAtWork = false
let idle: NodeJS.Timeout | undefined

function work(): void {
  const question = waiting.shift()
  isAtWork = question !== undefined
  if (question === undefined) {
    idle = setTimeout(() => process.exit(), Number(process.argv[2]))
    return
  }
  const begun = performance.now()
  // Without somebody who hears of it, an answer that nobody reads any more would be an uncaught error.
  process.send?.(answer(question), undefined, undefined, () => {})
  setTimeout(work, restAfterHash(performance.now() - begun, processors))
}

process.on("message", (question: Argon2Question) => {
  waiting.push(question)
  // It is not set before the first answer: whoever started this asks at once, however long the start takes.
  clearTimeout(idle)
  if (!isAtWork) work()
})
// Whoever asked is gone.
process.on("disconnect", () => process.exit())
// Those who stop a service signal all of its processes: the server still wants answers, and ends this one when it has them.
process.on("SIGTERM", () => {})
