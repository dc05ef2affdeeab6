import { type DeviceCounts, PLATFORM_CODES, PLATFORMS } from "../../domain/platform.ts"

import type { Connection } from "./connection.ts"
import { type MemberGroups, PLATFORM_RANGE } from "./waiting-members.ts"

export const COUNTER_STATEMENTS = {
  ofApplication: "select platform, count from device_counts where application = ?",
  ofChannel: "select platform, count from member_counts where channel = ?",
  addToApplication: `insert into device_counts (application, platform, count) values (?, ?, ?)
    on conflict do update set count = count + excluded.count`,
  addToChannel: `insert into member_counts (channel, platform, count) values (?, ?, ?)
    on conflict do update set count = count + excluded.count`,
} as const

/**
 * The sizes of applications and channels by platform. Changes of one group of writes are added up in memory and written
 * once before its commit: a thousand devices that leave one channel cost one update.
 */
export class DeviceCounters {
  readonly #applications = new Map<number, number>()
  readonly #channels = new Map<number, number>()
  readonly #addToApplication
  readonly #addToChannel
  readonly #ofApplication
  readonly #ofChannel

  constructor(connection: Connection) {
    const sql = COUNTER_STATEMENTS
    this.#addToApplication = connection.prepare<[number, number, number]>(sql.addToApplication)
    this.#addToChannel = connection.prepare<[number, number, number]>(sql.addToChannel)
    this.#ofApplication = connection.prepare<[number], [number, number]>(sql.ofApplication).raw()
    this.#ofChannel = connection.prepare<[number], [number, number]>(sql.ofChannel).raw()
  }

  application(application: number, platform: number, change: number): void {
    const key = application * PLATFORM_RANGE + platform
    this.#applications.set(key, (this.#applications.get(key) ?? 0) + change)
  }

  channel(channel: number, platform: number, change: number): void {
    const key = channel * PLATFORM_RANGE + platform
    this.#channels.set(key, (this.#channels.get(key) ?? 0) + change)
  }

  /** Inside the transaction: writes what was added up. Must precede a read of sizes in the same transaction. */
  write(): void {
    writeChanges(this.#applications, this.#addToApplication)
    writeChanges(this.#channels, this.#addToChannel)
  }

  forget(): void {
    this.#applications.clear()
    this.#channels.clear()
  }

  /** `waiting`: the registrations that are in no table of members and sizes yet. */
  ofApplication(application: number, waiting: MemberGroups): DeviceCounts {
    return byPlatform([...this.#ofApplication.all(application), ...waiting.sizeOfApplication(application)])
  }

  ofChannel(channel: number, waiting: MemberGroups): DeviceCounts {
    return byPlatform([...this.#ofChannel.all(channel), ...waiting.sizeOfChannel(channel)])
  }
}

function writeChanges(
  changes: Map<number, number>,
  add: { run(owner: number, platform: number, change: number): unknown },
): void {
  for (const [key, change] of changes) {
    if (change !== 0) add.run(Math.floor(key / PLATFORM_RANGE), key % PLATFORM_RANGE, change)
  }
  changes.clear()
}

/** Codes of platforms with counts → counts by platform. */
export function byPlatform(rows: readonly (readonly [number, number])[]): DeviceCounts {
  const counts = new Map<number, number>()
  for (const [platform, count] of rows) counts.set(platform, (counts.get(platform) ?? 0) + count)
  const named = PLATFORMS.map((platform) => [platform, counts.get(PLATFORM_CODES[platform]) ?? 0] as const)
  return { ...Object.fromEntries(named), other: counts.get(0) ?? 0 } as DeviceCounts
}
