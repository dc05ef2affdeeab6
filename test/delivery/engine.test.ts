import { afterEach, expect } from "vitest"
import { deliveryContract } from "./delivery-contract.ts"
import { MemoryStore } from "./memory-store.ts"

const stores: MemoryStore[] = []

deliveryContract("store in memory", async (options) => {
  const store = new MemoryStore(options)
  stores.push(store)
  return store
})

afterEach(() => {
  for (const { violations } of stores.splice(0)) expect(violations).toEqual([])
})
