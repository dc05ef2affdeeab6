import type { RegisteredDevice, Registration, RegistrationRequest } from "../../domain/device.ts"
import { type DeviceCounts, PLATFORM_CODES, platformCode } from "../../domain/platform.ts"
import type { Departure, DeviceCriteria, DevicePage, DeviceStore, GoneToken } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { DeviceScan } from "./device-scan.ts"
import { type DeviceRow, type DeviceStatements, prepareDeviceStatements } from "./device-statements.ts"
import { ExpiredRegistrations } from "./expired-registrations.ts"
import type { Pending } from "./group-commit.ts"
import { type PublicIdParts, parsePublicId } from "./public-id.ts"
import {
  channelNumbers,
  isExpired,
  type Keyed,
  type RegisterOptions,
  Registrar,
  type WrittenRegistration,
} from "./registrar.ts"
import { registeredDevice, toRegistration } from "./registration-row.ts"

const PAGE_MAX = 1000
/** A token is one of a platform; that of another system is one too. */
const HOLDER_PLATFORMS: readonly number[] = [...Object.values(PLATFORM_CODES), 0]

export class SqliteDevices implements DeviceStore {
  readonly #context: SqliteContext
  readonly #statements: DeviceStatements
  readonly #registrar: Registrar
  readonly #scan: DeviceScan
  readonly #expired: ExpiredRegistrations

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareDeviceStatements(context.connection)
    this.#registrar = new Registrar(context, this.#statements)
    this.#scan = new DeviceScan(context)
    this.#expired = new ExpiredRegistrations(context, this.#statements)
  }

  async register(
    application: number,
    request: RegistrationRequest,
    options: RegisterOptions,
  ): Promise<RegisteredDevice> {
    const written = await new Promise<WrittenRegistration>((resolve, reject) =>
      this.write(application, request, options, { resolve, reject }),
    )
    return registeredDevice(written, request.channels)
  }

  /** `register` without a promise and without the ids, which the other thread can make (thread-wire.ts). */
  write(
    application: number,
    request: RegistrationRequest,
    options: RegisterOptions,
    { resolve, reject }: Omit<Pending<WrittenRegistration>, "work">,
  ): void {
    const platform = platformCode(request.os)
    const keyed: Keyed = {
      application,
      request,
      options,
      platform,
      deviceKey: this.#context.keys.device(application, request.deviceId),
      tokenKey: this.#context.keys.token(application, platform, request.deviceToken),
    }
    this.#context.writer.add({ work: () => this.#registrar.register(keyed), resolve, reject })
  }

  async byDeviceId(application: number, deviceId: string, now: number): Promise<Registration | undefined> {
    this.#context.refresh()
    const row = this.#registrar.find(application, this.#context.keys.device(application, deviceId), deviceId)
    return row === undefined || isExpired(row, now)
      ? undefined
      : toRegistration(row, this.#context.channelNumbers)
  }

  async byPublicId(application: number, id: string, now: number): Promise<Registration | undefined> {
    const row = this.#findByPublicId(application, parsePublicId(id))
    return row === undefined || isExpired(row, now)
      ? undefined
      : toRegistration(row, this.#context.channelNumbers)
  }

  unregister(application: number, deviceId: string, now: number): Promise<boolean> {
    const deviceKey = this.#context.keys.device(application, deviceId)
    return this.#context.writer.write(() => {
      const row = this.#registrar.find(application, deviceKey, deviceId)
      if (row === undefined) return false
      const wasThere = !isExpired(row, now)
      const reason = wasThere ? "unregistered" : "expired"
      this.#registrar.remove(row, now, { leftAt: now, reason, detail: "" })
      return wasThere
    })
  }

  leaveChannel(application: number, membershipId: string, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      const parts = parsePublicId(membershipId)
      const row = this.#findByPublicId(application, parts)
      if (parts === undefined || parts.channel === 0 || row === undefined || isExpired(row, now)) return false
      if (channelNumbers(row).length === 1)
        this.#registrar.remove(row, now, { leftAt: now, reason: "unregistered", detail: "" })
      else this.#registrar.leave(row, parts.channel)
      return true
    })
  }

  removeGone(gone: GoneToken, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      const row = this.#statements.byNumber.get(gone.registration)
      if (row === undefined || row.token !== gone.token || row.registered_at > gone.knownSince) return false
      this.#registrar.remove(row, now, { leftAt: now, reason: "token_gone", detail: gone.reason })
      return true
    })
  }

  removeExpired(now: number, limit: number): Promise<number> {
    return this.#expired.remove(now, limit)
  }

  tidy(): Promise<boolean> {
    return this.#expired.tidy()
  }

  async nextExpiration(): Promise<number | undefined> {
    return this.#statements.nextExpiration.get() ?? undefined
  }

  async page(application: number, after: number, limit: number, now: number): Promise<DevicePage> {
    const size = Math.min(limit, PAGE_MAX)
    const rows = this.#context.connection.transaction(() => this.#page(application, after, size, now))()
    const next = rows.length < size ? undefined : rows.at(-1)?.number
    return { devices: rows.map((row) => toRegistration(row, this.#context.channelNumbers)), next }
  }

  async search(
    application: number,
    criteria: DeviceCriteria,
    after: number,
    limit: number,
    now: number,
  ): Promise<DevicePage> {
    return this.#scan.page(application, criteria, after, Math.min(limit, PAGE_MAX), now)
  }

  async byToken(
    application: number,
    token: string,
    after: number,
    limit: number,
    now: number,
  ): Promise<DevicePage> {
    this.#context.refresh()
    const size = Math.min(limit, PAGE_MAX)
    const devices: Registration[] = []
    for (const row of this.#holdersAfter(application, token, after)) {
      if (devices.length === size) return { devices, next: devices.at(-1)?.number }
      if (!isExpired(row, now)) devices.push(toRegistration(row, this.#context.channelNumbers))
    }
    return { devices, next: undefined }
  }

  async receiverOf(application: number, deviceId: string): Promise<string | undefined> {
    this.#context.refresh()
    const { keys, tokenHolders } = this.#context
    const row = this.#registrar.find(application, keys.device(application, deviceId), deviceId)
    if (row === undefined) return undefined
    const receiver = tokenHolders.receiver({ ...row, key: row.token_key })
    return receiver === undefined ? undefined : this.#statements.byNumber.get(receiver)?.device_id
  }

  removeOrphaned(limit: number): Promise<number> {
    return this.#context.writer.write(() => {
      // So that the sizes name every application, and application_devices every registration.
      this.#context.memberships.fold()
      for (;;) {
        const application = this.#statements.orphanedApplication.get()
        if (application === undefined) return 0
        const rows = this.#statements.ofApplication.all(application, limit)
        for (const { number } of rows) this.#removeOrphan(number)
        if (rows.length > 0) return rows.length
        this.#statements.forgetCounts.run(application)
      }
    })
  }

  async count(application: number): Promise<DeviceCounts> {
    const { counters, memberships } = this.#context
    return this.#context.snapshot(() => counters.ofApplication(application, memberships.waiting()))
  }

  async departures(application: number, deviceId: string): Promise<readonly Departure[]> {
    const deviceKey = this.#context.keys.device(application, deviceId)
    return this.#statements.departures.all(deviceKey, application, deviceId)
  }

  #page(application: number, after: number, size: number, now: number): DeviceRow[] {
    const rows = this.#statements.page.all(application, after, now, size)
    if (rows.length === size) return rows
    return rows.concat(this.#statements.latePage.all(after, application, now, size - rows.length))
  }

  /** The registrations of a token from the latest to the earliest, for one platform after the other. */
  *#holdersAfter(application: number, token: string, after: number): Iterable<DeviceRow> {
    const last = after === 0 ? undefined : this.#statements.byNumber.get(after)
    const isForeign = last !== undefined && (last.application !== application || last.token !== token)
    if ((after !== 0 && last === undefined) || isForeign) return
    const from = last === undefined ? 0 : HOLDER_PLATFORMS.indexOf(last.platform)
    for (const platform of HOLDER_PLATFORMS.slice(from)) {
      const key = this.#context.keys.token(application, platform, token)
      const first =
        platform === last?.platform
          ? last.older_holder
          : this.#context.tokenHolders.receiver({ key, application, platform, token })
      for (let next = first ?? undefined; next !== undefined; ) {
        const row = this.#statements.byNumber.get(next)
        if (row === undefined) break
        yield row
        next = row.older_holder ?? undefined
      }
    }
  }

  /** Nobody is left to be told which registration receives: whether others have expired does not matter. */
  #removeOrphan(number: number): void {
    const row = this.#statements.byNumber.get(number)
    if (row !== undefined) this.#registrar.remove(row, 0, undefined)
  }

  #findByPublicId(application: number, parts: PublicIdParts | undefined): DeviceRow | undefined {
    if (parts === undefined) return undefined
    const row = this.#statements.byNumber.get(parts.registration)
    if (row?.application !== application || row.device_key !== parts.deviceKey) return undefined
    return parts.channel === 0 || channelNumbers(row).includes(parts.channel) ? row : undefined
  }
}
