import { describe, expect, it } from "vitest"
import { DEFAULT_LIMITS } from "../../domain/limits.ts"
import { decodeDeviceWhere, decodePaging } from "./where.ts"

const decode = (where: unknown) => decodeDeviceWhere(where, DEFAULT_LIMITS)

describe("a where-clause over registrations", () => {
  it.each<[clause: string, deviceId: string, channels: readonly string[] | undefined]>([
    ["deviceId='phone'", "phone", undefined],
    ["  deviceId = 'phone'  ", "phone", undefined],
    ["DEVICEID='Phone'", "Phone", undefined],
    ["deviceId='it''s mine'", "it's mine", undefined],
    ["deviceId=''''", "'", undefined],
    ["deviceId='a and channelName=b'", "a and channelName=b", undefined],
    ["deviceId='phone' and channelName='news'", "phone", ["news"]],
    ["deviceId='phone' AND channelName = 'it''s'", "phone", ["it's"]],
    ["deviceId='phone' and channelName in ('news')", "phone", ["news"]],
    ["deviceId='phone' and channelName IN ( 'a', 'b''c' ,'d' )", "phone", ["a", "b'c", "d"]],
    ["deviceId='cafe\u0301'", "café", undefined],
  ])("%s", (clause, deviceId, channels) => {
    const where = decode(clause)
    expect(where.deviceId).toBe(deviceId)
    expect(where.channels && [...where.channels]).toEqual(channels)
  })

  it.each([
    "channelName='news'",
    "deviceId='a' or deviceId='b'",
    "deviceId='a' or '1'='1'",
    "deviceId='a' and osVersion='1'",
    "deviceId='a'; drop table registrations",
    'deviceId="a"',
    "deviceId=a",
    "deviceId='a",
    "deviceId='a''",
    "deviceId like 'a%'",
    "deviceId='a' and channelName in ()",
    "deviceId='a' and channelName in ('b',)",
  ])("is refused rather than misread: %s", (clause) => {
    expect(() => decode(clause)).toThrow(
      expect.objectContaining({ error: "not_supported", details: { property: "where" } }),
    )
  })

  it("is refused when it is no text, empty, too long, or names no device id that could exist", () => {
    expect(() => decode(undefined)).toThrow("where is missing")
    expect(() => decode(null)).toThrow("where is null")
    expect(() => decode("")).toThrow("where is empty")
    expect(() => decode(`deviceId='${"a".repeat(4000)}'`)).toThrow("the limit is 4000")
    expect(() => decode(`deviceId='${"a".repeat(46)}'`)).toThrow("the limit is 45")
    expect(() => decode("deviceId=''")).toThrow("deviceId is empty")
  })

  it("is read without trying the same text over and over", () => {
    for (const part of ["''", "' ", "','", "'a' , "]) {
      const clause = `deviceId='a' and channelName in (${part.repeat(900)}`.slice(0, 4000)
      expect(() => decode(clause)).toThrow(expect.objectContaining({ error: "not_supported" }))
    }
  })
})

describe("the page of a find", () => {
  it("is 100 rows from the first, and never larger", () => {
    expect(decodePaging({})).toEqual({ pageSize: 100, offset: 0 })
    expect(decodePaging({ pageSize: null, offset: null })).toEqual({ pageSize: 100, offset: 0 })
    expect(decodePaging({ pageSize: 1_000_000, offset: 3 })).toEqual({ pageSize: 100, offset: 3 })
    expect(decodePaging({ pageSize: 0 })).toEqual({ pageSize: 0, offset: 0 })
  })

  it.each<[Record<string, unknown>, string]>([
    [{ pageSize: -1 }, "pageSize"],
    [{ pageSize: 1.5 }, "pageSize"],
    [{ pageSize: "10" }, "pageSize"],
    [{ offset: -1 }, "offset"],
    [{ offset: 2 ** 53 }, "offset"],
    [{ offset: [] }, "offset"],
  ])("is refused for %j", (fields, property) => {
    expect(() => decodePaging(fields)).toThrow(
      expect.objectContaining({ error: "invalid_property", details: { property } }),
    )
  })
})
