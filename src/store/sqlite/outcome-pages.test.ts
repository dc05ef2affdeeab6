import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeNumbers, decodePage, encodeNumbers, encodePage, findInPage } from "./outcome-pages.ts"

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(1, 2) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 ** 40 }) },
)
const code = fc.oneof(
  { weight: 8, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 510 }) },
)
/** Devices in ascending order, with runs as they come in dense channels. */
const devices = fc
  .array(fc.record({ gap, code, repeats: fc.integer({ min: 1, max: 12 }) }), { minLength: 1, maxLength: 60 })
  .map((runs) => {
    let registration = 0
    return runs.flatMap((run) =>
      Array.from({ length: run.repeats }, () => {
        registration += run.gap
        return { registration, code: run.code }
      }),
    )
  })

describe("a page of outcomes", () => {
  it("gives back every device with its code", () => {
    fc.assert(
      fc.property(devices, (page) => {
        const first = page[0]!.registration
        expect(decodePage(first, encodePage(page))).toEqual(page)
      }),
      { numRuns: 500 },
    )
  })

  it("finds each of its devices and no other", () => {
    fc.assert(
      fc.property(devices, (page) => {
        const first = page[0]!.registration
        const encoded = encodePage(page)
        const codes = new Map(page.map((device) => [device.registration, device.code]))
        for (const { registration } of page) {
          for (const near of [registration - 1, registration, registration + 1]) {
            expect(findInPage(first, encoded, near)).toBe(codes.get(near))
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it("costs next to nothing where all went the same way, and about a byte where numbers are missing", () => {
    const dense = Array.from({ length: 1_000 }, (_, at) => ({ registration: 5_000_000 + at, code: 1 }))
    const sparse = dense.filter(({ registration }) => registration % 10 !== (registration >> 4) % 10)
    expect(encodePage(dense).length).toBeLessThanOrEqual(10)
    expect(encodePage(sparse).length).toBeLessThanOrEqual(sparse.length)
  })

  it("that was cut short is reported, not misread", () => {
    const encoded = encodePage([
      { registration: 1, code: 1 },
      { registration: 1_000, code: 1 },
    ])
    expect(() => decodePage(1, encoded.subarray(0, encoded.length - 1))).toThrow("ends in the middle")
  })
})

describe("a list of numbers", () => {
  it("comes back as it was, also beyond 32 bits", () => {
    const numbers = fc.uniqueArray(fc.nat(2 ** 48)).map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(numbers, (list) => {
        expect(decodeNumbers(encodeNumbers(list))).toEqual(list)
      }),
    )
  })
})
