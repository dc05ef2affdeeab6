import { describe, expect, it } from "vitest"
import { checkPayload } from "../../src/provider/payload-check.ts"
import { contentOf } from "./push-batches.ts"

describe("checking a payload before it is published", () => {
  for (const [platform, provider, payloadBytesMax, name] of [
    ["ios", "apns", 4096, "APNs"],
    ["osx", "apns", 4096, "APNs"],
    ["android", "fcm", 4096, "FCM"],
    ["wp", "wns", 5000, "WNS"],
  ] as const) {
    it(`names the size and the limit for ${platform}`, () => {
      expect(checkPayload(contentOf(), platform)).toMatchObject({
        platform,
        provider,
        payloadBytesMax,
        problem: undefined,
      })
      const { payloadBytes, problem } = checkPayload(contentOf({}, "x".repeat(9_000)), platform)
      expect(payloadBytes).toBeGreaterThan(9_000)
      expect(problem).toBe(`the payload has ${payloadBytes} bytes; ${name} takes at most ${payloadBytesMax}`)
    })
  }

  it("names a header that cannot be sent", () => {
    expect(checkPayload(contentOf({ "apns-priority": "high" }), "ios").problem).toMatch(/apns-priority/)
    expect(checkPayload(contentOf({ "apns-priority": "high" }), "android").problem).toBeUndefined()
  })
})
