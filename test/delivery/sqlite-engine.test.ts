import { afterEach } from "vitest"
import { openSmallSegments } from "../contract/sqlite-small-segments.ts"
import { deliveryContract } from "./delivery-contract.ts"

const opened: { close(): Promise<void> }[] = []

deliveryContract("embedded store", async ({ segmentSize = 50_000 }) => {
  const store = openSmallSegments(":memory:", segmentSize)
  opened.push(store)
  return store
})

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})
