import { statSync } from "node:fs"
import { Worker } from "node:worker_threads"
import { CHECKPOINT_PAGES, type Connection } from "./connection.ts"

const PAGE_BYTES = 4096
/** How many groups of writes pass between two looks at the size of the WAL. */
const GROUPS_BETWEEN_LOOKS = 64

/**
 * Copies the WAL back into the database on a thread of its own: at millions of devices a checkpoint inside a commit
 * stalls every request for 100 to 200 ms. The thread copies what it finds; the writer then copies the few pages that came
 * meanwhile, at an instant when none can come, so that the WAL starts over instead of growing.
 */
export class Checkpointer {
  readonly #connection: Connection
  readonly #walFile: string
  readonly #databaseFile: string
  #worker: Worker | undefined
  #isRunning = false
  #groups = 0

  constructor(connection: Connection, databaseFile: string) {
    this.#connection = connection
    this.#databaseFile = databaseFile
    this.#walFile = `${databaseFile}-wal`
  }

  afterCommit(): void {
    if (this.#isRunning || ++this.#groups < GROUPS_BETWEEN_LOOKS) return
    this.#groups = 0
    if (walBytes(this.#walFile) < CHECKPOINT_PAGES * PAGE_BYTES) return
    this.#isRunning = true
    this.#startedWorker().postMessage("checkpoint")
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #startedWorker(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(new URL("./checkpoint-worker.ts", import.meta.url), {
      workerData: this.#databaseFile,
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    })
    worker.on("message", () => this.#finish())
    // The next look starts another one; until then the writer's own automatic checkpoint bounds the WAL.
    worker.on("error", () => this.#forgetWorker())
    worker.unref()
    this.#worker = worker
    return worker
  }

  #finish(): void {
    this.#isRunning = false
    if (this.#connection.open && !this.#connection.inTransaction)
      this.#connection.pragma("wal_checkpoint(PASSIVE)")
  }

  #forgetWorker(): void {
    this.#worker = undefined
    this.#isRunning = false
  }
}

function walBytes(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
