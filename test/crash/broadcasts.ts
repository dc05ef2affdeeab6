import { randomUUID } from "node:crypto"
import { cp, mkdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { sandboxCredentials } from "../../src/server/providers.ts"
import { addressOf } from "../../src/simulator/device-states.ts"
import { openSimulators, type Simulators } from "../../src/simulator/simulator.ts"
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts"
import { InspectedDatabase, type RunningServer, ServerSite } from "./server-site.ts"

/** What the management API says of a message, as far as the audit needs it. */
export interface MessageReport {
  readonly messageId: string
  readonly state: string
  readonly audience: number
  readonly counts: Readonly<Record<string, number>>
  readonly pending: number
}

export interface PublishOptions {
  readonly delivery?: "at-least-once" | "at-most-once"
  readonly idempotencyKey?: string
  /** See `mark`. Defaults to a new one. */
  readonly mark?: string
}

/** A text for a message by which the ledger tells it from others: WNS notifications carry no message id. */
export function mark(): string {
  return `message:${randomUUID()}`
}

const PROVIDERS = ["apns", "fcm", "wns"] as const
/** The size of a ledger line's token does not matter; APNs asks for 64 digits. */
const phoneOf = (index: number) => {
  const digits = index.toString(16).padStart(64, "0")
  if (index % 10 === 0)
    return { os: "WP", token: `https://wns2-par02p.notify.windows.com/w/?token=${digits}` }
  return { os: index % 2 === 0 ? "IOS" : "ANDROID", token: digits }
}
const PROVIDER_OF = { IOS: "apns", ANDROID: "fcm", WP: "wns" } as const

/**
 * A server with devices on three platforms, and simulators of their providers outside of it: what these received is in a
 * ledger that no crash of the server touches.
 */
export class BroadcastSite implements AsyncDisposable {
  readonly site: ServerSite
  readonly simulators: Simulators
  /** The registration number of each device by its address at the provider. */
  readonly devices: ReadonlyMap<string, number>
  readonly #ledgerFile: string
  readonly #token: string
  readonly #messageOfMark = new Map<string, string>()
  #accepted = 0
  #waiting: { readonly atLeast: number; readonly resolve: () => void } | undefined

  private constructor(parts: {
    readonly site: ServerSite
    readonly simulators: Simulators
    readonly ledgerFile: string
    readonly token: string
    readonly devices: ReadonlyMap<string, number>
  }) {
    this.site = parts.site
    this.simulators = parts.simulators
    this.devices = parts.devices
    this.#ledgerFile = parts.ledgerFile
    this.#token = parts.token
    this.simulators.journal.subscribe(() => this.#count())
  }

  /** `by`: another origin at which a provider is reached. */
  static async open(
    devices: number,
    by: (origin: string, provider: (typeof PROVIDERS)[number]) => Promise<string> | string = (origin) =>
      origin,
  ): Promise<BroadcastSite> {
    await using opened = new AsyncDisposableStack()
    const site = opened.use(await ServerSite.open())
    const ledgerFile = join(site.path, "ledger.jsonl")
    const simulators = opened.use(
      await openSimulators({ clock: systemClock, random: systemRandom, ledgerFile }),
    )
    const server = await site.start()
    const token = await site.createAdministratorToken()
    const credentials = sandboxCredentials(simulators)
    for (const provider of PROVIDERS) {
      const credential = {
        ...credentials(provider),
        origin: await by(simulators.origins[provider], provider),
      }
      await call(server, token, "PUT", `/credentials/${provider}`, credential)
    }
    server.program.signal("SIGTERM")
    await server.program.ended
    const registered = await registerDevices(site.database, devices)
    opened.move()
    return new BroadcastSite({ site, simulators, ledgerFile, token, devices: registered })
  }

  /** Returns the id of the message. */
  async publish(server: RunningServer, options: PublishOptions = {}): Promise<string> {
    const { delivery = "at-least-once", idempotencyKey, mark: message = mark() } = options
    const answer = await fetch(
      `${server.url}/${server.applicationId}/${server.apiKeys["REST"]}/messaging/default`,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
        },
        body: JSON.stringify({ message, delivery }),
      },
    )
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`the publish was answered with ${answer.status}: ${text}`)
    const { messageId } = JSON.parse(text) as { readonly messageId: string }
    this.#messageOfMark.set(message, messageId)
    return messageId
  }

  /** All messages, the latest first. */
  async reports(server: RunningServer): Promise<readonly MessageReport[]> {
    const { messages } = (await call(server, this.#token, "GET", "/messages?limit=1000")) as {
      readonly messages: readonly MessageReport[]
    }
    return messages
  }

  /** Resolves when the simulators have accepted so many more pushes. */
  accepted(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { atLeast: this.#accepted + count, resolve }
    })
  }

  /** How often each message was accepted for each device, and what was refused; throws for what is no device's. */
  async ledger(): Promise<Ledger> {
    this.simulators.journal.flush()
    const copies = new Map<string, Map<number, number>>()
    const refusals: string[] = []
    for (const text of (await readFile(this.#ledgerFile, "utf8")).split("\n")) {
      if (text === "") continue
      const line = JSON.parse(text) as LedgerLine
      const registration = this.devices.get(addressOf(line.provider, line.token))
      if (registration === undefined) throw new Error(`no device has the address in ${text}`)
      if (line.outcome !== "accepted") refusals.push(text)
      else addCopy(copies, this.#messageOfMark.get(line.messageId) ?? line.messageId, registration)
    }
    return { copies, refusals }
  }

  /** Rows of the tables that say how far a message is, counted in a copy: looking must not change what a crash left. */
  async stateRows(): Promise<StateRows> {
    const directory = join(this.site.path, "copy")
    await mkdir(directory, { recursive: true })
    const file = join(directory, "belfry.db")
    await cp(this.site.database, file)
    await cp(`${this.site.database}-wal`, `${file}-wal`)
    using database = new InspectedDatabase(file)
    const count = (table: string) => Number(database.rows(`select count(*) from ${table}`)[0])
    return { messages: count("messages"), segments: count("segments"), retries: count("retries") }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]()
    await this.simulators.close()
  }

  #count(): void {
    this.#accepted += 1
    if (this.#waiting === undefined || this.#accepted < this.#waiting.atLeast) return
    this.#waiting.resolve()
    this.#waiting = undefined
  }
}

export interface Ledger {
  /** By message id and registration number. */
  readonly copies: ReadonlyMap<string, ReadonlyMap<number, number>>
  readonly refusals: readonly string[]
}

export interface StateRows {
  readonly messages: number
  readonly segments: number
  readonly retries: number
}

interface LedgerLine {
  readonly provider: (typeof PROVIDERS)[number]
  readonly token: string
  readonly messageId: string
  readonly outcome: "accepted" | "rejected"
}

function addCopy(copies: Map<string, Map<number, number>>, message: string, registration: number): void {
  let ofMessage = copies.get(message)
  if (ofMessage === undefined) {
    ofMessage = new Map()
    copies.set(message, ofMessage)
  }
  ofMessage.set(registration, (ofMessage.get(registration) ?? 0) + 1)
}

/** Through the store port: over HTTP it would take most of the test's time. */
async function registerDevices(file: string, count: number): Promise<ReadonlyMap<string, number>> {
  const store = openSqliteStore({ file, now: systemClock.now(), random: systemRandom })
  const [application] = await store.applications.list()
  const options = { now: systemClock.now(), channelsPerDeviceMax: 10 }
  const registered = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { os, token } = phoneOf(index)
      const request = {
        deviceId: `phone-${index}`,
        deviceToken: token,
        os,
        osVersion: "1",
        channels: ["default"],
        expiresAt: undefined,
      }
      const { number } = await store.devices.register(application?.number ?? 0, request, options)
      return [addressOf(PROVIDER_OF[os as keyof typeof PROVIDER_OF], token), number] as const
    }),
  )
  await store.close()
  return new Map(registered)
}

async function call(
  server: RunningServer,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${server.url}/admin/v1/applications/${server.applicationId}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
  return JSON.parse(text)
}
