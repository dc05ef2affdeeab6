import type { Random } from "../../src/runtime/random.ts"
import { type AppHandle, type Phone, tokenFor } from "./app-handle.ts"
import { call, expected } from "./calls.ts"

export type ChurnKind =
  | "register again"
  | "new token"
  | "unregister"
  | "unregister and register"
  | "join another channel"
  | "leave the channel"
  | "take over a token"
  | "newcomer"
  | "a stranger joins"
  | "another publish"

const KINDS: readonly ChurnKind[] = [
  "register again",
  "new token",
  "unregister",
  "unregister and register",
  "join another channel",
  "leave the channel",
  "take over a token",
  "newcomer",
  "a stranger joins",
  "another publish",
]

/** Devices as they come and go while a message is on its way; each device is touched once. */
export class Churn {
  readonly #app: AppHandle
  readonly #random: Random
  readonly #untouched: Phone[]
  readonly #strangers: Phone[]
  /** Device ids with which something was done, whether or not it is done yet. */
  readonly touched = new Map<string, ChurnKind>()
  /** Tokens of devices that registered after the publish. */
  readonly newcomerTokens: string[] = []
  #newcomers = 0
  /** Kinds that are still to come before one comes again: none is missed by chance where changes are few. */
  #kinds: ChurnKind[] = []

  /** `strangers` are registered and not in the channel of the candidates. */
  constructor(app: AppHandle, random: Random, candidates: readonly Phone[], strangers: readonly Phone[]) {
    this.#app = app
    this.#random = random
    this.#untouched = [...candidates]
    this.#strangers = [...strangers]
  }

  /** One change, acknowledged when it resolves. False: every candidate was touched. */
  async next(): Promise<boolean> {
    if (this.#kinds.length === 0) this.#kinds = [...KINDS]
    const [kind] = this.#kinds.splice(Math.floor(this.#random.fraction() * this.#kinds.length), 1)
    const index = Math.floor(this.#random.fraction() * this.#untouched.length)
    const [phone] = this.#untouched.splice(index, 1)
    if (phone === undefined || kind === undefined) return false
    this.touched.set(phone.deviceId, kind)
    await this.#change(kind, phone)
    return true
  }

  async #change(kind: ChurnKind, phone: Phone): Promise<void> {
    const { deviceId } = phone
    switch (kind) {
      case "register again":
        return this.#register(phone)
      case "new token":
        return this.#register({ ...phone, token: tokenFor("IOS", `new-${deviceId}`) })
      case "unregister":
        return this.#unregister(deviceId)
      case "unregister and register":
        await this.#unregister(deviceId)
        return this.#register(phone)
      case "join another channel":
        return this.#register({ ...phone, channels: ["elsewhere"] })
      case "leave the channel":
        return this.#leave(deviceId, phone.channels?.[0] ?? "default")
      case "take over a token":
        // The phone was reset: the same token comes with a new device id.
        return this.#register({
          deviceId: this.#newcomer(),
          token: tokenFor("IOS", deviceId),
          channels: ["elsewhere"],
        })
      case "newcomer":
        return this.#registerNewcomer(phone)
      case "a stranger joins":
        return this.#joinStranger(phone.channels ?? [])
      case "another publish":
        // The store may sort newcomers in before every publish.
        await this.#app.published({ message: "in between", publishPolicy: "PUBSUB" }, "elsewhere")
    }
  }

  async #joinStranger(channels: readonly string[]): Promise<void> {
    const stranger = this.#strangers.shift()
    if (stranger !== undefined) await this.#register({ ...stranger, channels })
  }

  async #register(phone: Phone): Promise<void> {
    await this.#app.register(phone)
  }

  async #unregister(deviceId: string): Promise<void> {
    await this.#app.unregister(deviceId)
  }

  /** As the Swift SDK does it: by the row of the device in the channel. */
  async #leave(deviceId: string, channel: string): Promise<void> {
    const rows = `${this.#app.base("ANDROID")}/data/DeviceRegistration`
    const where = `deviceId='${deviceId}' and channelName='${channel}'`
    const [row] = await expected<{ objectId: string }[]>(call("POST", `${rows}/find`, { where }))
    await expected(call("DELETE", `${rows}/${row?.objectId}`))
  }

  #newcomer(): string {
    this.#newcomers += 1
    return `newcomer-${this.#newcomers}`
  }

  #registerNewcomer(phone: Phone): Promise<void> {
    const deviceId = this.#newcomer()
    const token = tokenFor("IOS", deviceId)
    this.newcomerTokens.push(token)
    return this.#register({ ...phone, os: "IOS", deviceId, token })
  }
}
