import { describe, expect, it } from "vitest"
import { DEFAULT_TIMINGS } from "../../src/provider/http2/client.ts"
import { Liveness } from "../../src/provider/http2/liveness.ts"

function watched() {
  const pings: Buffer[] = []
  return { pings, liveness: new Liveness(DEFAULT_TIMINGS, 0, (payload) => pings.push(payload)) }
}

describe("Liveness of a connection", () => {
  it("frees the places of streams given up when the peer has certainly heard of it, and not of later ones", () => {
    const { liveness, pings } = watched()
    liveness.cancel(10)
    liveness.cancel(20)
    expect(liveness.cancelled).toBe(2)
    expect(pings.length).toBe(1)
    expect(liveness.answered(pings[0] as Buffer, 30)).toBe(true)
    expect(liveness.cancelled).toBe(1)
    expect(pings.length).toBe(2)
    expect(liveness.answered(pings[1] as Buffer, 40)).toBe(true)
    expect(liveness.cancelled).toBe(0)
    expect(pings.length).toBe(2)
  })

  it("takes no answer to a ping that it did not send, or that was answered already", () => {
    const { liveness, pings } = watched()
    expect(liveness.answered(Buffer.alloc(8), 5)).toBe(false)
    liveness.cancel(10)
    expect(liveness.answered(Buffer.from("12345678"), 20)).toBe(false)
    expect(liveness.cancelled).toBe(1)
    expect(liveness.answered(pings[0] as Buffer, 30)).toBe(true)
    expect(liveness.answered(pings[0] as Buffer, 40)).toBe(false)
    expect(liveness.cancelled).toBe(0)
  })

  it("suspects a peer that is silent while it owes an answer, and gives it up when it does not answer the ping", () => {
    const { liveness, pings } = watched()
    expect(liveness.check(4_999, 0)).toBe(true)
    expect(pings.length).toBe(0)
    expect(liveness.check(5_000, 0)).toBe(true)
    expect(pings.length).toBe(1)
    expect(liveness.isSuspect).toBe(true)
    expect(liveness.check(9_999, 0)).toBe(true)
    expect(liveness.check(10_000, 0)).toBe(false)
  })

  it("asks an idle peer after a minute, without suspecting it, and counts from when it was heard", () => {
    const { liveness, pings } = watched()
    liveness.heard(30_000)
    expect(liveness.check(60_000, undefined)).toBe(true)
    expect(liveness.check(89_999, undefined)).toBe(true)
    expect(pings.length).toBe(0)
    expect(liveness.check(90_000, undefined)).toBe(true)
    expect(pings.length).toBe(1)
    expect(liveness.isSuspect).toBe(false)
  })
})
