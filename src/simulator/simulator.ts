import type { Clock } from "../runtime/clock.ts"
import { type Log, silentLog } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { ApnsKey } from "./apns-provider-token.ts"
import { type ApnsOptions, type ApnsSimulator, openApnsSimulator } from "./apns-simulator.ts"
import { DeviceStates } from "./device-states.ts"
import { FaultScript } from "./faults.ts"
import { type FcmCounters, type FcmOptions, type FcmSimulator, openFcmSimulator } from "./fcm-simulator.ts"
import type { FcmAccount } from "./fcm-token-endpoint.ts"
import { Journal, type ProviderTotals } from "./journal.ts"
import type { ListenerCounters, SimulatorSurroundings } from "./provider-listener.ts"
import { createServerIdentity, type ServerIdentityOptions } from "./self-signed-certificate.ts"
import {
  createApnsCredential,
  createFcmCredential,
  createWnsCredential,
  type TestCredentials,
} from "./test-credentials.ts"
import { openWnsSimulator, type WnsCounters, type WnsOptions, type WnsSimulator } from "./wns-simulator.ts"
import type { WnsClient } from "./wns-token-endpoints.ts"

/**
 * Apple's, Google's and Microsoft's push services on loopback, speaking their protocols over TLS: for the sandbox, for
 * `belfry simulate`, for tests and benchmarks.
 */

export interface SimulatorOptions {
  readonly clock: Clock
  readonly random: Random
  /** Defaults to silence. */
  readonly log?: Log
  /** Ports on 127.0.0.1; 0 or absent picks a free one. */
  readonly ports?: {
    readonly apns?: number
    readonly apnsSandbox?: number
    readonly fcm?: number
    readonly wns?: number
  }
  /** For both environments. */
  readonly apns?: ApnsOptions
  readonly fcm?: FcmOptions
  readonly wns?: WnsOptions
  /** Entries kept in the journal. Defaults to 2 000. */
  readonly journalEntriesMax?: number
  /** A file to append one JSON line per processed push to. Defaults to none. */
  readonly ledgerFile?: string
  /** Those of an earlier run, to be accepted again (the address of the token endpoint is brought up to date). Defaults to new ones. */
  readonly credentials?: TestCredentials
  /** What the server certificate claims; for tests with an expired one or for another host. */
  readonly certificate?: ServerIdentityOptions
}

export interface SimulatorOrigins {
  readonly apns: string
  readonly apnsSandbox: string
  readonly fcm: string
  readonly wns: string
}

export interface SimulatorCounters {
  readonly apns: ProviderTotals & {
    readonly production: ListenerCounters
    readonly sandbox: ListenerCounters
  }
  readonly fcm: ProviderTotals & FcmCounters
  readonly wns: ProviderTotals & WnsCounters
}

export interface Simulators extends AsyncDisposable {
  readonly origins: SimulatorOrigins
  /** PEM: what clients must trust. */
  readonly caCertificatePem: string
  /** Accepted from the start, good for any device that is not declared otherwise. */
  readonly credentials: TestCredentials
  readonly journal: Journal
  readonly faults: FaultScript
  readonly devices: DeviceStates
  /** Accepts one more APNs key in both environments; throws when it is not PEM. */
  trustApnsKey(key: ApnsKey): void
  /** Accepts one more service account; throws when its key is not PEM. */
  trustFcmAccount(account: FcmAccount): void
  trustWnsClient(client: WnsClient): void
  /** All access tokens of FCM and WNS are refused from now on. */
  revokeAccessTokens(): void
  counters(): SimulatorCounters
  /** Drops all connections, frees the ports, completes the ledger. */
  close(): Promise<void>
}

interface Opened {
  readonly apns: ApnsSimulator
  readonly apnsSandbox: ApnsSimulator
  readonly fcm: FcmSimulator
  readonly wns: WnsSimulator
}

/** Rejects when a port is taken or the ledger file cannot be written. */
export async function openSimulators(options: SimulatorOptions): Promise<Simulators> {
  const { clock, random, log = silentLog } = options
  const journal = new Journal({
    now: () => clock.now(),
    log,
    ...(options.journalEntriesMax !== undefined && { entriesMax: options.journalEntriesMax }),
    ...(options.ledgerFile !== undefined && { ledgerFile: options.ledgerFile }),
  })
  const faults = new FaultScript(() => clock.monotonic(), random)
  const devices = new DeviceStates()
  const identity = createServerIdentity(random, options.certificate)
  const surroundings = { clock, random, log, faults, identity, journal, devices }
  const opened = await openAll(options, surroundings)
  const credentials = await credentialsFor(options, opened.fcm.tokenUri)
  const simulators = new RunningSimulators(opened, {
    caCertificatePem: identity.caCertificatePem,
    credentials,
    journal,
    faults,
    devices,
  })
  const { privateKey, topic, ...apns } = credentials.apns
  simulators.trustApnsKey({ ...apns, key: privateKey, topics: [topic] })
  simulators.trustFcmAccount(credentials.fcm)
  simulators.trustWnsClient(credentials.wns)
  return simulators
}

async function credentialsFor(
  { random, credentials: earlier }: SimulatorOptions,
  tokenUri: string,
): Promise<TestCredentials> {
  if (earlier !== undefined) return { ...earlier, fcm: { ...earlier.fcm, token_uri: tokenUri } }
  return {
    apns: createApnsCredential(random),
    fcm: await createFcmCredential(random, tokenUri),
    wns: createWnsCredential(random),
  }
}

async function openAll(
  { ports = {}, apns = {}, fcm = {}, wns = {} }: SimulatorOptions,
  surroundings: SimulatorSurroundings,
): Promise<Opened> {
  const opening = [
    openApnsSimulator("production", ports.apns ?? 0, apns, surroundings),
    openApnsSimulator("sandbox", ports.apnsSandbox ?? 0, apns, surroundings),
    openFcmSimulator(ports.fcm ?? 0, fcm, surroundings),
    openWnsSimulator(ports.wns ?? 0, wns, surroundings),
  ] as const
  const settled = await Promise.allSettled(opening)
  const failed = settled.find((result) => result.status === "rejected")
  if (failed !== undefined) {
    await Promise.all(settled.map((result) => result.status === "fulfilled" && result.value.close()))
    surroundings.journal.close()
    throw failed.reason
  }
  const [production, sandbox, fcmSimulator, wnsSimulator] = await Promise.all(opening)
  return { apns: production, apnsSandbox: sandbox, fcm: fcmSimulator, wns: wnsSimulator }
}

type Parts = Pick<Simulators, "caCertificatePem" | "credentials" | "journal" | "faults" | "devices">

class RunningSimulators implements Simulators {
  readonly origins: SimulatorOrigins
  readonly caCertificatePem: string
  readonly credentials: TestCredentials
  readonly journal: Journal
  readonly faults: FaultScript
  readonly devices: DeviceStates
  readonly #opened: Opened

  constructor(opened: Opened, parts: Parts) {
    this.#opened = opened
    this.origins = {
      apns: opened.apns.origin,
      apnsSandbox: opened.apnsSandbox.origin,
      fcm: opened.fcm.origin,
      wns: opened.wns.origin,
    }
    this.caCertificatePem = parts.caCertificatePem
    this.credentials = parts.credentials
    this.journal = parts.journal
    this.faults = parts.faults
    this.devices = parts.devices
  }

  trustApnsKey(key: ApnsKey): void {
    this.#opened.apns.trust(key)
    this.#opened.apnsSandbox.trust(key)
  }

  trustFcmAccount(account: FcmAccount): void {
    this.#opened.fcm.trust(account)
  }

  trustWnsClient(client: WnsClient): void {
    this.#opened.wns.trust(client)
  }

  revokeAccessTokens(): void {
    this.#opened.fcm.revokeAccessTokens()
    this.#opened.wns.revokeAccessTokens()
  }

  counters(): SimulatorCounters {
    const { apns, apnsSandbox, fcm, wns } = this.#opened
    return {
      apns: { ...this.journal.totals("apns"), production: apns.counters(), sandbox: apnsSandbox.counters() },
      fcm: { ...this.journal.totals("fcm"), ...fcm.counters() },
      wns: { ...this.journal.totals("wns"), ...wns.counters() },
    }
  }

  async close(): Promise<void> {
    const { apns, apnsSandbox, fcm, wns } = this.#opened
    await Promise.all([apns.close(), apnsSandbox.close(), fcm.close(), wns.close()])
    this.journal.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
