import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { KEY_KINDS } from "../../src/domain/application.ts"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { type Answer, KeepAliveClient, type Request } from "./keep-alive-client.ts"
import { bodyOf } from "./registration-cases.ts"

/** The Device Registration API as its document describes it, and what belongs to it: reading, cancelling, refusing. */

let server: RegistrationServer
let client: KeepAliveClient

beforeEach(async () => {
  server = await openRegistrationServer()
  client = new KeepAliveClient(server.port)
})

afterEach(async () => {
  client[Symbol.dispose]()
  expect(server.incidents).toEqual([])
  await server[Symbol.asyncDispose]()
})

const send = (request: Request): Promise<Answer> => client.send(request)

/** Status and JSON of an answer. */
async function ask(method: string, path: string, sent: Pick<Request, "body" | "headers"> = {}) {
  const { status, text } = await send({ method, path, ...sent })
  return { status, json: JSON.parse(text) }
}

const registrations = (prefix = server.keyPath()) => `${prefix}/messaging/registrations`
const register = (change: Parameters<typeof bodyOf>[0] = {}, path = registrations()) =>
  ask("POST", path, { body: bodyOf(change) })
const retrieve = (deviceId = "phone") => ask("GET", `${registrations()}/${encodeURIComponent(deviceId)}`)
const cancel = (deviceId = "phone") => ask("DELETE", `${registrations()}/${encodeURIComponent(deviceId)}`)

describe("the document's example", () => {
  it("registers with the REST key, as curl sends it", async () => {
    const token = "X".repeat(25)
    const body = `{ 
   "deviceToken":"${token}", 
   "deviceId":"${token}",    
   "os":"ANDROID",  
   "osVersion":"4.1" 
   }`
    const headers = { "user-agent": "curl/8.5.0", accept: "*/*", "content-type": "application/json" }
    const { status, json } = await ask("POST", registrations(server.keyPath("REST")), { body, headers })
    expect(status).toBe(200)
    expect(json).toEqual({ registrationId: expect.stringMatching(/^[0-9A-F-]{36}::default$/) })
  })

  it("without channels registers with the default channel", async () => {
    await register()
    expect((await retrieve()).json[0].channels).toEqual(["default"])
  })

  it("creates a channel that does not exist, and registers with it", async () => {
    const { json } = await register({ channels: '["news","sport"]' })
    expect(json.registrationId).toMatch(/^[0-9A-F-]{36}::news,[0-9A-F-]{36}::sport$/)
    expect((await retrieve()).json[0].channels).toEqual(["news", "sport"])
    const created = await server.services.channels.get(server.applicationNumber, "sport")
    expect(created).toMatchObject({ name: "sport", devices: { ios: 1 } })
  })

  it("a registration that expires is removed at its time and found no more", async () => {
    const end = server.clock.now() + 1000
    await register({ expiration: String(end) })
    await server.clock.advance(999)
    expect((await retrieve()).json).toMatchObject([{ expiration: end }])
    await server.clock.advance(1)
    expect(await retrieve()).toMatchObject({ status: 400, json: { code: 5000 } })
    expect(await cancel()).toMatchObject({ status: 400, json: { code: 5001 } })
    expect((await register()).status).toBe(200)
  })

  it("an expired registration leaves the store without being asked for, and those around it stay", async () => {
    await register({ expiration: String(server.clock.now() + 10) })
    await register({ deviceId: '"later"', expiration: String(server.clock.now() + 11) })
    await register({ deviceId: '"never"' })
    await server.clock.advance(10)
    await expect.poll(() => server.stored()).toMatchObject({ devices: 2 })
    expect((await retrieve("later")).status).toBe(200)
  })

  it("answers an expiration that is over with 5004, and what is too long with 8000 and its name", async () => {
    expect(await register({ expiration: "1" })).toMatchObject({
      status: 400,
      json: {
        code: 5004,
        message: expect.stringMatching(
          /^Invalid expiration date\. .* after the current time; this one is \d{5} day\(s\) before it\.$/,
        ),
      },
    })
    expect(await register({ deviceId: JSON.stringify("x".repeat(46)) })).toMatchObject({
      status: 400,
      json: { code: 8000, message: expect.stringContaining("deviceId") },
    })
  })

  it("a failed answer has an integer code, a message and errorData, as every SDK reads it", async () => {
    const { json } = await register({ os: "null" })
    expect(json).toEqual({
      code: expect.any(Number),
      message: expect.any(String),
      errorData: expect.any(Object),
    })
    expect(Number.isInteger(json.code)).toBe(true)
  })
})

describe("renewing", () => {
  it("replaces token, system and expiration and adds channels, for the same device", async () => {
    const first = await register({ channels: '["news"]', expiration: "1900000000" })
    const second = await register({
      deviceToken: '"new"',
      os: '"ANDROID"',
      osVersion: '"16"',
      channels: '["art"]',
    })
    const { json } = await retrieve()
    expect(json).toEqual([
      {
        id: expect.any(String),
        deviceToken: "new",
        deviceId: "phone",
        os: "ANDROID",
        osVersion: "16",
        expiration: null,
        channels: ["news", "art"],
      },
    ])
    expect(second.json.registrationId).not.toBe(first.json.registrationId)
    expect(await server.stored()).toEqual({ devices: 1, channels: 2 })
  })

  it("a hundred registrations of one device at once are one device", async () => {
    const clients = Array.from({ length: 20 }, () => new KeepAliveClient(server.port))
    const answers = await Promise.all(
      clients.map(async (one, index) => {
        const statuses: number[] = []
        for (let turn = 0; turn < 5; turn++) {
          const body = bodyOf({ deviceToken: `"t${turn}"`, channels: `["c${index % 4}"]` })
          statuses.push((await one.send({ method: "POST", path: registrations(), body })).status)
        }
        one[Symbol.dispose]()
        return statuses
      }),
    )
    expect(answers.flat()).toEqual(Array(100).fill(200))
    expect(await server.stored()).toEqual({ devices: 1, channels: 4 })
    expect((await retrieve()).json[0].channels.toSorted()).toEqual(["c0", "c1", "c2", "c3"])
  })
})

describe("retrieving and cancelling", () => {
  it("an unknown device is 5000 when read and 5001 when cancelled", async () => {
    expect(await retrieve("nobody")).toMatchObject({ status: 400, json: { code: 5000 } })
    expect(await cancel("nobody")).toMatchObject({ status: 400, json: { code: 5001 } })
  })

  it("cancelling removes the device once, from all channels", async () => {
    await register({ channels: '["news","sport"]' })
    expect(await cancel()).toEqual({ status: 200, json: { result: true } })
    expect(await cancel()).toMatchObject({ status: 400, json: { code: 5001 } })
    expect(await retrieve()).toMatchObject({ status: 400, json: { code: 5000 } })
    const channel = await server.services.channels.get(server.applicationNumber, "news")
    expect(channel.devices.ios).toBe(0)
  })

  const ids = [
    "a/b",
    "/",
    "a//b",
    "dev id/1",
    "100%",
    "%41",
    "%2F",
    "%00",
    "a?b=c",
    "a#b",
    "a;b",
    "a&b",
    "a+b",
    "~",
    "...",
  ]
  ids.push(
    "日本語 📱",
    "e\u0301",
    "../a",
    "a/../b",
    "a/.",
    "\\",
    "'",
    '"',
    "<script>",
    "registrations",
    "undefined",
  )

  it.each(ids)("a device may be called %j", async (deviceId) => {
    await register({ deviceId: JSON.stringify(deviceId), deviceToken: '"its token"' })
    await register({ deviceId: '"another"' })
    expect((await retrieve(deviceId)).json).toMatchObject([
      { deviceId: deviceId.normalize("NFC"), deviceToken: "its token" },
    ])
    expect(await cancel(deviceId)).toEqual({ status: 200, json: { result: true } })
    expect((await retrieve("another")).status).toBe(200)
    expect(await server.stored()).toMatchObject({ devices: 1 })
  })

  it("the JS SDK leaves slashes in the path as they are, and the alias has the same devices", async () => {
    await register({ deviceId: '"dev id/1"' })
    for (const path of ["registrations/dev%20id/1", "registration/dev%20id/1", "registrations/dev%20id%2F1"])
      expect((await ask("GET", `${server.keyPath()}/messaging/${path}`)).json).toMatchObject([
        { deviceId: "dev id/1" },
      ])
    expect((await ask("DELETE", `${server.keyPath()}/messaging/registration/dev%20id/1`)).json).toEqual({
      result: true,
    })
  })

  it.each([
    ["too long", "x".repeat(46), 8000],
    ["of a control character", "a\nb", 90005],
    ["of one dot", ".", 90001],
    ["of half a surrogate pair, which is no UTF-8", "%ED%A0%80", 90001],
    ["of broken percent signs", "%", 90001],
    ["of a byte that is no UTF-8", "%FF", 90001],
    ["of NUL", "%00", 90001],
  ])("a device id %s is refused, on GET and on DELETE", async (_, deviceId, code) => {
    const path = `${registrations()}/${/%|^\.$/.test(deviceId) ? deviceId : encodeURIComponent(deviceId)}`
    for (const method of ["GET", "DELETE"])
      expect(await ask(method, path)).toMatchObject({ status: 400, json: { code } })
  })

  it("the path without a device id cancels nothing", async () => {
    await register()
    for (const path of [registrations(server.keyPath("REST")), `${registrations()}/`])
      expect((await ask("DELETE", path)).json).toMatchObject({ code: expect.any(Number) })
    expect(await server.stored()).toMatchObject({ devices: 1 })
  })
})

describe("who may", () => {
  it.each(KEY_KINDS)("the %s key registers, reads and cancels", async (kind) => {
    const path = registrations(server.keyPath(kind))
    expect((await register({}, path)).status).toBe(200)
    expect((await ask("GET", `${path}/phone`)).status).toBe(200)
    expect((await ask("DELETE", `${path}/phone`)).status).toBe(200)
  })

  it("a wrong application id or key is 2002, whatever it is sent with", async () => {
    const { applicationId, apiKeys } = server
    const other = await server.services.applications.create("other")
    const wrong = [
      `/${applicationId}/${other.apiKeys.REST}`,
      `/${other.id}/${apiKeys.REST}`,
      `/${applicationId}/none`,
      `/none/${apiKeys.REST}`,
      `/${applicationId.toLowerCase()}/${apiKeys.REST}`,
      `/${applicationId}/${apiKeys.REST.toLowerCase()}`,
      `/XXXX-XXXX-XXXX/ZZZZ-ZZZZZ-ZZZZZ`,
    ]
    // The plain form is served by the fast lane from its second request on, to those who are known.
    for (let turn = 0; turn < 2; turn++) expect((await register()).status).toBe(200)
    for (const prefix of wrong) {
      for (const body of [bodyOf(), "{"]) {
        const { status, json } = await ask("POST", registrations(prefix), { body })
        expect([prefix, status, json.code]).toEqual([prefix, 400, 2002])
      }
      expect((await ask("GET", `${registrations(prefix)}/phone`)).json.code).toBe(2002)
      expect((await ask("DELETE", `${registrations(prefix)}/phone`)).json.code).toBe(2002)
    }
    expect((await retrieve()).status).toBe(200)
  })

  it("a host name that is bound to nothing is 2002, and one that was bound works at once", async () => {
    const headers = { host: "push.example:9000" }
    expect((await ask("POST", registrations("/api"), { body: bodyOf(), headers })).json.code).toBe(2002)
    await server.services.hosts.bind(server.applicationId, "push.example", { key: "IOS" })
    expect((await ask("POST", registrations("/api"), { body: bodyOf(), headers })).status).toBe(200)
    expect((await retrieve()).status).toBe(200)
  })

  it("applications do not see each other's devices", async () => {
    const other = await server.services.applications.create("other")
    const path = registrations(`/${other.id}/${other.apiKeys.JS}`)
    await register({ deviceToken: '"ours"' })
    expect((await ask("GET", `${path}/phone`)).json.code).toBe(5000)
    expect((await ask("DELETE", `${path}/phone`)).json.code).toBe(5001)
    await register({ deviceToken: '"theirs"' }, path)
    expect((await retrieve()).json[0].deviceToken).toBe("ours")
    expect((await ask("GET", `${path}/phone`)).json[0].deviceToken).toBe("theirs")
  })

  it("a user token of nobody is 3064 on every operation, and nothing is stored", async () => {
    const headers = { "user-token": "C2C9B6F3-0000-0000-0000-000000000000" }
    for (const [method, path, body] of [
      ["POST", registrations(), bodyOf()],
      ["GET", `${registrations()}/phone`, undefined],
      ["DELETE", `${registrations()}/phone`, undefined],
    ] as const) {
      const { status, json } = await ask(method, path, { headers, ...(body && { body }) })
      expect([status, json.code]).toEqual([400, 3064])
      expect(json.message).toMatch(/Not existing user token/)
    }
    expect(await server.stored()).toEqual({ devices: 0, channels: 0 })
  })

  it("a deleted application refuses its keys and host names", async () => {
    await register()
    await server.services.applications.delete(server.applicationId)
    await server.clock.advance(2000)
    expect((await register()).json.code).toBe(2002)
    expect((await register({}, registrations("/api"))).json.code).toBe(2002)
  })
})

describe("browsers", () => {
  const page = { origin: "https://shop.example" }

  it.each(["/registrations", "/registrations/phone", "/registration", "/pushtemplates/IOS"])(
    "may ask whether they may use messaging%s from a page of anywhere",
    async (operation) => {
      const asking = {
        ...page,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,user-token",
      }
      for (const prefix of [server.keyPath(), "/api"]) {
        const path = `${prefix}/messaging${operation}`
        const { status, headers, text } = await send({ method: "OPTIONS", path, headers: asking })
        expect([status, text]).toEqual([204, ""])
        expect(headers["access-control-allow-origin"]).toBe("*")
        expect(list(headers["access-control-allow-methods"])).toEqual(
          expect.arrayContaining(["get", "post", "put", "delete"]),
        )
        expect(list(headers["access-control-allow-headers"])).toEqual(
          expect.arrayContaining(["content-type", "user-token"]),
        )
      }
    },
  )

  it("may read every answer, also a refusal, and never with credentials", async () => {
    const body = { body: bodyOf(), headers: page }
    const answers = [
      await send({ method: "POST", path: registrations(), ...body }),
      await send({ method: "POST", path: registrations(), ...body }),
      await send({ method: "POST", path: registrations("/api"), ...body }),
      await send({ method: "POST", path: registrations(), body: "{", headers: page }),
      await send({
        method: "POST",
        path: registrations(),
        body: "{}",
        headers: { ...page, "content-type": "text/plain" },
      }),
      await send({ method: "POST", path: registrations("/a/b"), ...body }),
      await send({ method: "GET", path: `${registrations()}/phone`, headers: page }),
      await send({ method: "GET", path: `${registrations()}/nobody`, headers: page }),
      await send({ method: "PATCH", path: `${registrations()}/phone`, headers: page }),
      await send({ method: "GET", path: `${server.keyPath()}/nothing/here`, headers: page }),
    ]
    for (const { status, headers } of answers) {
      expect([status, headers["access-control-allow-origin"]]).toEqual([status, "*"])
      expect(headers["access-control-allow-credentials"]).toBeUndefined()
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 400, 415, 400, 200, 400, 405, 404])
  })
})

describe("every answer", () => {
  it("is JSON in UTF-8 that nobody may keep or reinterpret", async () => {
    for (const change of [{}, {}, { os: "null" }]) {
      const { headers } = await send({ method: "POST", path: registrations(), body: bodyOf(change) })
      expect(headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      })
    }
  })

  it("to a method that the path does not have names those that it has", async () => {
    const { status, headers, text } = await send({ method: "PUT", path: registrations(), body: bodyOf() })
    expect([status, JSON.parse(text).code]).toEqual([405, 90007])
    expect(list(headers["allow"])).toContain("post")
  })

  it("is the same with a query behind the path", async () => {
    expect((await register({}, `${registrations()}?a=b`)).status).toBe(200)
    expect((await ask("GET", `${registrations()}/phone?x=/y`)).json).toMatchObject([{ deviceId: "phone" }])
  })
})

function list(value: string | undefined): readonly string[] {
  return (value ?? "").toLowerCase().split(/ *, */)
}
