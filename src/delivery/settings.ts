import type { ProviderName } from "../domain/platform.ts"

/** When an unsettled device is tried again. */
export interface RetrySettings {
  /** Sends of one message to one device, the first included. Defaults to 10. */
  readonly attemptsMax: number
  /** Longest delay that the engine chooses; a provider may ask for more. Defaults to 15 minutes. */
  readonly delayMaxMs: number
  /** Shortest delay that the engine chooses. Defaults to 10 s for FCM (providers.md 1.6), else 1 s. */
  readonly delayMinMs: { readonly [P in ProviderName]: number }
}

export interface DeliverySettings {
  /** Segments of any size worked on at once. Defaults to 4. */
  readonly bulkRunners: number
  /**
   * Segments of small messages worked on at once besides, so that no broadcast delays them. Each is worked on until its
   * provider has answered: with 32, a message to one device is sent 320 times a second where an answer takes 100 ms.
   * Defaults to 32.
   */
  readonly expressRunners: number
  /**
   * Devices of all segments together that may be in doubt after a crash, and so the most pushes under way. Defaults to 256
   * (reliability 4.1).
   */
  readonly doubtMax: number
  /**
   * Devices of one segment that may be in doubt after a crash: reserved and without a stored outcome. Defaults to 128, half
   * of all. Twice as many may lie between the cursor and the end of the reservation. A checkpoint is due after answers for
   * half of them: these are stored while the other half is under way.
   */
  readonly reservation: number
  /** Devices read at once. Defaults to 500. */
  readonly pageRows: number
  /** A checkpoint is due so long after the first answer, where it is not due for their number. Defaults to 15 ms. */
  readonly checkpointMs: number
  /** Longest time between two calls that renew the lease and read the message's state. Defaults to 1 s. */
  readonly renewMs: number
  /** Defaults to 10 s. */
  readonly leaseMs: number
  /** How long before the end of the lease sending stops. Defaults to 2 s. */
  readonly leaseMarginMs: number
  /**
   * While so many devices of a message wait for a retry with one provider, its fan-out leaves out that provider's, and
   * pauses when it is for no others. Defaults to 10 000.
   */
  readonly retryingMax: number
  /** How long it pauses before it looks again. Defaults to 5 s. */
  readonly retryingPauseMs: number
  readonly retry: RetrySettings
}

export const DEFAULT_DELIVERY_SETTINGS: DeliverySettings = {
  bulkRunners: 4,
  expressRunners: 32,
  doubtMax: 256,
  reservation: 128,
  pageRows: 500,
  checkpointMs: 15,
  renewMs: 1_000,
  leaseMs: 10_000,
  leaseMarginMs: 2_000,
  retryingMax: 10_000,
  retryingPauseMs: 5_000,
  retry: {
    attemptsMax: 10,
    delayMaxMs: 900_000,
    delayMinMs: { apns: 1_000, fcm: 10_000, wns: 1_000 },
  },
}

const STORE_BACK_OFF_MS_MAX = 5_000

/** The pause after a failed call of the store: 100 ms, doubled with every failure in a row, at most 5 s. */
export function storeBackOffMs(failures: number): number {
  return Math.min(STORE_BACK_OFF_MS_MAX, 100 * 2 ** Math.min(failures, 10))
}
