import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  emptyParcel,
  packCall,
  packFailure,
  packRegister,
  packRegistered,
  packValue,
  unpackAnswers,
  unpackCalls,
} from "../../src/store/sqlite/thread-wire.ts"

const anyText = fc.string({ unit: "grapheme" })
const anyRegistration = fc.record({
  kind: fc.constant("register" as const),
  id: fc.nat(),
  application: fc.nat(),
  request: fc.record({
    deviceToken: anyText,
    deviceId: anyText,
    os: anyText,
    osVersion: anyText,
    channels: fc.array(anyText, { maxLength: 4 }),
    expiresAt: fc.option(fc.nat(), { nil: undefined }),
  }),
  options: fc.record(
    { now: fc.nat(), channelsPerDeviceMax: fc.nat(), userId: anyText },
    { requiredKeys: ["now", "channelsPerDeviceMax"] },
  ),
})
const anyCall = fc.record({
  kind: fc.constant("call" as const),
  id: fc.nat(),
  noun: fc.constantFrom("devices" as const, "store" as const),
  method: anyText,
  parameters: fc.array(fc.jsonValue()),
  intent: fc.option(
    fc.record({
      ...{ id: anyText, begunAt: fc.nat(), actor: anyText, action: anyText, target: anyText },
      application: fc.option(anyText, { nil: undefined }),
    }),
    { nil: undefined },
  ),
})

const anyAnswer = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), id: fc.nat(), value: fc.jsonValue() }),
  fc.record({
    kind: fc.constant("failure" as const),
    id: fc.nat(),
    failure: fc.record({ name: anyText, message: anyText }),
  }),
  fc.record({
    kind: fc.constant("registered" as const),
    id: fc.nat(),
    written: fc.record({
      number: fc.nat(),
      created: fc.boolean(),
      deviceKey: fc.nat(),
      channels: fc.array(fc.nat(), { maxLength: 4 }),
    }),
  }),
)

describe("what travels between the threads of the store", () => {
  it("calls arrive as they were made, in their order", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyRegistration, anyCall)), (calls) => {
        const parcel = emptyParcel()
        for (const call of calls) {
          const { id } = call
          if (call.kind === "call") packCall(parcel, id, call.noun, call.method, call.parameters, call.intent)
          else packRegister(parcel, id, call.application, call.request, call.options)
        }
        const arrived: unknown[] = []
        unpackCalls(structuredClone(parcel), {
          call: (id, noun, method, parameters, intent) =>
            arrived.push({ kind: "call", id, noun, method, parameters, intent }),
          register: (id, application, request, options) =>
            arrived.push({ kind: "register", id, application, request, options }),
        })
        expect(arrived).toEqual(calls)
      }),
    )
  })

  it("answers arrive as they were given, in their order", () => {
    fc.assert(
      fc.property(fc.array(anyAnswer), (answers) => {
        const parcel = emptyParcel()
        for (const answer of answers) {
          if (answer.kind === "value") packValue(parcel, answer.id, answer.value)
          else if (answer.kind === "failure") packFailure(parcel, answer.id, answer.failure)
          else packRegistered(parcel, answer.id, answer.written)
        }
        const arrived: unknown[] = []
        unpackAnswers(structuredClone(parcel), {
          value: (id, value) => arrived.push({ kind: "value", id, value }),
          failure: (id, failure) => arrived.push({ kind: "failure", id, failure }),
          registered: (id, written) => arrived.push({ kind: "registered", id, written }),
        })
        expect(arrived).toEqual(answers)
      }),
    )
  })
})
