import type { SegmentStore, SettledDevice } from "../../src/store/message-store.ts"

/** Counts the devices that were handed out and not settled yet. */
export function observed(segments: SegmentStore) {
  const held = new Set<number>()
  let most = 0
  const settle = (settled: readonly SettledDevice[]) => {
    for (const { registration } of settled) held.delete(registration)
  }
  const observing: SegmentStore = {
    ...wrap(segments, (call) => call()),
    audiencePage: async (claim, after, limit) => {
      const page = await segments.audiencePage(claim, after, limit)
      for (const { registration } of page) held.add(registration)
      most = Math.max(most, held.size)
      return page
    },
    checkpoint: (claim, progress) => {
      settle(progress.settled)
      return segments.checkpoint(claim, progress)
    },
    finish: (claim, progress, rest) => {
      settle(progress.settled)
      return segments.finish(claim, progress, rest)
    },
  }
  return { segments: observing, most: () => most }
}

/** A store whose caller can die: then no call of its comes back any more. */
export function mortal(segments: SegmentStore) {
  let isDead = false
  const wrapped = wrap(segments, (call) => (isDead ? new Promise(() => {}) : call()))
  return {
    segments: wrapped,
    die: () => {
      isDead = true
    },
  }
}

/** A store that can be made to refuse every call. */
export function failing(segments: SegmentStore) {
  let isFailing = false
  const wrapped = wrap(segments, (call) => (isFailing ? Promise.reject(new Error("disk full")) : call()))
  return {
    segments: wrapped,
    setFailing: (failing: boolean) => {
      isFailing = failing
    },
  }
}

/** Every call goes through `around`. */
export function wrap(
  segments: SegmentStore,
  around: <T>(call: () => Promise<T>) => Promise<T>,
): SegmentStore {
  return {
    claim: (...given) => around(() => segments.claim(...given)),
    nextDue: (...given) => around(() => segments.nextDue(...given)),
    audiencePage: (...given) => around(() => segments.audiencePage(...given)),
    tokenSettled: (...given) => around(() => segments.tokenSettled(...given)),
    retryPage: (...given) => around(() => segments.retryPage(...given)),
    checkpoint: (...given) => around(() => segments.checkpoint(...given)),
    checkpointRetries: (...given) => around(() => segments.checkpointRetries(...given)),
    finish: (...given) => around(() => segments.finish(...given)),
    release: (...given) => around(() => segments.release(...given)),
    renew: (...given) => around(() => segments.renew(...given)),
  }
}
