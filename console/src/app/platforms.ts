import type { Schema } from "../api/client.ts"

export type DeviceCounts = Schema<"DeviceCounts">
export type PlatformKey = keyof DeviceCounts

/** The platforms as people call them, in the order in which they are shown, with their colours. */
export const PLATFORMS: readonly {
  readonly key: PlatformKey
  readonly name: string
  readonly color: string
}[] = [
  { key: "ios", name: "iOS", color: "var(--series-ios)" },
  { key: "android", name: "Android", color: "var(--series-android)" },
  { key: "wp", name: "Windows", color: "var(--series-wp)" },
  { key: "osx", name: "macOS", color: "var(--series-osx)" },
  { key: "other", name: "Other", color: "var(--series-other)" },
]

export function totalOf(counts: DeviceCounts): number {
  return PLATFORMS.reduce((sum, { key }) => sum + counts[key], 0)
}

/** How people call the operating system that a device registered with. */
export function platformName(os: string): string {
  return PLATFORMS.find(({ key }) => key === os.toLowerCase())?.name ?? os
}
