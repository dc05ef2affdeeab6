import { describe, expect, it } from "vitest"
import { DomainError, type ErrorName } from "../../domain/errors.ts"
import { DEFAULT_LIMITS } from "../../domain/limits.ts"
import { decodeDeviceId, decodeRegistration } from "./decode.ts"

const NOW = Date.UTC(2026, 0, 1)
const PHONE = { deviceToken: "token", deviceId: "phone", os: "IOS", osVersion: "18.1" }

const decode = (change: Record<string, unknown> = {}) =>
  decodeRegistration({ ...PHONE, ...change }, NOW, DEFAULT_LIMITS)

describe("the body of a registration", () => {
  it("without channels and expiration means the default channel, for ever", () => {
    expect(decode()).toEqual({ ...PHONE, channels: ["default"], expiresAt: undefined })
  })

  it.each<[what: string, channels: unknown, meant: readonly string[]]>([
    ["null channels, as Flutter sends them", null, ["default"]],
    ["no channels in the list", [], ["default"]],
    ["channels in their order", ["b", "a", "default"], ["b", "a", "default"]],
    ["a channel that comes twice, once", ["a", "b", "a"], ["a", "b"]],
    ["a channel that comes in two spellings, once", ["caf\u00e9", "cafe\u0301"], ["café"]],
    ["the default channel as it is", ["default"], ["default"]],
  ])("means, for %s", (_, channels, meant) => {
    expect(decode({ channels }).channels).toEqual(meant)
  })

  it("has an expiration in any unit that an SDK sends", () => {
    expect(decode({ expiration: NOW / 1000 + 3600 }).expiresAt).toBe(NOW + 3_600_000)
    expect(decode({ expiration: NOW + 3_600_000 }).expiresAt).toBe(NOW + 3_600_000)
  })

  it("may hold properties that nobody knows; they are ignored", () => {
    expect(decode({ user: { objectId: "1" }, extra: [null], DEVICEID: 7 })).toEqual(decode())
  })

  it("takes any text as os, and a long token from Windows devices, which is a URL", () => {
    const url = `https://wns2.notify.windows.com/?token=${"A".repeat(900)}`
    expect(decode({ os: "Linux" }).os).toBe("Linux")
    expect(decode({ os: "wp", deviceToken: url }).deviceToken).toBe(url)
    expect(refusal(() => decode({ os: "ANDROID", deviceToken: url })).error).toBe("property_too_long")
  })

  it("may have an empty version, but not none", () => {
    expect(decode({ osVersion: "" }).osVersion).toBe("")
    expect(refusal(() => decode({ osVersion: undefined })).details.property).toBe("osVersion")
  })

  it.each<[what: string, body: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an array", [PHONE]],
    ["text", "deviceToken"],
    ["a number", 1],
    ["true", true],
  ])("is refused when it is %s", (_, body) => {
    const { error, message } = refusal(() => decodeRegistration(body, NOW, DEFAULT_LIMITS))
    expect(error).toBe("invalid_property")
    expect(message).toContain("the body")
  })

  it.each<[what: string, change: Record<string, unknown>, error: ErrorName, property: string]>([
    ["text for channels", { channels: "news" }, "invalid_property", "channels"],
    ["an object for channels", { channels: { 0: "news" } }, "invalid_property", "channels"],
    ["a number among the channels", { channels: ["a", 7] }, "invalid_property", "channels[1]"],
    ["null among the channels", { channels: [null] }, "invalid_property", "channels[0]"],
    ["more channels than allowed", { channels: Array(1001).fill("a") }, "invalid_property", "channels"],
    ["a long channel", { channels: ["a", "b", "c".repeat(46)] }, "property_too_long", "channels[2]"],
    ["an expiration in the past", { expiration: 1 }, "invalid_expiration", "expiration"],
  ])("is refused for %s", (_, change, error, property) => {
    const fault = refusal(() => decode(change))
    expect({ error: fault.error, property: fault.details.property }).toEqual({ error, property })
  })

  it("is held to the limits in force, not to the defaults", () => {
    const limits = { ...DEFAULT_LIMITS, deviceId: 3, channelsPerDevice: 1 }
    const fault = (change: object) =>
      refusal(() => decodeRegistration({ ...PHONE, deviceId: "abc", ...change }, NOW, limits)).details
    expect(fault({ deviceId: "abcd" })).toEqual({ property: "deviceId", limit: 3, length: 4 })
    expect(fault({ channels: ["a", "b"] })).toEqual({ property: "channels", limit: 1, length: 2 })
  })
})

describe("a device id", () => {
  it("may be anything that a URL path can carry when it is percent-encoded", () => {
    for (const id of ["a/b", "...", ".a", "a b", "100%", "/", "?", "#", "..a", "日本"])
      expect(decodeDeviceId(id, DEFAULT_LIMITS)).toBe(id)
  })

  it("is not one or two dots, which every client removes from the path before it sends it", () => {
    for (const id of [".", ".."])
      expect(refusal(() => decodeDeviceId(id, DEFAULT_LIMITS))).toMatchObject({
        error: "invalid_property",
        details: { property: "deviceId" },
      })
  })
})

function refusal(run: () => unknown): DomainError {
  try {
    run()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error("it was accepted")
}
