import type { Worker } from "node:worker_threads"
import type { Clock } from "../../runtime/clock.ts"
import { startThread } from "../../runtime/start-thread.ts"
import type { CheckpointRequest } from "./checkpoint-worker.ts"
import { CHECKPOINT_PAGES, type Connection } from "./connection.ts"

/** How many groups of writes pass between two looks at the WAL. */
const GROUPS_BETWEEN_LOOKS = 64
/** Pages that the writer copies itself: a few milliseconds. */
const PAGES_FOR_WRITER = 512
/** How often the thread goes over the WAL while the writer adds to it, before the writer copies the rest. */
const PASSES_MAX = 4
/** A server that is at rest need not keep the memory of a thread; one that is busy checkpoints every few seconds. */
const IDLE_MS = 10_000

/**
 * Copies the WAL back into the database on a thread of its own: at millions of devices a checkpoint inside a commit
 * stalls every request for 100 to 200 ms. The thread copies what it finds, and again what came meanwhile, until little is
 * left; the writer copies that, at an instant when nothing can come, so that the WAL starts over instead of growing.
 * The thread starts with the first checkpoint, and ends when none was needed for a while.
 */
export class Checkpointer {
  readonly #connection: Connection
  readonly #databaseFile: string
  readonly #clock: Clock
  #worker: Worker | undefined
  /** Of threads that were asked to end. */
  readonly #ending = new Set<Promise<void>>()
  /** Takes back that the thread ends. */
  #stayAwake = () => {}
  #isRunning = false
  #groups = 0
  #passes = 0

  constructor(connection: Connection, databaseFile: string, clock: Clock) {
    this.#connection = connection
    this.#databaseFile = databaseFile
    this.#clock = clock
  }

  /** Of the thread, while there is one. */
  get threadId(): number | undefined {
    return this.#worker?.threadId
  }

  afterCommit(): void {
    if (this.#isRunning || ++this.#groups < GROUPS_BETWEEN_LOOKS) return
    this.#groups = 0
    const { pages, copied } = this.#look()
    // A reader that stays keeps the WAL from starting over; what it holds back need not be copied again.
    if (pages < CHECKPOINT_PAGES || pages - copied < CHECKPOINT_PAGES / 4) return
    this.#isRunning = true
    this.#passes = 0
    this.#stayAwake()
    this.#startPass()
  }

  /** Resolves when no thread has the database open. */
  async close(): Promise<void> {
    this.#stayAwake()
    this.#endThread()
    await Promise.all(this.#ending)
  }

  /** It closes its connection and ends by itself, after the pass that it is in; the next checkpoint starts another one. */
  #endThread(): void {
    const worker = this.#worker
    if (worker === undefined) return
    this.#worker = undefined
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()))
    this.#ending.add(ended)
    void ended.then(() => this.#ending.delete(ended))
    // Whoever ends this thread or the process must not end that one in the midst of SQLite.
    worker.ref()
    worker.postMessage("close" satisfies CheckpointRequest)
  }

  #startPass(): void {
    this.#passes++
    this.#startedWorker().postMessage("checkpoint" satisfies CheckpointRequest)
  }

  #startedWorker(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = startThread(new URL("./checkpoint-worker.ts", import.meta.url), {
      workerData: this.#databaseFile,
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    })
    worker.on("message", () => this.#passed())
    // The next look starts another one; until then the writer's own automatic checkpoint bounds the WAL.
    worker.on("error", () => this.#forget(worker))
    worker.unref()
    this.#worker = worker
    return worker
  }

  #passed(): void {
    if (!this.#connection.open || this.#connection.inTransaction) {
      this.#rest()
      return
    }
    const { pages, copied } = this.#look()
    if (pages - copied > PAGES_FOR_WRITER && this.#passes < PASSES_MAX) {
      this.#startPass()
      return
    }
    this.#rest()
    this.#connection.pragma("wal_checkpoint(PASSIVE)")
  }

  #rest(): void {
    this.#isRunning = false
    this.#stayAwake = this.#clock.after(IDLE_MS, () => this.#endThread())
  }

  /** Pages in the WAL since it last started over, and how many of them are in the database as well. */
  #look(): { readonly pages: number; readonly copied: number } {
    const [found] = this.#connection.pragma("wal_checkpoint(NOOP)") as [{ log: number; checkpointed: number }]
    return { pages: found.log, copied: found.checkpointed }
  }

  #forget(worker: Worker): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#isRunning = false
  }
}
