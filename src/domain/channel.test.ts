import { describe, expect, it } from "vitest"
import { checkedChannelName } from "./channel.ts"
import type { ErrorName } from "./errors.ts"
import { DEFAULT_LIMITS } from "./limits.ts"

describe("the name of a channel", () => {
  it.each([
    "default",
    "News",
    "a:b",
    ":a:",
    "…",
    "a.b",
    "...",
    "sport & spiel",
    "100%",
    "日本語",
    "x".repeat(45),
    "📣".repeat(45),
  ])("may be %j", (name) => {
    expect(checkedChannelName(name, "channels[0]", DEFAULT_LIMITS)).toBe(name)
  })

  it("keeps its case: News and news are two channels", () => {
    expect(checkedChannelName("News", "channel", DEFAULT_LIMITS)).not.toBe(
      checkedChannelName("news", "channel", DEFAULT_LIMITS),
    )
  })

  it("is one name in every spelling of Unicode", () => {
    expect(checkedChannelName("cafe\u0301", "channel", DEFAULT_LIMITS)).toBe("café")
  })

  it.each<[name: unknown, error: ErrorName]>([
    ["", "invalid_property"],
    [".", "invalid_property"],
    ["..", "invalid_property"],
    ["/", "invalid_property"],
    ["a/b", "invalid_property"],
    ["a,b", "invalid_property"],
    ["a::b", "invalid_property"],
    ["a:::b", "invalid_property"],
    ["a\nb", "invalid_property"],
    ["a\ud800", "invalid_property"],
    [undefined, "invalid_property"],
    [null, "invalid_property"],
    [7, "invalid_property"],
    [["news"], "invalid_property"],
    ["x".repeat(46), "property_too_long"],
  ])("may not be %j", (name, error) => {
    expect(() => checkedChannelName(name, "channels[3]", DEFAULT_LIMITS)).toThrow(
      expect.objectContaining({
        error,
        message: expect.stringContaining("channels[3]"),
        details: expect.objectContaining({ property: "channels[3]" }),
      }),
    )
  })

  it("has the length that the settings allow", () => {
    const limits = { ...DEFAULT_LIMITS, channelName: 3 }
    expect(checkedChannelName("abc", "channel", limits)).toBe("abc")
    expect(() => checkedChannelName("abcd", "channel", limits)).toThrow("the limit is 3")
  })
})
