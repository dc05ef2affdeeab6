/**
 * What clients know of devices on a server that crashes, in the manner of Jepsen: an operation ended `ok` (answered, so
 * it must have happened), `fail` (certainly not happened) or `unknown` (the answer was lost: it may have happened or not).
 * From these follow the states in which each device may be; what is read later must be one of them.
 */

/** A registration as it was acknowledged; the id of a channel is undefined while no answer told it. */
export interface Acknowledged {
  readonly token: string
  readonly os: string
  readonly osVersion: string
  /** Milliseconds since 1970. */
  readonly expiration: number | null
  readonly channels: ReadonlyMap<string, string | undefined>
}

/** Undefined: not registered. */
export type DeviceState = Acknowledged | undefined

export interface RegistrationBody {
  readonly deviceToken: string
  readonly deviceId: string
  readonly os: string
  readonly osVersion: string
  readonly channels: readonly string[]
  readonly expiration: number | null
}

export type Operation =
  | { readonly op: "register"; readonly body: RegistrationBody }
  | { readonly op: "cancel"; readonly deviceId: string }

export type Ending =
  /** Of a registration: the id of the device in each channel that it named. Of a cancellation: whether it was found. */
  | { readonly type: "ok"; readonly ids?: ReadonlyMap<string, string>; readonly found?: boolean }
  | { readonly type: "fail" }
  | { readonly type: "unknown" }

interface KnownDevice {
  states: readonly DeviceState[]
  /** The operations on it, in words, for the report of a violation. */
  readonly past: string[]
  isVerified: boolean
}

const NEVER_SEEN: readonly DeviceState[] = [undefined]

export class DeviceHistory {
  readonly counts = { ok: 0, fail: 0, unknown: 0 }
  readonly #devices = new Map<string, KnownDevice>()

  get deviceIds(): readonly string[] {
    return [...this.#devices.keys()]
  }

  /** The devices on which something was done since they were last verified. */
  get unverified(): readonly string[] {
    return [...this.#devices].filter(([, { isVerified }]) => !isVerified).map(([deviceId]) => deviceId)
  }

  /** Throws when the answer contradicts all that was answered before. */
  record(operation: Operation, ending: Ending): void {
    const deviceId = operation.op === "register" ? operation.body.deviceId : operation.deviceId
    const device = this.#device(deviceId)
    this.counts[ending.type] += 1
    device.past.push(`${JSON.stringify(operation)} → ${ending.type}`)
    if (ending.type === "fail") return
    device.isVerified = false
    const after = device.states.flatMap((state) => outcomesOf(state, operation, ending))
    if (after.length === 0) throw violation(deviceId, device, `the answer ${shown(ending)}`)
    device.states = ending.type === "ok" ? after : [...device.states, ...after]
  }

  /** Undefined when the state is one that the answers allow, else what is wrong. From now on it is the only one. */
  verify(deviceId: string, found: DeviceState): Error | undefined {
    const device = this.#device(deviceId)
    const isAllowed = device.states.some((state) => isSame(state, found))
    const problem = isAllowed ? undefined : violation(deviceId, device, `it is ${shown(found)}`)
    device.states = [found]
    device.isVerified = true
    return problem
  }

  #device(deviceId: string): KnownDevice {
    let device = this.#devices.get(deviceId)
    if (device === undefined) {
      device = { states: NEVER_SEEN, past: [], isVerified: false }
      this.#devices.set(deviceId, device)
    }
    return device
  }
}

/** The state after the operation; none when the answer is impossible in the state before it. */
function outcomesOf(state: DeviceState, operation: Operation, ending: Ending): readonly DeviceState[] {
  const answer = ending.type === "ok" ? ending : undefined
  if (operation.op === "cancel") {
    const isImpossible = answer !== undefined && answer.found !== (state !== undefined)
    return isImpossible ? [] : [undefined]
  }
  const { deviceToken, os, osVersion, expiration, channels } = operation.body
  const after = new Map(state?.channels)
  for (const channel of channels) {
    const known = after.get(channel)
    const told = answer?.ids?.get(channel)
    if (known !== undefined && told !== undefined && known !== told) return []
    after.set(channel, told ?? known)
  }
  return [{ token: deviceToken, os, osVersion, expiration, channels: after }]
}

function isSame(expected: DeviceState, found: DeviceState): boolean {
  if (expected === undefined || found === undefined) return expected === found
  const { channels, ...fields } = expected
  const { channels: foundChannels, ...foundFields } = found
  const haveSameFields = Object.entries(fields).every(
    ([name, value]) => foundFields[name as keyof typeof foundFields] === value,
  )
  const haveSameIds = [...channels].every(
    ([name, id]) => foundChannels.has(name) && (id === undefined || foundChannels.get(name) === id),
  )
  return haveSameFields && haveSameIds && channels.size === foundChannels.size
}

function violation(deviceId: string, { states, past }: KnownDevice, contradiction: string): Error {
  const possible = states.map(shown).join("\n  or ")
  return new Error(
    `${deviceId}: ${contradiction}, but must be\n     ${possible}\nafter\n  ${past.slice(-20).join("\n  ")}`,
  )
}

function shown(value: unknown): string {
  if (value === undefined) return "not registered"
  return JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Map ? Object.fromEntries(part) : part,
  )
}
