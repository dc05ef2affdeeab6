import { describe, expect, test } from "vitest"
import { DeviceHistory, type DeviceState, type Ending, type Operation } from "./device-history.ts"

/** The judge of the crash tests: one that overlooks a loss would make all of them green. */

const OK: Ending = { type: "ok" }
const UNKNOWN: Ending = { type: "unknown" }
const FAIL: Ending = { type: "fail" }

const cancel: Operation = { op: "cancel", deviceId: "phone" }

function register(deviceToken: string, channels: readonly string[] = ["news"]): Operation {
  const body = { deviceId: "phone", deviceToken, os: "IOS", osVersion: "18", expiration: null, channels }
  return { op: "register", body }
}

function stored(token: string, channels: Record<string, string> = { news: "id-1" }): DeviceState {
  return { token, os: "IOS", osVersion: "18", expiration: null, channels: new Map(Object.entries(channels)) }
}

/** What is wrong with the state that is found after the operations. */
function verdict(past: readonly (readonly [Operation, Ending])[], found: DeviceState): string | undefined {
  const history = new DeviceHistory()
  for (const [operation, ending] of past) history.record(operation, ending)
  return history.verify("phone", found)?.message
}

describe("what was acknowledged must be there", () => {
  test.each<[string, [Operation, Ending][], DeviceState]>([
    ["a registration that is gone", [[register("a"), OK]], undefined],
    [
      "a renewal that is gone",
      [
        [register("a"), OK],
        [register("b"), OK],
      ],
      stored("a"),
    ],
    [
      "a cancellation that is gone",
      [
        [register("a"), OK],
        [cancel, { type: "ok", found: true }],
      ],
      stored("a"),
    ],
    ["a channel that is gone", [[register("a", ["news", "sport"]), OK]], stored("a")],
    ["a channel too many", [[register("a"), OK]], stored("a", { news: "id-1", sport: "id-2" })],
    [
      "another id of a channel",
      [[register("a"), { type: "ok", ids: new Map([["news", "id-1"]]) }]],
      stored("a", { news: "id-9" }),
    ],
    [
      "what was certainly not done",
      [
        [register("a"), OK],
        [register("b"), FAIL],
      ],
      stored("b"),
    ],
    ["what nobody asked for", [[register("a"), UNKNOWN]], stored("b")],
  ])("%s is a violation", (_name, past, found) => {
    expect(verdict(past, found)).toMatch(/^phone: it is .* but must be/s)
  })
})

describe("what was not answered may have happened or not", () => {
  test.each<[string, [Operation, Ending][], DeviceState]>([
    ["a first registration, not stored", [[register("a"), UNKNOWN]], undefined],
    ["a first registration, stored", [[register("a"), UNKNOWN]], stored("a")],
    [
      "a renewal, not stored",
      [
        [register("a"), OK],
        [register("b"), UNKNOWN],
      ],
      stored("a"),
    ],
    [
      "a renewal, stored",
      [
        [register("a"), OK],
        [register("b"), UNKNOWN],
      ],
      stored("b"),
    ],
    [
      "a cancellation, stored",
      [
        [register("a"), OK],
        [cancel, UNKNOWN],
      ],
      undefined,
    ],
  ])("%s, is no violation", (_name, past, found) => {
    expect(verdict(past, found)).toBeUndefined()
  })

  test("but is decided once it was read", () => {
    const history = new DeviceHistory()
    history.record(register("a"), UNKNOWN)
    expect(history.verify("phone", stored("a"))).toBeUndefined()
    expect(history.verify("phone", undefined)).toBeInstanceOf(Error)
  })
})

describe("an answer that contradicts what was acknowledged is a violation at once", () => {
  test("a cancellation that finds nothing", () => {
    const history = new DeviceHistory()
    history.record(register("a"), OK)
    expect(() => history.record(cancel, { type: "ok", found: false })).toThrow(/phone: the answer/)
  })

  test("a renewal that gives a channel another id", () => {
    const history = new DeviceHistory()
    history.record(register("a"), { type: "ok", ids: new Map([["news", "id-1"]]) })
    const other: Ending = { type: "ok", ids: new Map([["news", "id-2"]]) }
    expect(() => history.record(register("b"), other)).toThrow(/phone: the answer/)
  })
})
