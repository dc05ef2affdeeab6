/** What a device's free-text `os` means for delivery (contract 2.1): which provider can carry to it, if any. */
export type Platform = "ios" | "osx" | "android" | "wp"

/** How many devices of each platform; "other" for systems without a provider. */
export type DeviceCounts = { readonly [P in Platform | "other"]: number }

export type ProviderName = "apns" | "fcm" | "wns"

export const PLATFORMS: readonly Platform[] = ["ios", "osx", "android", "wp"]

/** The `pushBroadcast` mask of each platform (contract 3.2) doubles as its stored code; 0 is "no provider". */
export const PLATFORM_CODES: { readonly [P in Platform]: number } = { ios: 1, android: 2, wp: 4, osx: 8 }

export const PROVIDER_OF: { readonly [P in Platform]: ProviderName } = {
  ios: "apns",
  osx: "apns",
  android: "fcm",
  wp: "wns",
}

/** What carries to devices of a platform; undefined where no provider does. */
export function providerOf(platform: Platform | undefined): ProviderName | undefined {
  return platform === undefined ? undefined : PROVIDER_OF[platform]
}

/** The platform that an `os` value names, in any case; undefined for a system without a push provider. */
export function platformOf(os: string): Platform | undefined {
  const name = os.trim().toLowerCase()
  return (PLATFORMS as readonly string[]).includes(name) ? (name as Platform) : undefined
}

export function platformCode(os: string): number {
  const platform = platformOf(os)
  return platform === undefined ? 0 : PLATFORM_CODES[platform]
}

export function platformFromCode(code: number): Platform | undefined {
  return PLATFORMS.find((platform) => PLATFORM_CODES[platform] === code)
}
