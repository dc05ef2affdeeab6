import type { Application } from "../domain/application.ts"
import type { Registration, RegistrationRequest } from "../domain/device.ts"
import { DomainError } from "../domain/errors.ts"
import { type Platform, PROVIDER_OF, platformOf } from "../domain/platform.ts"
import type { ShownNotification } from "../domain/shown-notification.ts"
import { checkedText } from "../domain/text.ts"
import { VIRTUAL_PHONE_RANDOM_BYTES, virtualPhoneId, virtualPhoneToken } from "../domain/virtual-phone.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import type { VirtualPhone } from "../store/phone-store.ts"
import type { Store } from "../store/store.ts"
import type { Devices } from "./devices.ts"
import type { ServerFacts } from "./server-facts.ts"

/** Virtual phones of one application: they are for people to look at. */
export const PHONES_MAX = 20
const NAME_RULE = { min: 1, max: 60 }

const DEFAULT_NAMES = { ios: "iPhone", android: "Android phone", wp: "Windows PC" } as const

/** What a virtual phone got, as it shows it. */
export interface PhoneNotification {
  /** Grows with every notification of the application; begins anew when the server starts. */
  readonly sequence: number
  readonly deviceId: string
  readonly os: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly messageId: string | undefined
  readonly shown: ShownNotification
}

/** What the virtual phones of this process got; behind a port, since no service knows a simulator. */
export interface PhoneNotifications {
  /** Tells sequence numbers of one run of the server from those of another. */
  readonly epoch: string
  /** What is remembered of an application, the earliest first. */
  read(application: number): readonly PhoneNotification[]
  /** The latest sequence number of the application, 0 before the first. */
  latest(application: number): number
  /** Calls back when something was added for the application. The returned function ends it. */
  subscribe(application: number, listener: () => void): () => void
}

export interface Phone extends VirtualPhone {
  readonly registration: Registration
  readonly sandboxed: boolean
  /** The latest first. */
  readonly notifications: readonly PhoneNotification[]
}

export interface PhonesOptions {
  readonly store: Pick<Store, "phones">
  readonly devices: Pick<Devices, "register" | "find" | "cancel">
  readonly server: Pick<ServerFacts, "delivery" | "hasSandbox">
  readonly clock: Clock
  readonly random: Random
  /** Undefined without a sandbox. */
  readonly notifications: PhoneNotifications | undefined
}

/** A registration as an app would ask for it. */
export interface PhoneRegistration {
  readonly deviceId: string
  readonly deviceToken: string
  readonly os: string
  readonly osVersion: string
  readonly channels: unknown
}

const SHOWN_MAX = 20
const HEARTBEAT_MS = 15_000

/** Virtual phones: devices of the sandbox that people look at. */
export class Phones {
  readonly #options: PhonesOptions

  constructor(options: PhonesOptions) {
    this.#options = options
  }

  /**
   * Registers a virtual phone. `decode` has the rules of every registration. Throws `conflict` when the platform is not in
   * the sandbox of this application, and when the application has PHONES_MAX of them.
   */
  async create(
    application: Application,
    wish: { readonly os: unknown; readonly name: unknown; readonly channels: unknown },
    decode: (registration: PhoneRegistration) => RegistrationRequest,
  ): Promise<Phone> {
    const { store, devices, clock, random } = this.#options
    const platform = platformOfPhone(wish.os)
    const os = platform.toUpperCase()
    const name = wish.name === undefined ? DEFAULT_NAMES[platform] : checkedText(wish.name, "name", NAME_RULE)
    const deviceId = virtualPhoneId(random.bytes(VIRTUAL_PHONE_RANDOM_BYTES))
    const deviceToken = virtualPhoneToken(os, deviceId)
    const request = decode({ deviceId, deviceToken, os, osVersion: "virtual", channels: wish.channels })
    await this.#checkSandbox(application, platform)
    const phone = { application: application.number, deviceId, name, createdAt: clock.now() }
    // First the phone: one without a registration is forgotten when it is next listed.
    if (!(await store.phones.add(phone, PHONES_MAX))) {
      throw new DomainError(
        "conflict",
        `The application has ${PHONES_MAX} virtual phones, and more are not allowed; remove one first.`,
        { limit: PHONES_MAX },
      )
    }
    await devices.register(application.number, request)
    const registration = await devices.find(application.number, deviceId)
    if (registration === undefined) throw noSuchPhone(deviceId)
    return { ...phone, registration, sandboxed: true, notifications: [] }
  }

  /** Those that are still registered, in the order of their creation. */
  async list(application: Application): Promise<readonly Phone[]> {
    const { store, devices, server, notifications } = this.#options
    const routes = await server.delivery(application)
    const received = notifications?.read(application.number).toReversed() ?? []
    const phones: Phone[] = []
    for (const phone of await store.phones.list(application.number)) {
      const { deviceId } = phone
      const registration = await devices.find(application.number, deviceId)
      if (registration === undefined) {
        await store.phones.remove(application.number, deviceId)
        continue
      }
      const platform = platformOf(registration.os)
      phones.push({
        ...phone,
        registration,
        sandboxed: routes.some((route) => route.platform === platform && route.to === "sandbox"),
        notifications: received.filter((one) => one.deviceId === deviceId).slice(0, SHOWN_MAX),
      })
    }
    return phones
  }

  /** Removes a virtual phone and its registration. Throws `not_found`. */
  async remove(application: Application, deviceId: string): Promise<void> {
    const { store, devices } = this.#options
    if (!(await store.phones.remove(application.number, deviceId))) throw noSuchPhone(deviceId)
    try {
      await devices.cancel(application.number, deviceId)
    } catch (error) {
      if (!(error instanceof DomainError) || error.error !== "unknown_device_to_cancel") throw error
    }
  }

  /**
   * What the phones of the application get, until the signal aborts: from now on, or after the event with that id as far as
   * it is remembered. Undefined every 15 seconds in which nothing came. Throws `not_found` without a sandbox.
   */
  events(
    application: number,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly id: string; readonly notification: PhoneNotification } | undefined> {
    const { notifications, clock } = this.#options
    if (notifications === undefined) {
      throw new DomainError("not_found", "The server runs with --no-sandbox: there are no virtual phones.")
    }
    return follow(notifications, application, lastEventId, { clock, signal })
  }

  async #checkSandbox(application: Application, platform: Platform): Promise<void> {
    const route = (await this.#options.server.delivery(application)).find((one) => one.platform === platform)
    if (route?.to === "sandbox") return
    const provider = PROVIDER_OF[platform]
    const obstacles = {
      provider: `The application has a credential for ${provider}, so nothing for this platform goes to the sandbox: a virtual phone would get nothing. Use another application, or remove the credential.`,
      none: "The server runs with --no-sandbox; start it without that option to have virtual phones.",
      held: "The server runs without the right master key, and nothing is delivered until it is back: a virtual phone would get nothing.",
    }
    throw new DomainError("conflict", obstacles[route?.to ?? "none"], { property: "os", provider })
  }
}

async function* follow(
  notifications: PhoneNotifications,
  application: number,
  lastEventId: string | undefined,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
) {
  const { epoch } = notifications
  let last = lastEventId === undefined ? notifications.latest(application) : sequenceIn(lastEventId, epoch)
  let wake = new AbortController()
  const unsubscribe = notifications.subscribe(application, () => wake.abort())
  try {
    while (!signal.aborted) {
      const fresh = notifications.read(application).filter(({ sequence }) => sequence > last)
      for (const notification of fresh) {
        last = notification.sequence
        yield { id: `${epoch}-${last}`, notification }
      }
      if (fresh.length > 0) continue
      if (!wake.signal.aborted) await clock.sleep(HEARTBEAT_MS, AbortSignal.any([signal, wake.signal]))
      if (!wake.signal.aborted && !signal.aborted) yield undefined
      wake = new AbortController()
    }
  } finally {
    unsubscribe()
  }
}

/** An id of an earlier run of the server, or none of ours: everything that is remembered came after it. */
function sequenceIn(id: string, epoch: string): number {
  const text = id.startsWith(`${epoch}-`) ? id.slice(epoch.length + 1) : ""
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

function platformOfPhone(os: unknown): keyof typeof DEFAULT_NAMES {
  const platform = typeof os === "string" ? platformOf(os) : undefined
  if (platform !== undefined && platform !== "osx") return platform
  throw new DomainError("invalid_property", "os must be IOS, ANDROID or WP.", { property: "os" })
}

function noSuchPhone(deviceId: string): DomainError {
  return new DomainError("not_found", `The application has no virtual phone with the device id ${deviceId}.`)
}
