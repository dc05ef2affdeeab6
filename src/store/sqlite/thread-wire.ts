import type { AuditIntent } from "../../domain/audit.ts"
import type { RegistrationRequest } from "../../domain/device.ts"
import type { ErrorDetails, ErrorName } from "../../domain/errors.ts"
import type { Store } from "../store.ts"
import type { RegisterOptions, WrittenRegistration } from "./registrar.ts"

/**
 * How calls and answers travel between the threads: one flat array for all of a turn of the event loop. Registrations,
 * which are nearly all of them, are taken apart into plain values: to copy an object between threads costs four times as
 * much as its values, because the name of each property travels too. Their texts travel as one: a string costs as much
 * as a hundred characters.
 */
export interface Parcel {
  readonly values: unknown[]
  /** One after the other, in the order of the registrations; the values say how long each is. */
  texts: string
}

export function emptyParcel(): Parcel {
  return { values: [], texts: "" }
}

export type Noun = Exclude<keyof Store, "close" | "describe" | "probe"> | "store"

/** An error, in a form that can travel between threads. */
export type Failure =
  | { readonly domain: ErrorName; readonly message: string; readonly details: ErrorDetails }
  | { readonly name: string; readonly message: string }

/** Takes calls out of a parcel, in their order. */
export interface CallReader {
  /** `intent`: what the call carries to what it changes. */
  call(
    id: number,
    noun: Noun,
    method: string,
    parameters: readonly unknown[],
    intent: AuditIntent | undefined,
  ): void
  register(id: number, application: number, request: RegistrationRequest, options: RegisterOptions): void
}

/** Takes answers out of a parcel. */
export interface AnswerReader {
  value(id: number, value: unknown): void
  failure(id: number, failure: Failure): void
  registered(id: number, registration: WrittenRegistration): void
}

const REGISTER = 0
const CALL = 1

const VALUE = 0
const FAILURE = 1
const REGISTERED = 2

export function packCall(
  { values }: Parcel,
  id: number,
  noun: Noun,
  method: string,
  parameters: readonly unknown[],
  intent: AuditIntent | undefined,
): void {
  values.push(CALL, id, noun, method, parameters, intent)
}

export function packRegister(
  parcel: Parcel,
  id: number,
  application: number,
  request: RegistrationRequest,
  options: RegisterOptions,
): void {
  const { deviceToken, deviceId, os, osVersion, channels, expiresAt } = request
  const { now, channelsPerDeviceMax, userId, guardsOwners } = options
  const { values } = parcel
  parcel.texts += deviceToken + deviceId + os + osVersion
  values.push(REGISTER, id, application, deviceToken.length, deviceId.length, os.length, osVersion.length)
  values.push(expiresAt, now, channelsPerDeviceMax, userId, guardsOwners, channels.length)
  for (const channel of channels) {
    parcel.texts += channel
    values.push(channel.length)
  }
}

export function unpackCalls(parcel: Parcel, reader: CallReader): void {
  const { values } = parcel
  const registrations = new RegistrationUnpacker(parcel)
  for (let at = 0; at < values.length; ) {
    if (values[at] === REGISTER) at = registrations.unpack(at + 1, reader)
    else {
      const [id, noun, method, parameters, intent] = values.slice(at + 1, at + 6)
      reader.call(
        id as number,
        noun as Noun,
        method as string,
        parameters as readonly unknown[],
        intent as AuditIntent | undefined,
      )
      at += 6
    }
  }
}

class RegistrationUnpacker {
  readonly #values: readonly unknown[]
  readonly #texts: string
  #reached = 0

  constructor({ values, texts }: Parcel) {
    this.#values = values
    this.#texts = texts
  }

  /** Returns where the next call begins. */
  unpack(from: number, reader: CallReader): number {
    const values = this.#values
    const id = values[from] as number
    const application = values[from + 1] as number
    const deviceToken = this.#text(from + 2)
    const deviceId = this.#text(from + 3)
    const os = this.#text(from + 4)
    const osVersion = this.#text(from + 5)
    const expiresAt = values[from + 6] as number | undefined
    const now = values[from + 7] as number
    const channelsPerDeviceMax = values[from + 8] as number
    const userId = values[from + 9] as string | undefined
    const guardsOwners = values[from + 10] as boolean | undefined
    const end = from + 12 + (values[from + 11] as number)
    const channels: string[] = []
    for (let at = from + 12; at < end; at++) channels.push(this.#text(at))
    const options = { now, channelsPerDeviceMax, userId, guardsOwners }
    reader.register(id, application, { deviceToken, deviceId, os, osVersion, expiresAt, channels }, options)
    return end
  }

  #text(at: number): string {
    const from = this.#reached
    this.#reached += this.#values[at] as number
    return this.#texts.slice(from, this.#reached)
  }
}

export function packValue({ values }: Parcel, id: number, value: unknown): void {
  values.push(VALUE, id, value)
}

export function packFailure({ values }: Parcel, id: number, failure: Failure): void {
  values.push(FAILURE, id, failure)
}

export function packRegistered({ values }: Parcel, id: number, written: WrittenRegistration): void {
  const { number, created, deviceKey, channels } = written
  values.push(REGISTERED, id, number, created, deviceKey, channels.length)
  for (const channel of channels) values.push(channel)
}

export function unpackAnswers({ values }: Parcel, reader: AnswerReader): void {
  for (let at = 0; at < values.length; ) {
    const kind = values[at]
    const id = values[at + 1] as number
    if (kind === REGISTERED) {
      const end = at + 6 + (values[at + 5] as number)
      reader.registered(id, {
        number: values[at + 2] as number,
        created: values[at + 3] as boolean,
        deviceKey: values[at + 4] as number,
        channels: values.slice(at + 6, end) as number[],
      })
      at = end
    } else {
      if (kind === VALUE) reader.value(id, values[at + 2])
      else reader.failure(id, values[at + 2] as Failure)
      at += 3
    }
  }
}
