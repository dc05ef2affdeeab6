import { parentPort, workerData } from "node:worker_threads"
import { openConnection } from "./connection.ts"

/** The thread of checkpointer.ts: one passive checkpoint for each request. */
const connection = openConnection({ file: String(workerData), synchronous: "FULL" })

parentPort?.on("message", () => {
  connection.pragma("wal_checkpoint(PASSIVE)")
  parentPort?.postMessage("done")
})
