/** Keys of maps: owner × 16 + platform code (0 to 8). */
export const PLATFORM_RANGE = 16
const PLATFORM_NUMBERS = Array.from({ length: PLATFORM_RANGE }, (_, platform) => platform)

type PlatformSize = readonly [platform: number, size: number]

/**
 * What registrations stand for in the tables of members, in the order in which these are sorted. Numbers of registrations
 * must be added in ascending order.
 */
export class MemberGroups {
  /** Registrations by channel and platform. */
  readonly channels = new Map<number, number[]>()
  readonly applications = new Map<number, number[]>()
  /** How many, by application and platform. */
  readonly counts = new Map<number, number>()

  add(number: number, application: number, platform: number, channels: readonly number[]): void {
    for (const channel of channels) addTo(this.channels, channel * PLATFORM_RANGE + platform, number)
    addTo(this.applications, application, number)
    const key = application * PLATFORM_RANGE + platform
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }

  sizeOfApplication(application: number): readonly PlatformSize[] {
    return sizes(application, (key) => this.counts.get(key))
  }

  sizeOfChannel(channel: number): readonly PlatformSize[] {
    return sizes(channel, (key) => this.channels.get(key)?.length)
  }
}

function sizes(owner: number, size: (key: number) => number | undefined): readonly PlatformSize[] {
  return PLATFORM_NUMBERS.map((platform) => [platform, size(owner * PLATFORM_RANGE + platform) ?? 0])
}

function addTo(groups: Map<number, number[]>, key: number, number: number): void {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [number])
  else group.push(number)
}

/**
 * The registrations that wait to be folded, remembered while they come: to read them back would cost as much as to write
 * their members. Whatever else happens to one of them (it is rare) makes all forgotten; then their rows are read.
 */
export class WaitingMembers {
  #groups: MemberGroups | undefined

  /** A registration was made. */
  add(number: number, application: number, platform: number, channels: readonly number[]): void {
    this.#groups?.add(number, application, platform, channels)
  }

  /** All that wait. `read`: reads them from the rows, if they are not known. */
  groups(read: () => MemberGroups): MemberGroups {
    this.#groups ??= read()
    return this.#groups
  }

  /** From now on none waits. */
  begin(): void {
    this.#groups = new MemberGroups()
  }

  forget(): void {
    this.#groups = undefined
  }
}
