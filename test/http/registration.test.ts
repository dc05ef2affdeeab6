import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ERRORS } from "../../src/domain/errors.ts"
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"
import { STATUS } from "../../src/http/errors.ts"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { type Answer, KeepAliveClient, type Request } from "./keep-alive-client.ts"
import { ACCEPTED } from "./registration-accepted.ts"
import { bodyOf, NOW, REFUSED } from "./registration-cases.ts"

let server: RegistrationServer
let client: KeepAliveClient

beforeAll(async () => {
  server = await openRegistrationServer()
  client = new KeepAliveClient(server.port)
  expect(server.clock.now()).toBe(NOW)
  // The fast lane serves a key that was authenticated a moment ago, and the clock stands still.
  await client.send({ method: "GET", path: `${server.keyPath()}/info` })
})

afterAll(async () => {
  client[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

type Sent = Pick<Request, "body" | "headers">

/** Every way in: the plain form, which the fast lane serves, and those that only the framework's route serves. */
const WAYS: readonly { readonly way: string; request(sent: Sent): Request }[] = [
  { way: "the plain path", request: (sent) => register(server.keyPath(), "registrations", sent) },
  { way: "the alias of the path", request: (sent) => register(server.keyPath(), "registration", sent) },
  { way: "the host name", request: (sent) => register("/api", "registrations", sent) },
  { way: "the host name alone", request: (sent) => register("", "registrations", sent) },
  {
    way: "a body without a length",
    request: ({ body, headers }) =>
      register(server.keyPath(), "registrations", {
        ...(body !== undefined && { body }),
        headers: { ...headers, "transfer-encoding": "chunked" },
      }),
  },
]

function register(prefix: string, operation: string, sent: Sent): Request {
  return { method: "POST", path: `${prefix}/messaging/${operation}`, ...sent }
}

/** The same request in every way; the answers must be one and the same. */
async function sendEveryWay(sent: Sent): Promise<Answer> {
  const answers: Answer[] = []
  for (const { request } of WAYS) answers.push(await client.send(request(sent)))
  const [first, ...others] = answers.map(comparable)
  for (const [index, other] of others.entries())
    expect({ way: WAYS[index + 1]?.way, ...other }).toEqual({ way: WAYS[index + 1]?.way, ...first })
  return answers[0] as Answer
}

function comparable({ status, text }: Answer) {
  if (status !== 413) return { status, said: text }
  // How large a body is that says no length is known only up to the limit.
  return {
    status,
    said: text.replace(/has (more than )?\d+ bytes/, "has … bytes").replace(/"length":\d+,?/, ""),
  }
}

describe("a registration that is refused, in every way in", () => {
  it.each(REFUSED.map((refused) => [refused.what, refused] as const))("%s", async (_, refused) => {
    const before = await server.stored()
    const { body, headers } = refused
    const answer = await sendEveryWay({ body, ...(headers && { headers }) })
    const fault = JSON.parse(answer.text)
    expect(fault).toEqual({
      code: ERRORS[refused.error].code,
      message: expect.any(String),
      errorData: expect.objectContaining({ docs: `docs/errors.md#${refused.error}` }),
    })
    expect(answer.status).toBe(STATUS[refused.error])
    expect(fault.errorData.property).toBe(refused.property)
    if (refused.property !== undefined)
      expect(fault.message.toLowerCase()).toContain(lastName(refused.property))
    expect(await server.stored()).toEqual(before)
    expect(server.incidents).toEqual([])
  })
})

/** Deep places are cut short in messages for people. */
function lastName(property: string): string {
  return property.split(/[.[]/, 1)[0]?.toLowerCase() ?? ""
}

describe("a registration that is accepted, in every way in", () => {
  it.each(ACCEPTED.map((accepted) => [accepted.what, accepted] as const))("%s", async (_, accepted) => {
    const { body, headers } = accepted
    const answer = await sendEveryWay({ body, ...(headers && { headers }) })
    expect(answer.status, answer.text).toBe(200)
    const deviceId = accepted.deviceId ?? "phone"
    const registrations = await ask("GET", deviceId)
    expect(await ask("DELETE", deviceId)).toEqual({ result: true })
    expect(registrations).toEqual([expect.objectContaining({ deviceId, ...accepted.stored })])
    const { registrationId } = JSON.parse(answer.text)
    expect(namesIn(registrationId)).toEqual(accepted.named ?? ["default"])
    expect(server.incidents).toEqual([])
  })
})

async function ask(method: "GET" | "DELETE", deviceId: string): Promise<unknown> {
  const path = `${server.keyPath()}/messaging/registrations/${encodeURIComponent(deviceId)}`
  const { status, text } = await client.send({ method, path })
  expect(status, text).toBe(200)
  return JSON.parse(text)
}

/** The channels named in a registrationId, read as the Flutter SDK does. */
function namesIn(registrationId: string): string[] {
  return registrationId.split(",").map((part) => part.slice(part.indexOf("::") + 2))
}

describe("the headers of an answer", () => {
  it.each([
    ["accepted", bodyOf()],
    ["refused", bodyOf({ os: "null" })],
    ["too large", bodyOf().padEnd(DEFAULT_LIMITS.bodyBytes + 1)],
    ["unreadable", "{"],
  ])("to a registration that is %s are the same in every way in", async (_, body) => {
    const said: object[] = []
    for (const { request } of WAYS) said.push(lasting((await client.send(request({ body }))).headers))
    expect(said).toEqual(Array(WAYS.length).fill(said[1]))
  })
})

/** Without those that differ from one moment to the next, or say how the bytes are carried. */
function lasting(headers: Answer["headers"]): Answer["headers"] {
  const carried = ["date", "connection", "keep-alive", "content-length", "transfer-encoding"]
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !carried.includes(name)))
}

describe("a registration without a body", () => {
  const withLength = WAYS.filter(({ way }) => way !== "a body without a length")

  it.each(withLength.map(({ way, request }) => [way, request] as const))(
    "is refused on %s",
    async (_, request) => {
      const { status, text } = await client.send(request({ body: "" }))
      expect(status).toBe(400)
      expect(JSON.parse(text)).toMatchObject({
        code: ERRORS.invalid_property.code,
        message: "the body is missing; it must be a JSON object.",
        errorData: { property: "the body" },
      })
    },
  )

  it("is refused when it announces one and sends none", async () => {
    const sent = { body: "", headers: { "transfer-encoding": "chunked" } }
    const { status, text } = await client.send(register(server.keyPath(), "registrations", sent))
    expect([status, JSON.parse(text).code]).toEqual([400, ERRORS.malformed_json.code])
  })
})

describe("the limits", () => {
  it("are settings, and an answer says which one was exceeded and by what", async () => {
    const flags = {
      "limit-device-token": "4",
      "limit-wp-device-token": "6",
      "limit-device-id": "3",
      "limit-os": "7",
      "limit-os-version": "2",
      "limit-channel-name": "1",
      "limit-channels-per-device": "2",
      "limit-json-depth": "2",
    }
    await using small = await openRegistrationServer({ flags })
    using phone = new KeepAliveClient(small.port)
    const fits = {
      deviceToken: '"1234"',
      deviceId: '"123"',
      os: '"ANDROID"',
      osVersion: '"12"',
      channels: '["a","b"]',
    }
    const send = async (body: string) => {
      const answer = await phone.send({
        method: "POST",
        path: `${small.keyPath()}/messaging/registrations`,
        body,
      })
      const { code, errorData } = JSON.parse(answer.text)
      return [answer.status, code, errorData?.property, errorData?.limit, errorData?.length]
    }
    const accepted = [200, undefined, undefined, undefined, undefined]
    expect(await send(bodyOf(fits))).toEqual(accepted)
    expect(await send(bodyOf({ ...fits, deviceToken: '"12345"' }))).toEqual([400, 8000, "deviceToken", 4, 5])
    expect(await send(bodyOf({ ...fits, os: '"WP"', deviceToken: '"123456"' }))).toEqual(accepted)
    expect(await send(bodyOf({ ...fits, os: '"wp"', deviceToken: '"1234567"' }))).toEqual([
      400,
      8000,
      "deviceToken",
      6,
      7,
    ])
    expect(await send(bodyOf({ ...fits, deviceId: '"1234"' }))).toEqual([400, 8000, "deviceId", 3, 4])
    expect(await send(bodyOf({ ...fits, os: '"12345678"' }))).toEqual([400, 8000, "os", 7, 8])
    expect(await send(bodyOf({ ...fits, osVersion: '"123"' }))).toEqual([400, 8000, "osVersion", 2, 3])
    expect(await send(bodyOf({ ...fits, channels: '["ab"]' }))).toEqual([400, 8000, "channels[0]", 1, 2])
    expect(await send(bodyOf({ ...fits, channels: '["a","b","c"]' }))).toEqual([400, 90005, "channels", 2, 3])
    expect(await send(bodyOf({ ...fits, channels: '["c"]' }))).toEqual([400, 90005, "channels", 2, 3])
    expect(await send(bodyOf({ unknown: "[[]]" }))).toEqual([400, 90002, "unknown[0]", undefined, undefined])
    expect(await small.stored()).toEqual({ devices: 1, channels: 2 })
  })

  it("hold for what a larger body can carry: a million levels, names, characters and properties", async () => {
    await using large = await openRegistrationServer({
      flags: { "limit-body-bytes": "33554432", "limit-publish-body-bytes": "33554432" },
    })
    using phone = new KeepAliveClient(large.port)
    const send = async (body: string) => {
      const path = `${large.keyPath()}/messaging/registrations`
      const answer = await phone.send({ method: "POST", path, body })
      return [answer.status, JSON.parse(answer.text).code]
    }
    const million = 1_000_000
    expect(await send("[".repeat(million))).toEqual([400, ERRORS.malformed_json.code])
    expect(await send(bodyOf({ unknown: "[".repeat(million) + "]".repeat(million) }))).toEqual([400, 90002])
    expect(await send('{"a":'.repeat(million))).toEqual([400, ERRORS.malformed_json.code])
    expect(await send(bodyOf({ channels: JSON.stringify(Array(million).fill("a")) }))).toEqual([400, 90005])
    for (const property of ["deviceId", "deviceToken", "os", "osVersion"])
      expect(await send(bodyOf({ [property]: JSON.stringify("a".repeat(million)) }))).toEqual([400, 8000])
    expect(await send(bodyOf({ expiration: JSON.stringify("9".repeat(million)) }))).toEqual([400, 90005])
    expect(await large.stored()).toEqual({ devices: 0, channels: 0 })
    const many = Object.fromEntries(Array.from({ length: million }, (_, index) => [`p${index}`, "1"]))
    expect(await send(bodyOf(many))).toEqual([200, undefined])
    expect(large.incidents).toEqual([])
  })
})
