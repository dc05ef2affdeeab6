import { parentPort, workerData } from "node:worker_threads"
import { openConnection } from "./connection.ts"

/** The thread of checkpointer.ts: one passive checkpoint for each request, until it is asked to end. */
export type CheckpointRequest = "checkpoint" | "close"

const connection = openConnection({ file: String(workerData), synchronous: "FULL" })

parentPort?.on("message", (request: CheckpointRequest) => {
  if (request === "close") {
    connection.close()
    parentPort?.close()
    return
  }
  connection.pragma("wal_checkpoint(PASSIVE)")
  parentPort?.postMessage("done")
})
