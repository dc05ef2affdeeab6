import { expect, test } from "vitest"
import { Lease, Leases } from "../../src/delivery/lease.ts"

const term = { wall: 5_000_000, monotonic: 1_000 }

test("a lease is trusted until the margin before its end, counted from the start of the call that took it", () => {
  const lease = new Lease(term, 10_000, 2_000)

  expect(lease.isTrusted(term.wall + 7_999, 8_999)).toBe(true)
  expect(lease.isTrusted(term.wall + 8_000, 9_000)).toBe(false)
})

test("a renewal extends the trust from its own start", () => {
  const lease = new Lease(term, 10_000, 2_000)
  lease.renewed({ wall: term.wall + 3_000, monotonic: 4_000 })

  expect(lease.isTrusted(term.wall + 10_999, 11_999)).toBe(true)
  expect(lease.isTrusted(term.wall + 11_000, 12_000)).toBe(false)
})

test("a machine that was suspended, whose monotonic clock stood still, does not trust its lease", () => {
  const lease = new Lease(term, 10_000, 2_000)

  expect(lease.isTrusted(term.wall + 1_900, 1_900)).toBe(true)
  expect(lease.isTrusted(term.wall + 60_000, 1_900)).toBe(false)
})

test("a wall clock that was set does not keep a renewed lease from being trusted", () => {
  const lease = new Lease(term, 10_000, 2_000)
  expect(lease.isTrusted(term.wall - 3_600_000, 1_100)).toBe(false)
  lease.renewed({ wall: term.wall - 3_600_000, monotonic: 1_200 })

  expect(lease.isTrusted(term.wall - 3_599_000, 2_200)).toBe(true)
})

test("a lease that is over is waited for while it is being renewed, and else for five seconds", () => {
  const lease = new Lease(term, 10_000, 2_000)
  const leases = new Leases()
  leases.add(lease)
  const isAnyLate = (passed: number) =>
    leases.isAnyLate({ wall: term.wall + passed, monotonic: term.monotonic + passed })

  expect(isAnyLate(7_999)).toBe(false)
  // The process was stopped meanwhile.
  expect(isAnyLate(60_000)).toBe(true)
  expect(isAnyLate(64_999)).toBe(true)
  expect(isAnyLate(65_000)).toBe(false)
  lease.isBeingRenewed = true
  expect(isAnyLate(90_000)).toBe(true)
  lease.renewed({ wall: term.wall + 90_000, monotonic: term.monotonic + 90_000 })
  expect(isAnyLate(90_001)).toBe(false)
  expect(isAnyLate(99_000)).toBe(true)
  leases.delete(lease)
  expect(isAnyLate(99_000)).toBe(false)
})
