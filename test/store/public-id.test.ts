import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { KEY_RANGE, KeyedHash } from "../../src/store/sqlite/keyed-hash.ts"
import { membershipIds, parsePublicId, publicId } from "../../src/store/sqlite/public-id.ts"

const anyParts = fc.record({
  registration: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
  channel: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  deviceKey: fc.integer({ min: 0, max: KEY_RANGE - 1 }),
})

describe("public ids", () => {
  it("say which registration and channel they are of, for every number", () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const id = publicId(parts)
        expect(id).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
        expect(parsePublicId(id)).toEqual(parts)
        expect(membershipIds(parts.registration, parts.deviceKey, [parts.channel])).toEqual([id])
      }),
    )
  })
})

describe("keys of devices and tokens", () => {
  it("stay the same from one version to the next: they are stored", () => {
    const keys = new KeyedHash("salt")
    // The first 48 bits of SHA-256 without the first one: sha256("saltd1:phone"), sha256("saltt1:2:token").
    expect(keys.device(1, "phone")).toBe(0x4870_fac8_58cb)
    expect(keys.token(1, 2, "token")).toBe(0x2e61_941e_4020)
  })

  it("differ by application, platform and text, and fit into 47 bits", () => {
    const keys = new KeyedHash("salt")
    const all = [
      keys.device(1, "a"),
      keys.device(1, "b"),
      keys.device(2, "a"),
      keys.token(1, 0, "a"),
      keys.token(1, 1, "a"),
      keys.token(2, 0, "a"),
      new KeyedHash("other").device(1, "a"),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(all.every((key) => Number.isInteger(key) && key >= 0 && key < KEY_RANGE)).toBe(true)
  })
})
