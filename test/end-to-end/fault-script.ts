import type { OutcomeKind } from "../../src/domain/outcome.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import type { DeviceState } from "../../src/simulator/device-states.ts"
import type { Fault } from "../../src/simulator/fault-rules.ts"
import type { AppHandle } from "./app-handle.ts"
import type { World } from "./world.ts"

/** One row of the tables of provider faults: what the provider does, and what must have become of the devices. */
export interface FaultScript {
  readonly name: string
  /** Set one after the other; without a provider, since the table has one. */
  readonly faults?: readonly Omit<Fault, "provider">[]
  /** Faults that depend on the moment, such as a date in a header; `now` is ms since 1970. */
  readonly faultsAt?: (now: number) => readonly Omit<Fault, "provider">[]
  /** What the provider knows of every device; `now` is ms since 1970. */
  readonly device?: (now: number) => Partial<DeviceState> & Pick<DeviceState, "condition">
  /** Done after the devices registered and before the faults are set. */
  readonly before?: (scene: Scene) => Promise<void>
  /** Defaults to 1. */
  readonly devices?: number
  readonly token?: (deviceId: string) => string
  /** Added to the publish. */
  readonly publish?: Readonly<Record<string, unknown>>
  /** The peer falls silent for so long (ms): time is put forward until the client has noticed. */
  readonly silentMs?: number

  /** What each device ends with. The reason defaults to the empty one of `accepted`. */
  readonly outcome: OutcomeKind
  readonly reason?: string | RegExp
  /** How many pushes of the message the simulator accepted, for each device. */
  readonly copies: number
  /** How many it accepted or refused, for each device; not given where several devices share the fault. */
  readonly processed?: number
  /** Defaults to kept. */
  readonly tokens?: "kept" | "removed"
  /** The reason for which the credential is paused; defaults to none. */
  readonly paused?: string | RegExp
  /** Between the first push and the last one. */
  readonly pauseMsMin?: number
}

/** Where a script plays. */
export interface Scene {
  readonly world: World
  readonly app: AppHandle
  readonly provider: ProviderName
  readonly os: string
  readonly deviceIds: readonly string[]
  /** Puts the clock forward. */
  skip(ms: number): void
}

/** What most scripts come to, for each device; what else must hold is said beside it. */
export const ONE_COPY = { outcome: "accepted", copies: 1, processed: 1 } as const
/** Not processed the first time, accepted the second time. */
export const ACCEPTED_LATER = { outcome: "accepted", copies: 1, processed: 2 } as const
/** Accepted without our knowing, and again. */
export const SECOND_COPY = { outcome: "accepted", copies: 2, processed: 2 } as const
/** Refused once, and not sent again; the outcome says why. */
export const REFUSED = { copies: 0, processed: 1 } as const

/** The action of a fault that strikes once. */
export function once(action: Fault["action"]): readonly Omit<Fault, "provider">[] {
  return [{ times: 1, action }]
}

export function always(action: Fault["action"]): readonly Omit<Fault, "provider">[] {
  return [{ action }]
}

/** Of a token endpoint. */
export function atTokenEndpoint(action: Fault["action"], times?: number): readonly Omit<Fault, "provider">[] {
  return [{ endpoint: "token", action, ...(times === undefined ? {} : { times }) }]
}

/** Of new connections. */
export function whileConnecting(action: Fault["action"], times: number): readonly Omit<Fault, "provider">[] {
  return [{ endpoint: "connection", action, times }]
}

export const MINUTE_MS = 60_000
/** Longer than any client of ours waits for a connection, an answer or an access token. */
export const GIVEN_UP_MS = 20_000
