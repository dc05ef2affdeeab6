import { describe, expect, test } from "vitest"
import { checkFault } from "../../src/simulator/fault-rules.ts"

const WRONG: readonly (readonly [unknown, RegExp])[] = [
  [null, /^the value must be an object$/],
  [{ provider: "apns", action: { do: "explode" } }, /^action\.do must be one of "answer", "delay"/],
  [{ provider: "apns", action: {} }, /^action\.do must be one of/],
  [{ provider: "apns", action: { do: "constructor" } }, /^action\.do must be one of/],
  [{ provider: "apns", colour: 1, action: { do: "fin" } }, /^colour is not known here; known are provider,/],
  [{ provider: "apns", endpoint: "token", action: { do: "fin" } }, /APNs has no token endpoint$/],
  [{ provider: "fcm", environment: "sandbox", action: { do: "fin" } }, /^environment is known to APNs only$/],
  [
    { provider: "fcm", endpoint: "token", when: { token: "x" }, action: { do: "fin" } },
    /^when\.token is for pushes only$/,
  ],
  [
    { provider: "fcm", endpoint: "connection", action: { do: "answer", status: 500 } },
    /^action\.do "answer" is not possible at the endpoint "connection"; possible are fin, reset, black_hole$/,
  ],
  [{ provider: "fcm", action: { do: "expired_access_token" } }, /not possible at the endpoint "send"/],
  [
    { provider: "apns", action: { do: "answer", reason: "Nonsense" } },
    /^action\.reason must be one of "BadCollapseId"/,
  ],
  [{ provider: "apns", action: { do: "answer", reason: "UNAVAILABLE" } }, /^action\.reason must be one of/],
  [
    { provider: "fcm", endpoint: "token", action: { do: "answer", reason: "UNAVAILABLE" } },
    /^action\.reason is not known here/,
  ],
  [
    { provider: "apns", action: { do: "answer", status: 99 } },
    /^action\.status must be a whole number from 200 to 599$/,
  ],
  [
    { provider: "apns", action: { do: "answer", headers: { a: 1 } } },
    /^action\.headers must be an object of lower-case header names/,
  ],
  [
    { provider: "apns", action: { do: "delay" } },
    /^action\.ms is missing: it must be a whole number from 0 to 86400000, or an object of min/,
  ],
  [{ provider: "apns", action: { do: "delay", ms: -1 } }, /^action\.ms must be/],
  [{ provider: "apns", action: { do: "delay", ms: { min: 1 } } }, /^action\.ms must be/],
  [
    { provider: "apns", action: { do: "reset_stream", code: "OOPS" } },
    /^action\.code must be one of "NO_ERROR"/,
  ],
  [
    { provider: "apns", action: { do: "goaway", lastStream: "middle" } },
    /^action\.lastStream must be one of "before", "this", "zero", "max", or a whole number/,
  ],
  [{ provider: "apns", when: { probability: 2 }, action: { do: "fin" } }, /^when must be an object of nth/],
  [{ provider: "apns", when: { nth: 0 }, action: { do: "fin" } }, /^when must be/],
  [{ provider: "apns", times: 0, action: { do: "fin" } }, /^times must be a whole number from 1/],
]

const RIGHT: readonly unknown[] = [
  { provider: "wns", action: { do: "answer", reason: "DomainBlocked", headers: { "x-a": "b" } } },
  {
    provider: "apns",
    environment: "sandbox",
    when: { nth: { from: 2, every: 3 }, probability: 0.1 },
    action: { do: "delay", ms: { min: 1, max: 2 } },
  },
  { provider: "fcm", endpoint: "token", times: 1, action: { do: "expired_access_token" } },
  { provider: "fcm", endpoint: "connection", when: { window: { untilMs: 5 } }, action: { do: "black_hole" } },
  {
    provider: "apns",
    action: {
      do: "goaway",
      code: "ENHANCE_YOUR_CALM",
      lastStream: 0,
      times: 3,
      answer: { reason: "Shutdown" },
    },
  },
]

describe("the check of faults", () => {
  test.each(WRONG)("says what is wrong with %j", (fault, problem) => {
    const checked = checkFault(fault)
    expect(checked).toMatchObject({ ok: false, problem: expect.stringMatching(problem) })
  })

  test.each(RIGHT)("passes %j on unchanged, also after a trip through JSON", (fault) => {
    expect(checkFault(JSON.parse(JSON.stringify(fault)))).toEqual({ ok: true, value: fault })
  })
})
