import { expect, test } from "vitest"
import { Places } from "../../src/delivery/places.ts"

test("all runners together never hold more than there are, and each has a few to itself", () => {
  const places = new Places(256, 6)
  const runners = Array.from({ length: 6 }, () => places.hold())

  const held = runners.map((runner) => runner.grow(64))

  expect(held.reduce((sum, count) => sum + count)).toBe(256)
  expect(Math.min(...held)).toBeGreaterThanOrEqual(16)
})

test("what one gives back another can take", () => {
  const places = new Places(256, 6)
  const [first, ...others] = Array.from({ length: 6 }, () => places.hold())
  for (const runner of [first, ...others]) runner?.grow(64)
  const last = others.at(-1)
  expect(last?.grow(64)).toBe(16)

  first?.shrink(20)

  expect(last?.grow(64)).toBe(60)
  expect(first?.grow(64)).toBe(20)
})

test("nobody gives back more than was taken", () => {
  const places = new Places(256, 6)
  const [first, second] = [places.hold(), places.hold()]
  first.grow(64)
  first.shrink(0)
  first.shrink(0)

  expect(first.grow(1_000)).toBe(16 + 160)
  expect(second.grow(64)).toBe(16)
})

test("a reservation of one is enough for everybody to go on", () => {
  const places = new Places(1, 6)

  expect(places.hold().grow(64)).toBe(1)
})
