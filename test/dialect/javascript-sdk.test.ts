import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { sdkSession as session } from "./sdk-process.ts"
import type { SdkCall, SdkResult, SdkStart } from "./sdk-session.ts"

/** The official JavaScript SDK, unchanged, against the server: what an app sees. */

let server: RegistrationServer

beforeAll(async () => {
  server = await openRegistrationServer()
})

afterAll(async () => {
  expect(server.incidents).toEqual([])
  await server[Symbol.asyncDispose]()
})

const value = (expected: unknown): SdkResult => ({ value: expected })
const fault = (code: number, message: RegExp) => ({
  error: { code, status: 400, message: expect.stringMatching(message) },
})

const FORMS: readonly { readonly form: string; start(): SdkStart }[] = [
  {
    form: "with the ids in the path",
    start: () => ({
      serverURL: server.url,
      applicationId: server.applicationId,
      apiKey: server.apiKeys.JS,
    }),
  },
  { form: "by the address of the host", start: () => ({ domain: `http://127.0.0.1:${server.port}` }) },
]

describe.each(FORMS)("the JavaScript SDK $form", ({ form, start }) => {
  const device = (uuid: string): SdkCall => ({
    call: "setupDevice",
    uuid,
    platform: "android",
    version: "16",
  })

  it.each(["a//b", "/a", "a/"])(
    "reads and cancels the device %j, whose slashes it does not escape",
    async (uuid) => {
      const { results } = await session(start(), [
        device(uuid),
        { call: "registerDevice", token: "token", channels: [] },
        { call: "getRegistrations" },
        { call: "unregisterDevice" },
      ])
      expect(results.slice(-2)).toEqual([
        value([expect.objectContaining({ deviceId: uuid })]),
        value({ result: true }),
      ])
    },
  )

  it("is told why a device is unknown whose question mark it does not escape", async () => {
    const unknown = device(`${form}?`)
    const cut = device(`${form}?x`)
    const calls: SdkCall[] = [{ call: "getRegistrations" }, { call: "unregisterDevice" }]
    const registering: SdkCall = { call: "registerDevice", token: "token" }
    const { results } = await session(start(), [unknown, registering, ...calls, cut, registering, ...calls])
    const bare = /^No device is registered with this device id\.$/
    const told = /^No device is registered .* a '\?' that belongs to a device id is sent as %3F\.$/
    expect(results.slice(2, 4)).toEqual([fault(5000, bare), fault(5001, bare)])
    expect(results.slice(6)).toEqual([fault(5000, told), fault(5001, told)])
  })

  it("starts, registers, reads, renews and cancels a device", async () => {
    const uuid = `${form} ♪/1`
    const date = server.clock.now() + 3_600_123
    const { results, complaints } = await session(start(), [
      { call: "info" },
      device(uuid),
      { call: "registerDevice", token: "token-1", channels: ["default", "news"], date },
      { call: "getRegistrations" },
      { call: "registerDevice", token: "token-2", channels: ["sport"] },
      { call: "getRegistrations" },
      { call: "getPushTemplates", deviceType: "ANDROID" },
      { call: "unregisterDevice" },
      { call: "getRegistrations" },
      { call: "unregisterDevice" },
    ])
    const registration = { id: expect.any(String), deviceId: uuid, os: "ANDROID", osVersion: "16" }
    expect(results).toEqual([
      value(expect.objectContaining({ loggers: [] })),
      value(null),
      value({ registrationId: expect.stringMatching(/^[0-9A-F-]{36}::default,[0-9A-F-]{36}::news$/) }),
      value([{ ...registration, deviceToken: "token-1", expiration: date, channels: ["default", "news"] }]),
      value({ registrationId: expect.stringMatching(/^[0-9A-F-]{36}::sport$/) }),
      value([
        { ...registration, deviceToken: "token-2", expiration: null, channels: ["default", "news", "sport"] },
      ]),
      value({}),
      value({ result: true }),
      fault(5000, /No device is registered/),
      fault(5001, /No device is registered/),
    ])
    expect(complaints).toBe("")
  })

  it("sees each refusal with its code, its message and its status", async () => {
    const { results, complaints } = await session(start(), [
      device(`${form} 2`),
      { call: "registerDevice", token: "t", date: server.clock.now() - 1 },
      { call: "registerDevice", token: "t", number: 1234 },
      { call: "registerDevice", token: "t".repeat(257) },
      { call: "registerDevice", token: "t", channels: ["c".repeat(46)] },
      { call: "registerDevice", token: "" },
      device("d".repeat(46)),
      { call: "registerDevice", token: "t" },
      { call: "getRegistrations" },
      device(`${form} 2`),
      { call: "getRegistrations" },
      { call: "rememberUserToken", userToken: "unknown" },
      { call: "registerDevice", token: "t" },
    ])
    expect(results).toEqual([
      value(null),
      fault(5004, /^Invalid expiration date\./),
      fault(5004, /^Invalid expiration date\./),
      fault(8000, /^deviceToken has 257 characters; the limit is 256\./),
      fault(8000, /^channels\[0\] has 46 characters; the limit is 45\./),
      fault(90005, /^deviceToken is empty/),
      value(null),
      fault(8000, /^deviceId has 46 characters; the limit is 45\./),
      fault(8000, /^deviceId has 46 characters; the limit is 45\./),
      value(null),
      fault(5000, /No device is registered/),
      value(null),
      fault(3064, /Not existing user token/),
    ])
    expect(complaints).toBe("")
  })

  it("gives a Date of any year to the millisecond", async () => {
    // In 2038 and 2039, seconds with a fraction times 1000 are not the milliseconds they came from.
    const dates = [Date.UTC(2027, 11, 31) + 1, 2_191_929_130_812, Date.UTC(2126, 1, 28) + 999]
    const calls = dates.flatMap((date, index): SdkCall[] => [
      device(`${form} date ${index}`),
      { call: "registerDevice", token: "t", date },
      { call: "getRegistrations" },
    ])
    const { results } = await session(start(), calls)
    const read = results.filter((_, index) => index % 3 === 2)
    expect(read).toEqual(dates.map((date) => value([expect.objectContaining({ expiration: date })])))
  })
})

describe("the JavaScript SDK with what is wrong", () => {
  const calls: readonly SdkCall[] = [
    { call: "setupDevice", uuid: "phone", platform: "ios", version: "18" },
    { call: "registerDevice", token: "t" },
    { call: "getRegistrations" },
    { call: "unregisterDevice" },
    { call: "getPushTemplates", deviceType: "IOS" },
    { call: "info" },
  ]

  beforeAll(() => server.services.hosts.unbind("localhost"))

  it.each<[what: string, start: () => SdkStart]>([
    [
      "an application id",
      () => ({ serverURL: server.url, applicationId: "wrong", apiKey: server.apiKeys.JS }),
    ],
    ["an API key", () => ({ serverURL: server.url, applicationId: server.applicationId, apiKey: "wrong" })],
    ["a host name", () => ({ domain: `http://localhost:${server.port}` })],
  ])("%s gets 2002 from every call", async (_, start) => {
    const { results } = await session(start(), calls)
    expect(results.slice(1)).toEqual(Array(5).fill(fault(2002, /wrong|bound to no application/)))
    expect(
      await server.store.devices.byDeviceId(server.applicationNumber, "phone", server.clock.now()),
    ).toBeUndefined()
  })
})
