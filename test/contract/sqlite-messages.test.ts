import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { messageContract } from "./message-contract.ts"
import { openSmallSegments } from "./sqlite-small-segments.ts"

messageContract("sqlite", async ({ segmentDevices, durable }) => {
  const folder = durable ? mkdtempSync(join(tmpdir(), "belfry-messages-")) : undefined
  const file = folder === undefined ? ":memory:" : join(folder, "belfry.sqlite")
  let store = openSmallSegments(file, segmentDevices)
  return {
    store,
    async reopen() {
      await store.close()
      store = openSmallSegments(file, segmentDevices)
      return store
    },
    async dispose() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
})
