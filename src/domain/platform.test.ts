import { describe, expect, it } from "vitest"
import { PLATFORM_CODES, PLATFORMS, platformCode, platformFromCode, platformOf } from "./platform.ts"

describe("the os of a device", () => {
  it.each([
    ["IOS", "ios"],
    ["iOS", "ios"],
    [" ANDROID ", "android"],
    ["android", "android"],
    ["WP", "wp"],
    ["OSX", "osx"],
    ["Linux", undefined],
    ["TEST-PLATFORM", undefined],
    ["constructor", undefined],
    ["", undefined],
  ])("%j means the platform %s", (os, platform) => {
    expect(platformOf(os)).toBe(platform)
  })

  it("a system without a provider has the code 0, which is no platform", () => {
    expect(platformCode("Linux")).toBe(0)
    expect(platformFromCode(0)).toBeUndefined()
  })

  it.each(PLATFORMS)("%s has a code of its own that leads back to it", (platform) => {
    expect(platformFromCode(platformCode(platform))).toBe(platform)
    expect(Object.values(PLATFORM_CODES).filter((code) => code === PLATFORM_CODES[platform])).toHaveLength(1)
  })
})
