import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PLATFORMS } from "../../src/domain/platform.ts"
import { packPage, packSettled, unpackPage, unpackSettled } from "../../src/store/sqlite/delivery-wire.ts"

const time = fc.integer({ min: 0, max: 8_640_000_000_000_000 })
const device = fc.record({
  registration: fc.nat(Number.MAX_SAFE_INTEGER),
  token: fc.string({ unit: "grapheme", maxLength: 80 }),
  platform: fc.option(fc.constantFrom(...PLATFORMS), { nil: undefined }),
  expiresAt: fc.option(time, { nil: undefined }),
  registeredAt: time,
  receives: fc.boolean(),
})
const settled = fc.record({
  registration: fc.nat(Number.MAX_SAFE_INTEGER),
  outcome: fc.oneof(
    fc.constant({ kind: "accepted" as const }),
    fc.record({ kind: fc.constant("token_gone" as const), reason: fc.string(), since: time }),
    fc.constant({ kind: "expired" as const, reason: "no_turn" }),
  ),
})

describe("what travels with every push", () => {
  it("pages of an audience arrive as they were read", () => {
    fc.assert(
      fc.property(fc.array(device), (devices) => {
        expect(unpackPage(structuredClone(packPage(devices)))).toEqual(devices)
      }),
    )
  })

  it("outcomes arrive with their devices, in whatever order", () => {
    const inOrder = <T extends { readonly registration: number }>(list: readonly T[]) =>
      list.toSorted((a, b) => a.registration - b.registration)
    fc.assert(
      fc.property(fc.uniqueArray(settled, { selector: ({ registration }) => registration }), (devices) => {
        expect(inOrder(unpackSettled(structuredClone(packSettled(devices))))).toEqual(inOrder(devices))
      }),
    )
  })

  it("a message's id at its provider stays behind: no store keeps it", () => {
    const accepted = [{ registration: 1, outcome: { kind: "accepted" as const, providerMessageId: "id" } }]
    expect(unpackSettled(packSettled(accepted))).toEqual([{ registration: 1, outcome: { kind: "accepted" } }])
  })
})
