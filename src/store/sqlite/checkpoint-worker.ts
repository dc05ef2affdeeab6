import { type MessagePort, parentPort, workerData } from "node:worker_threads"
import { openConnection } from "./connection.ts"

/** The thread of checkpointer.ts: one passive checkpoint for each request, until it is asked to end. */
export type CheckpointRequest = "checkpoint" | "close"

function serve(port: MessagePort): void {
  const connection = openConnection({ file: String(workerData), synchronous: "FULL" })
  port.on("message", (request: CheckpointRequest) => {
    if (request === "close") {
      connection.close()
      port.close()
      return
    }
    connection.pragma("wal_checkpoint(PASSIVE)")
    port.postMessage("done")
  })
}

// Not where the module is only loaded (server/keep-compiled.ts).
if (parentPort !== null) serve(parentPort)
