import { expect, test } from "vitest"
import { Places } from "../../src/delivery/places.ts"

const RUNNERS = { express: 32, any: 4 }

function held(places: Places) {
  return {
    express: Array.from({ length: RUNNERS.express }, () => places.hold("express")),
    bulk: Array.from({ length: RUNNERS.any }, () => places.hold("any")),
  }
}

test.each([256, 36, 100, 4_096])(
  "of %s places all runners together never hold more, and each has its own",
  (total) => {
    const { express, bulk } = held(new Places(total, RUNNERS))

    const ofBulk = bulk.map((runner) => runner.grow(total))
    const ofExpress = express.map((runner) => runner.grow(total))

    expect([...ofBulk, ...ofExpress].reduce((sum, count) => sum + count)).toBe(total)
    expect(Math.min(...ofExpress)).toBe(1)
    expect(Math.min(...ofBulk)).toBeGreaterThanOrEqual(Math.min(16, 1 + ((total - 36) >> 4)))
  },
)

test("broadcasts that take all there are leave some for a small message to many devices", () => {
  const { express, bulk } = held(new Places(256, RUNNERS))
  for (const runner of bulk) runner.grow(1_000)

  expect(express[0]?.grow(1_000)).toBe(1 + 16)
  expect(express[1]?.grow(1_000)).toBe(1)
  express[0]?.shrink(10)

  expect(express[1]?.grow(1_000)).toBe(8)
  expect(bulk[0]?.grow(2_000)).toBe(16 + 144)
})

test("what one gives back another can take, whatever its lane", () => {
  const { express, bulk } = held(new Places(256, RUNNERS))
  const [first, ...others] = bulk
  for (const runner of [first, ...others]) runner?.grow(64)
  const last = others.at(-1)
  expect(last?.grow(64)).toBe(16)

  first?.shrink(20)

  expect(express[0]?.grow(25)).toBe(25)
  expect(last?.grow(64)).toBe(52)
  express[0]?.shrink(0)
  expect(first?.grow(64)).toBe(28)
})

test("nobody gives back more than was taken", () => {
  const places = new Places(256, RUNNERS)
  const [first, second] = [places.hold("any"), places.hold("any")]
  first.grow(64)
  first.shrink(0)
  first.shrink(0)

  expect(first.grow(1_000)).toBe(16 + 144)
  expect(second.grow(64)).toBe(16)
})

test("a reservation of one is enough for everybody to go on", () => {
  const places = new Places(1, RUNNERS)

  expect(places.hold("express").grow(64)).toBe(1)
  expect(places.hold("any").grow(64)).toBe(1)
})
