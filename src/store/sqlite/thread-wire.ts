import type { RegisteredDevice, RegistrationRequest } from "../../domain/device.ts"
import type { ErrorDetails, ErrorName } from "../../domain/errors.ts"
import type { Store } from "../store.ts"

/**
 * How calls and answers travel between the threads: one flat array for all of a turn of the event loop. Registrations,
 * which are nearly all of them, are taken apart into plain values: to copy an object between threads costs four times as
 * much as its values, because the name of each property travels too.
 */
export type Parcel = unknown[]

export type Noun = Exclude<keyof Store, "close" | "describe" | "probe"> | "store"

/** An error, in a form that can travel between threads. */
export type Failure =
  | { readonly domain: ErrorName; readonly message: string; readonly details: ErrorDetails }
  | { readonly name: string; readonly message: string }

export interface RegisterOptions {
  readonly now: number
  readonly channelsPerDeviceMax: number
  readonly userId?: string | undefined
  readonly guardsOwners?: boolean | undefined
}

/** Takes calls out of a parcel, in their order. */
export interface CallReader {
  call(id: number, noun: Noun, method: string, parameters: readonly unknown[]): void
  register(id: number, application: number, request: RegistrationRequest, options: RegisterOptions): void
}

/** Takes answers out of a parcel. */
export interface AnswerReader {
  value(id: number, value: unknown): void
  failure(id: number, failure: Failure): void
  /** The public ids are those of the channels that the request named, in its order. */
  registered(id: number, number: number, created: boolean, publicIds: readonly string[]): void
}

const REGISTER = 0
const CALL = 1

const VALUE = 0
const FAILURE = 1
const REGISTERED = 2

export function packCall(
  parcel: Parcel,
  id: number,
  noun: Noun,
  method: string,
  parameters: readonly unknown[],
): void {
  parcel.push(CALL, id, noun, method, parameters)
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
  parcel.push(REGISTER, id, application, deviceToken, deviceId, os, osVersion, expiresAt)
  parcel.push(now, channelsPerDeviceMax, userId, guardsOwners, channels.length)
  for (const channel of channels) parcel.push(channel)
}

export function unpackCalls(parcel: Parcel, reader: CallReader): void {
  for (let at = 0; at < parcel.length; ) {
    if (parcel[at] === REGISTER) at = unpackRegister(parcel, at + 1, reader)
    else {
      const [id, noun, method, parameters] = parcel.slice(at + 1, at + 5)
      reader.call(id as number, noun as Noun, method as string, parameters as readonly unknown[])
      at += 5
    }
  }
}

function unpackRegister(parcel: Parcel, from: number, reader: CallReader): number {
  let at = from
  const id = parcel[at++] as number
  const application = parcel[at++] as number
  const deviceToken = parcel[at++] as string
  const deviceId = parcel[at++] as string
  const os = parcel[at++] as string
  const osVersion = parcel[at++] as string
  const expiresAt = parcel[at++] as number | undefined
  const now = parcel[at++] as number
  const channelsPerDeviceMax = parcel[at++] as number
  const userId = parcel[at++] as string | undefined
  const guardsOwners = parcel[at++] as boolean | undefined
  const channelsEnd = (parcel[at++] as number) + at
  const channels = parcel.slice(at, channelsEnd) as string[]
  const options = { now, channelsPerDeviceMax, userId, guardsOwners }
  reader.register(id, application, { deviceToken, deviceId, os, osVersion, expiresAt, channels }, options)
  return channelsEnd
}

export function packValue(parcel: Parcel, id: number, value: unknown): void {
  parcel.push(VALUE, id, value)
}

export function packFailure(parcel: Parcel, id: number, failure: Failure): void {
  parcel.push(FAILURE, id, failure)
}

export function packRegistered(parcel: Parcel, id: number, device: RegisteredDevice): void {
  parcel.push(REGISTERED, id, device.number, device.created, device.channels.length)
  for (const channel of device.channels) parcel.push(channel.id)
}

export function unpackAnswers(parcel: Parcel, reader: AnswerReader): void {
  for (let at = 0; at < parcel.length; ) {
    const kind = parcel[at]
    const id = parcel[at + 1] as number
    if (kind === REGISTERED) {
      const idsEnd = at + 5 + (parcel[at + 4] as number)
      const ids = parcel.slice(at + 5, idsEnd) as string[]
      reader.registered(id, parcel[at + 2] as number, parcel[at + 3] as boolean, ids)
      at = idsEnd
    } else {
      if (kind === VALUE) reader.value(id, parcel[at + 2])
      else reader.failure(id, parcel[at + 2] as Failure)
      at += 3
    }
  }
}
