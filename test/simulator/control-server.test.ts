import { request } from "node:http"
import { describe, expect, test } from "vitest"
import { type ControlServer, openControlServer } from "../../src/simulator/control-server.ts"
import { ApnsClient, type Setup, setup, TOKEN } from "./wire.ts"

interface Controlled extends AsyncDisposable {
  readonly running: Setup
  readonly control: ControlServer
}

async function controlled(): Promise<Controlled> {
  const running = await setup()
  const control = await openControlServer(running.simulators, running.clock, 0)
  return {
    running,
    control,
    [Symbol.asyncDispose]: async () => {
      await control.close()
      await running[Symbol.asyncDispose]()
    },
  }
}

async function call({ control }: Controlled, line: string, body?: unknown) {
  const [method = "GET", path = "/"] = line.split(" ")
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const answer = await fetch(control.origin + path, {
    method,
    ...(body !== undefined && { body: text, headers: { "content-type": "application/json" } }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is under test.
  const json: any = await answer.json()
  return { status: answer.status, json }
}

describe("the control server", () => {
  test("lists its routes", async () => {
    await using it = await controlled()
    const { json } = await call(it, "GET /")
    expect(json.routes).toEqual([
      "GET /",
      "GET /credentials",
      "GET /counters",
      "GET /journal",
      "DELETE /journal",
      "GET /faults",
      "POST /faults",
      "DELETE /faults",
      "POST /tokens",
      "DELETE /tokens",
    ])
  })

  test("gives out origins, certificate and credentials with which a push succeeds", async () => {
    await using it = await controlled()
    const { json } = await call(it, "GET /credentials")
    expect(json.origins).toEqual(it.running.simulators.origins)
    expect(json.fcm.token_uri).toBe(`${json.origins.fcm}/token`)
    expect(json.wns.clientSecret).not.toBe("")
    const simulators = { ...it.running.simulators, caCertificatePem: json.caCertificatePem }
    await using client = await ApnsClient.open(
      { ...it.running, simulators } as Setup,
      json.origins.apns,
      json.apns,
    )
    expect(await client.reason()).toBe("200")
  })

  test("shows and empties the journal", async () => {
    await using it = await controlled()
    await using client = await ApnsClient.open(it.running)
    for (const token of [TOKEN, "cd".repeat(32), TOKEN]) await client.push({ token })
    const sequences = async (line: string) =>
      (await call(it, line)).json.entries.map(({ sequence }: { sequence: number }) => sequence)
    expect(await sequences("GET /journal")).toEqual([1, 2, 3])
    expect(await sequences(`GET /journal?token=${TOKEN}`)).toEqual([1, 3])
    expect(await sequences("GET /journal?since=1&limit=1")).toEqual([2])
    expect((await call(it, "GET /counters")).json.apns).toMatchObject({ accepted: 3, rejected: 0 })
    expect((await call(it, "DELETE /journal")).json).toEqual({ lastSequence: 3 })
    expect((await call(it, "GET /journal")).json).toEqual({ entries: [], lastSequence: 3 })
    expect((await call(it, "GET /counters")).json.apns).toMatchObject({ accepted: 0 })
  })

  test("sets, lists and removes faults", async () => {
    await using it = await controlled()
    await using client = await ApnsClient.open(it.running)
    const fault = { provider: "apns", action: { do: "answer", reason: "Shutdown" } }
    expect((await call(it, "POST /faults", fault)).json).toEqual({ ids: [1] })
    expect((await call(it, "POST /faults", [fault, fault])).json).toEqual({ ids: [2, 3] })
    expect(await client.reason()).toBe("503 Shutdown")
    expect((await call(it, "GET /faults")).json.faults[0]).toEqual({ id: 1, fault, seen: 1, struck: 1 })
    expect((await call(it, "DELETE /faults?id=2")).json.faults).toHaveLength(2)
    expect(await call(it, "DELETE /faults?id=2")).toEqual({
      status: 404,
      json: { error: "there is no fault 2" },
    })
    expect((await call(it, "DELETE /faults")).json).toEqual({ faults: [] })
    expect(await client.reason()).toBe("200")
  })

  test("declares devices", async () => {
    await using it = await controlled()
    await using client = await ApnsClient.open(it.running)
    const state = { provider: "apns", token: TOKEN, condition: "unregistered", since: 5 }
    expect((await call(it, "POST /tokens", state)).json).toEqual({ declared: 1 })
    expect(await client.reason()).toBe("410 Unregistered")
    expect((await call(it, "DELETE /tokens")).json).toEqual({ declared: 0 })
    expect(await client.reason()).toBe("200")
  })

  test.each([
    ["POST /faults", "{", 400, /^the body is not JSON/],
    ["POST /faults", { provider: "apns" }, 400, /^action is missing: it must be an object such as/],
    [
      "POST /faults",
      [{ provider: "mail", action: {} }],
      400,
      /^\[0\]: provider must be one of "apns", "fcm", "wns"$/,
    ],
    [
      "POST /tokens",
      { provider: "apns", token: "x", condition: "asleep" },
      400,
      /^condition must be one of "valid"/,
    ],
    ["POST /tokens", 5, 400, /^the value must be an object$/],
    ["GET /journal?limit=0", undefined, 400, /^limit must be a whole number from 1 to 2000$/],
    ["GET /journal?since=yesterday", undefined, 400, /^since must be a whole number/],
    ["PUT /faults", {}, 404, /^PUT \/faults is not known; GET \/ lists what is$/],
  ])("answers %s with %j clearly", async (line, body, status, error) => {
    await using it = await controlled()
    const answer = await call(it, line, body)
    expect(answer.status).toBe(status)
    expect(answer.json.error).toMatch(error)
    expect(it.running.simulators.faults.list()).toEqual([])
  })

  test("applies nothing of a list with a mistake in it", async () => {
    await using it = await controlled()
    const good = { provider: "apns", action: { do: "refuse_stream" } }
    expect((await call(it, "POST /faults", [good, {}])).status).toBe(400)
    expect(it.running.simulators.faults.list()).toEqual([])
  })

  test("is closed to web pages: other host names and forms are refused", async () => {
    await using it = await controlled()
    const { port } = new URL(it.control.origin)
    const status = (headers: Record<string, string>, method: string) =>
      new Promise((resolve, reject) => {
        const asking = request({ host: "127.0.0.1", port, path: "/faults", method, headers }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        asking.on("error", reject)
        asking.end(method === "POST" ? "{}" : undefined)
      })
    expect(await status({ host: "evil.example" }, "GET")).toBe(403)
    expect(await status({ host: `127.0.0.1:${port}`, "content-type": "text/plain" }, "POST")).toBe(415)
    expect(await status({ host: `localhost:${port}` }, "GET")).toBe(200)
  })
})
