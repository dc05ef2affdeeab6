import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"

/** A probe writes to the disk and anybody may ask: one a second is enough for every asker together. */
const REMEMBERED_MS = 1000

/** Why the server cannot do its work now, for `/readyz`; undefined when it can. */
export function storeReadiness(store: Pick<Store, "probe">, clock: Clock): () => Promise<string | undefined> {
  let probedAt = Number.NEGATIVE_INFINITY
  let latest: Promise<string | undefined> = Promise.resolve(undefined)
  return () => {
    const now = clock.monotonic()
    if (now - probedAt >= REMEMBERED_MS) {
      probedAt = now
      latest = store.probe().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message.replace(/\.$/, "") : String(error)),
      )
    }
    return latest
  }
}
