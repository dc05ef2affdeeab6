import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { KeepAliveClient } from "../http/keep-alive-client.ts"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"

/**
 * What the other SDKs put on the wire, step by step (contract 2.1 to 2.6), and what they need to find in the answers, or
 * crash. `{token}` in a path stands for what an earlier step kept.
 */
interface Step {
  readonly method: "GET" | "POST" | "DELETE"
  /** Behind the application's part of the URL. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly status?: number
  readonly answer: unknown
}

interface Scenario {
  readonly sdk: string
  /** The part of the URL that names the application. */
  readonly prefix: (server: RegistrationServer) => string
  readonly steps: readonly Step[]
}

const NOW = 1_800_000_000_000
const ID = "[0-9A-F-]{36}"
const JSON_TYPE = { "content-type": "application/json" }
const registered = (...channels: string[]) => ({
  registrationId: expect.stringMatching(
    new RegExp(`^${channels.map((name) => `${ID}::${name}`).join(",")}$`),
  ),
})

const swift: Scenario = {
  sdk: "Swift: milliseconds, channels always, templates right after",
  prefix: (server) => server.keyPath("IOS"),
  steps: [
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: `{"deviceToken":"${"0a".repeat(32)}","deviceId":"E621E1F8-C36C-495A-93FC-0C247A3E6E5F","os":"IOS","osVersion":"18.1","channels":["default","news"],"expiration":${NOW + 60_000}}`,
      answer: registered("default", "news"),
    },
    { method: "GET", path: "messaging/pushtemplates", answer: {} },
    {
      method: "GET",
      path: "messaging/registrations/E621E1F8-C36C-495A-93FC-0C247A3E6E5F",
      answer: [
        {
          id: expect.stringMatching(ID),
          deviceToken: "0a".repeat(32),
          deviceId: "E621E1F8-C36C-495A-93FC-0C247A3E6E5F",
          os: "IOS",
          osVersion: "18.1",
          expiration: NOW + 60_000,
          channels: ["default", "news"],
        },
      ],
    },
    {
      method: "DELETE",
      path: "messaging/registrations/E621E1F8-C36C-495A-93FC-0C247A3E6E5F",
      answer: { result: true },
    },
  ],
}

const swiftOnMac: Scenario = {
  sdk: "Swift on macOS, by a custom domain: OSX, 0 for no expiration",
  prefix: () => "/api",
  steps: [
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: '{"deviceToken":"ff00","deviceId":"mac","os":"OSX","osVersion":"15.0","channels":["default"],"expiration":0}',
      answer: registered("default"),
    },
    {
      method: "GET",
      path: "messaging/registrations/mac",
      answer: [expect.objectContaining({ os: "OSX", expiration: null })],
    },
  ],
}

const flutter: Scenario = {
  sdk: "Flutter 8: ISO text without a zone, Content-Type on every verb",
  prefix: (server) => server.keyPath("ANDROID"),
  steps: [
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: '{"deviceToken":"fcm:APA91b","deviceId":"UP1A.231005.007","os":"ANDROID","osVersion":"34","channels":["default"],"expiration":"2027-01-15T08:00:00.000001"}',
      status: 400,
      answer: { code: 5004, message: expect.any(String), errorData: expect.any(Object) },
    },
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: '{"deviceToken":"fcm:APA91b","deviceId":"UP1A.231005.007","os":"ANDROID","osVersion":"34","channels":["default"],"expiration":"2027-02-01T10:20:30.123456"}',
      answer: registered("default"),
    },
    { method: "GET", path: "messaging/pushtemplates/android", headers: JSON_TYPE, answer: {} },
    {
      method: "GET",
      path: "messaging/registrations/UP1A.231005.007",
      headers: JSON_TYPE,
      answer: [
        expect.objectContaining({ expiration: Date.UTC(2027, 1, 1, 10, 20, 30, 123), channels: ["default"] }),
      ],
    },
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: '{"deviceToken":"fcm:APA91b","deviceId":"UP1A.231005.007","os":"ANDROID","osVersion":"34","channels":null,"expiration":null}',
      answer: registered("default"),
    },
    {
      method: "GET",
      path: "messaging/registrations/UP1A.231005.007",
      headers: JSON_TYPE,
      answer: [expect.objectContaining({ expiration: null, channels: ["default"] })],
    },
    {
      method: "DELETE",
      path: "messaging/registrations/UP1A.231005.007",
      headers: JSON_TYPE,
      answer: { result: true },
    },
    {
      method: "DELETE",
      path: "messaging/registrations/UP1A.231005.007",
      headers: JSON_TYPE,
      status: 400,
      answer: { code: 5001, message: expect.any(String), errorData: expect.any(Object) },
    },
  ],
}

const flutterOnIos: Scenario = {
  sdk: "Flutter 8 on iOS: templates of ios in small letters",
  prefix: (server) => server.keyPath("IOS"),
  steps: [
    {
      method: "POST",
      path: "messaging/registrations",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: '{"deviceToken":"abcdef","deviceId":"vendor-id","os":"IOS","osVersion":"18","channels":["a","b"]}',
      answer: registered("a", "b"),
    },
    { method: "GET", path: "messaging/pushtemplates/ios", headers: JSON_TYPE, answer: {} },
  ],
}

const reactNative: Scenario = {
  sdk: "React Native: seconds, os in capitals, templates in small letters",
  prefix: (server) => server.keyPath("JS"),
  steps: [
    { method: "GET", path: "info", answer: expect.objectContaining({ loggers: [] }) },
    {
      method: "POST",
      path: "messaging/registrations",
      headers: JSON_TYPE,
      body: '{"deviceToken":"fcm:1","deviceId":"rn 1/2","os":"ANDROID","osVersion":"14","channels":["default"],"expiration":1800003600.5}',
      answer: registered("default"),
    },
    { method: "GET", path: "messaging/pushtemplates/android", answer: {} },
    {
      method: "GET",
      path: "messaging/registrations/rn%201/2",
      answer: [expect.objectContaining({ deviceId: "rn 1/2", expiration: NOW + 3_600_500 })],
    },
    { method: "DELETE", path: "messaging/registrations/rn%201/2", answer: { result: true } },
  ],
}

const plainJava: Scenario = {
  sdk: "a Java program: the name of its system, an id of its own, nothing more than it must",
  prefix: (server) => server.keyPath("REST"),
  steps: [
    {
      method: "POST",
      path: "messaging/registration",
      headers: { ...JSON_TYPE, "application-type": "REST", "api-version": "1.0" },
      body: '{"deviceToken":"t","deviceId":"5f2d","os":"Linux","osVersion":"6.8.0-45-generic","user":null}',
      answer: registered("default"),
    },
    {
      method: "GET",
      path: "messaging/registration/5f2d",
      answer: [expect.objectContaining({ os: "Linux" })],
    },
  ],
}

const PHP_HEADERS = {
  "Content-Type": "application/json",
  Accept: "*/*",
  "application-id": "A",
  "secret-key": "B",
  "application-type": "REST",
}

/** It writes `<url>/<version>/messaging/…`: the ids of the path are given to it as the version (docs/backendless.md). */
const php: Scenario = {
  sdk: "PHP: the ids for a version, and in headers as well; a body with every verb",
  prefix: (server) => server.keyPath("REST"),
  steps: [
    {
      method: "POST",
      path: "messaging/default",
      headers: PHP_HEADERS,
      body: '{"message":"Hello","pushBroadcast":"ALL","pushPolicy":"ALSO"}',
      answer: { messageId: expect.stringMatching(/^message:/), status: "scheduled", errorMessage: null },
    },
    {
      method: "DELETE",
      path: "messaging/message:unknown",
      headers: PHP_HEADERS,
      body: '""',
      status: 400,
      answer: { code: 5040, message: expect.any(String), errorData: expect.any(Object) },
    },
  ],
}

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

async function take(prefix: string, { method, path, headers, body }: Omit<Step, "answer">) {
  // PHP writes its headers in capitals; the client adds a type of its own only where none is given.
  const sent = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text]),
  )
  const request = { method, path: `${prefix}/${path}`, headers: sent, ...(body !== undefined && { body }) }
  const { status, text } = await client.send(request)
  return { status, json: JSON.parse(text) }
}

describe("what other SDKs send", () => {
  const scenarios = [swift, swiftOnMac, flutter, flutterOnIos, reactNative, plainJava, php]

  it.each(scenarios.map((scenario) => [scenario.sdk, scenario] as const))(
    "%s",
    async (_, { prefix, steps }) => {
      for (const step of steps) {
        const { status, json } = await take(prefix(server), step)
        expect([step.method, step.path, status]).toEqual([step.method, step.path, step.status ?? 200])
        expect(json).toEqual(step.answer)
        // Swift takes an object with an integer code and a text for a fault, whatever its status.
        if (status === 200) expect("code" in json && "message" in json).toBe(false)
      }
    },
  )

  it("Swift leaves single channels through the rows of the table, and the last one ends the registration", async () => {
    const prefix = server.keyPath("IOS")
    const where = (deviceId: string) =>
      `{"where":"deviceId='${deviceId}'","pageSize":100,"offset":0,"props":null}`
    const find = async (deviceId: string) => {
      const path = "data/DeviceRegistration/find"
      const { status, json } = await take(prefix, {
        method: "POST",
        path,
        headers: JSON_TYPE,
        body: where(deviceId),
      })
      expect(status).toBe(200)
      return json
    }
    const body =
      '{"deviceToken":"ff","deviceId":"phone","os":"IOS","osVersion":"18","channels":["a","b","c"]}'
    await take(prefix, { method: "POST", path: "messaging/registrations", headers: JSON_TYPE, body })
    const rows = await find("phone")
    expect(rows.map((row: Record<string, unknown>) => row["channelName"])).toEqual(["a", "b", "c"])
    expect(rows[0]).toEqual({
      ___class: "DeviceRegistration",
      objectId: expect.stringMatching(ID),
      channelName: "a",
      deviceToken: "ff",
      deviceId: "phone",
      operatingSystemName: "IOS",
      operatingSystemVersion: "18",
      expiration: null,
      created: NOW,
      updated: NOW,
      ownerId: null,
    })
    for (const [index, left] of [["b"], ["b", "a"], ["b", "a", "c"]].entries()) {
      const row = rows.find((one: Record<string, unknown>) => one["channelName"] === left[index])
      const path = `data/DeviceRegistration/${row.objectId}`
      // Swift takes the first value of an object with one key.
      expect(await take(prefix, { method: "DELETE", path })).toEqual({
        status: 200,
        json: { deletionTime: NOW },
      })
      expect((await take(prefix, { method: "DELETE", path })).json).toMatchObject({ code: 5001 })
    }
    expect(await find("phone")).toEqual([])
    expect((await take(prefix, { method: "GET", path: "messaging/registrations/phone" })).json.code).toBe(
      5000,
    )
    expect(await find("nobody")).toEqual([])
  })

  it("the rows of a device are found page by page and by channel, those of another application never", async () => {
    const other = await server.services.applications.create("other")
    const body =
      '{"deviceToken":"ff","deviceId":"it\'s","os":"IOS","osVersion":"18","channels":["a","b","c"]}'
    const register = { method: "POST", path: "messaging/registrations", headers: JSON_TYPE, body } as const
    await take(server.keyPath(), register)
    const find = async (query: object, prefix = server.keyPath()) => {
      const path = "data/DeviceRegistration/find"
      const answer = await take(prefix, {
        method: "POST",
        path,
        headers: JSON_TYPE,
        body: JSON.stringify(query),
      })
      return answer.json.map((row: Record<string, unknown>) => row["channelName"])
    }
    const where = "deviceId='it''s'"
    expect(await find({ where, pageSize: 2 })).toEqual(["a", "b"])
    expect(await find({ where, pageSize: 2, offset: 2 })).toEqual(["c"])
    expect(await find({ where: `${where} and channelName in ('c','a','z')` })).toEqual(["a", "c"])
    expect(await find({ where }, `/${other.id}/${other.apiKeys.IOS}`)).toEqual([])
  })

  it("the legacy form with the ids in headers only is refused in a way that its SDKs can show", async () => {
    const headers = {
      ...JSON_TYPE,
      "application-id": server.applicationId,
      "secret-key": server.apiKeys.REST,
    }
    const step = { method: "POST", path: "messaging/registrations", headers, body: "{}" } as const
    const { status, json } = await take("/v1", step)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(json).toEqual({
      code: expect.any(Number),
      message: expect.any(String),
      errorData: expect.any(Object),
    })
  })
})
