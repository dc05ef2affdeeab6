import { checkedChannelName } from "../domain/channel.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import { type DeviceCounts, PLATFORMS, type Platform } from "../domain/platform.ts"
import { storableText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Channel, Store } from "../store/store.ts"

export interface ChannelsOptions {
  readonly store: Pick<Store, "channels">
  readonly clock: Clock
  readonly limits: Limits
}

export interface SizedChannel extends Channel {
  readonly devices: DeviceCounts
}

/** Whom a message would reach that is published now. */
export interface AudienceCount {
  /** False: publishing would create the channel. */
  readonly exists: boolean
  /** As the message would report it. Without a choice of platforms, devices without a provider count too. */
  readonly total: number
  /** Of the chosen platforms; the others are 0. */
  readonly devices: DeviceCounts
}

/** Members that one transaction removes, and that a deletion removes before it answers; housekeeping does the rest. */
const REMOVED_AT_ONCE = 500
const REMOVED_FIRST = 10 * REMOVED_AT_ONCE
const NOBODY: DeviceCounts = { ios: 0, osx: 0, android: 0, wp: 0, other: 0 }

/** Channels of an application and their sizes. */
export class Channels {
  readonly #options: ChannelsOptions

  constructor(options: ChannelsOptions) {
    this.#options = options
  }

  /** Throws `not_found`. */
  async get(application: number, name: string): Promise<SizedChannel> {
    const { channels } = this.#options.store
    const channel = await channels.byName(application, name)
    if (channel === undefined) throw noSuchChannel(name)
    return { ...channel, devices: await channels.count(channel.number) }
  }

  /**
   * Ordered by name, after the channel with the number `after` (0: from the first); only those whose name begins with
   * `namePrefix`, letter by letter. Throws `invalid_property` for one that no name may hold.
   */
  async page(
    application: number,
    after: number,
    limit: number,
    namePrefix = "",
  ): Promise<{ readonly channels: readonly SizedChannel[]; readonly next: number | undefined }> {
    const { store } = this.#options
    const prefix = storableText(namePrefix, "namePrefix")
    const { channels, next } = await store.channels.page(application, after, limit, prefix)
    const sized = channels.map(async (channel) => ({
      ...channel,
      devices: await store.channels.count(channel.number),
    }))
    return { channels: await Promise.all(sized), next }
  }

  /** How many there are; counts to `max` only. */
  async count(
    application: number,
    max: number,
  ): Promise<{ readonly count: number; readonly isComplete: boolean }> {
    const { channels, next } = await this.#options.store.channels.page(application, 0, max)
    return { count: channels.length, isComplete: next === undefined }
  }

  /** Throws `conflict` when there is one with the name. */
  async create(application: number, name: unknown): Promise<SizedChannel> {
    const { store, clock, limits } = this.#options
    const checked = checkedChannelName(name, "name", limits)
    const { channel, created } = await store.channels.create(application, checked, clock.now())
    if (created) return { ...channel, devices: NOBODY }
    throw new DomainError("conflict", `The application has a channel "${checked}" already.`, {
      property: "name",
    })
  }

  /**
   * Deletes the channel: from now on nothing leads there, and it is in no audience. Its members leave it, thousands before
   * this resolves and the rest within minutes; a device that was in no other channel is not registered any more then.
   * Throws `not_found`.
   */
  async delete(application: number, name: string): Promise<void> {
    const { store, clock } = this.#options
    if (!(await store.channels.delete(application, name))) throw noSuchChannel(name)
    for (let removed = 0; removed < REMOVED_FIRST; removed += REMOVED_AT_ONCE) {
      if ((await store.channels.removeMembersOfDeleted(REMOVED_AT_ONCE, clock.now())) === 0) return
    }
  }

  /** Exact: the size that a message would have. */
  async audience(
    application: number,
    name: unknown,
    platforms: readonly Platform[] | undefined,
  ): Promise<AudienceCount> {
    const { store, limits } = this.#options
    const checked = checkedChannelName(name, "channel", limits)
    const channel = await store.channels.byName(application, checked)
    const all = channel === undefined ? NOBODY : await store.channels.count(channel.number)
    const chosen = PLATFORMS.filter((platform) => platforms?.includes(platform) ?? true)
    const devices: DeviceCounts = {
      ...NOBODY,
      ...Object.fromEntries(chosen.map((platform) => [platform, all[platform]])),
      other: platforms === undefined ? all.other : 0,
    }
    const total = Object.values(devices).reduce((sum, count) => sum + count)
    return { exists: channel !== undefined, total, devices }
  }
}

function noSuchChannel(name: string): DomainError {
  return new DomainError("not_found", `The application has no channel "${name}".`)
}
