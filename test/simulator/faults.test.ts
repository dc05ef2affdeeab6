import { once } from "node:events"
import { describe, expect, test } from "vitest"
import type { Fault } from "../../src/simulator/fault-rules.ts"
import { FcmClient, verdictOf } from "./fcm-client.ts"
import { ALERT, ApnsClient, nextEntry, type Setup, setup, strike, TOKEN, until } from "./wire.ts"

const OTHER = "cd".repeat(32)

describe("when a fault strikes", () => {
  async function statuses(when: Fault["when"], more: Partial<Fault> = {}, pushes = 6) {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", status: 599 }, { ...(when && { when }), ...more })
    const seen: (number | undefined)[] = []
    for (let sent = 0; sent < pushes; sent += 1) seen.push((await client.push()).status)
    return seen.map((status) => (status === 599 ? "x" : "."))
  }

  test.each([
    ["on every request without conditions", undefined, {}, "xxxxxx"],
    ["on the n-th request", { nth: 3 }, {}, "..x..."],
    ["from one request to another", { nth: { from: 2, to: 4 } }, {}, ".xxx.."],
    ["on every other request", { nth: { every: 2 } }, {}, "x.x.x."],
    ["so many times", undefined, { times: 2 }, "xx...."],
    ["never with probability 0", { probability: 0 }, {}, "......"],
    ["always with probability 1", { probability: 1 }, {}, "xxxxxx"],
    ["not at another provider", undefined, { provider: "fcm" }, "......"],
    ["not in another environment", undefined, { environment: "sandbox" }, "......"],
    ["not before its window", { window: { fromMs: 1 } }, {}, "......"],
    ["not after its window", { window: { untilMs: 0 } }, {}, "......"],
  ] as const)("%s", async (_name, when, more, expected) => {
    expect((await statuses(when, more)).join("")).toBe(expected)
  })

  test("with a probability it strikes about that often, and the seed repeats it", async () => {
    const [first, second] = [
      await statuses({ probability: 0.5 }, {}, 40),
      await statuses({ probability: 0.5 }, {}, 40),
    ]
    const struck = first.filter((sign) => sign === "x").length
    expect(struck).toBeGreaterThan(8)
    expect(struck).toBeLessThan(32)
    expect(first).toEqual(second)
  })

  test("in a window of time since it was set", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", status: 599 }, { when: { window: { fromMs: 1_000, untilMs: 2_000 } } })
    expect(await client.reason()).toBe("200")
    await running.clock.advance(1_000)
    expect(await client.reason()).toBe("599")
    await running.clock.advance(1_000)
    expect(await client.reason()).toBe("200")
  })

  test("for one device only", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", status: 599 }, { when: { token: OTHER.toUpperCase() } })
    expect(await client.reason()).toBe("200")
    expect(await client.reason({ token: OTHER })).toBe("599")
  })

  test("the first fault that applies wins, and all of them count the requests", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", status: 501 }, { when: { nth: { to: 2 } } })
    strike(running, { do: "answer", status: 502 }, { when: { nth: 3 } })
    expect([await client.reason(), await client.reason(), await client.reason()]).toEqual([
      "501",
      "501",
      "502",
    ])
    expect(running.simulators.faults.list().map(({ seen, struck }) => [seen, struck])).toEqual([
      [3, 2],
      [3, 1],
    ])
  })

  test("no more once it was removed", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const id = running.simulators.faults.add({ provider: "apns", action: { do: "answer", status: 599 } })
    expect(await client.reason()).toBe("599")
    expect(running.simulators.faults.remove(id)).toBe(true)
    expect(running.simulators.faults.remove(id)).toBe(false)
    expect(await client.reason()).toBe("200")
  })
})

describe("faults in answers (item 53)", () => {
  test.each([[500], [502], [503], [504]])("a burst of %i with an HTML body", async (status) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const headers = { "content-type": "text/html", "retry-after": "7" }
    strike(running, { do: "answer", status, headers, body: "<html>" }, { times: 2 })
    const answer = await client.push()
    expect(answer).toMatchObject({ status, body: "<html>" })
    expect(answer.headers).toMatchObject(headers)
    await client.push()
    expect(await client.reason()).toBe("200")
    expect(running.simulators.counters().apns).toMatchObject({ accepted: 1, rejected: 2 })
  })

  test("a reason word brings the provider's own answer", async () => {
    await using running = await setup()
    await using apns = await ApnsClient.open(running)
    await using fcm = await FcmClient.open(running)
    strike(running, { do: "answer", reason: "ServiceUnavailable" })
    strike(
      running,
      { do: "answer", reason: "UNAVAILABLE", headers: { "retry-after": "12" } },
      { provider: "fcm" },
    )
    expect(await apns.reason()).toBe("503 ServiceUnavailable")
    const answer = await fcm.send()
    expect(verdictOf(answer)).toMatchObject({
      status: 503,
      grpcStatus: "UNAVAILABLE",
      errorCode: "UNAVAILABLE",
    })
    expect(answer.headers["retry-after"]).toBe("12")
  })

  test("a scripted header of HTTP/1.1 is left out over HTTP/2", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", status: 503, headers: { connection: "close", "x-kept": "yes" } })
    const { status, headers } = await client.push()
    expect(status).toBe(503)
    expect(headers).not.toHaveProperty("connection")
    expect(headers["x-kept"]).toBe("yes")
  })

  test("a scripted 410 carries a timestamp", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "answer", reason: "Unregistered" })
    const { body } = await client.push()
    expect(JSON.parse(body)).toEqual({ reason: "Unregistered", timestamp: running.clock.now() })
  })

  test.each([
    ["truncated_json", '{"reason":"Bad'],
    ["invalid_json", "{'reason': 27,,"],
    ["html", "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"],
    ["empty", ""],
    ["wrong_content_type", '{"reason":"BadDeviceToken"}'],
  ] as const)("the usual refusal with a body that is %s", async (how, expected) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "mangle", how })
    const { status, body, headers } = await client.push({ token: "zz" })
    expect([status, body]).toEqual([400, expected])
    const type = { html: "text/html", wrong_content_type: "image/png" }[how as "html"] ?? "application/json"
    expect(headers["content-type"]).toBe(type)
  })

  test("a body of 10 MB", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "huge_body", bytes: 10_000_000, status: 500 })
    const { status, body } = await client.push()
    expect([status, body.length]).toEqual([500, 10_000_000])
  })
})

describe("slow answers (item 52)", () => {
  test("an answer comes late; the push was processed on arrival", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    await using client = await ApnsClient.open(running)
    strike(running, { do: "delay", ms: 45_000 })
    const arrived = nextEntry(simulators)
    let isAnswered = false
    const answer = client.push().finally(() => {
      isAnswered = true
    })
    await arrived
    await clock.advance(44_999)
    expect(isAnswered).toBe(false)
    await clock.advance(1)
    expect((await answer).status).toBe(200)
  })

  test("with processAfter, a push whose stream was cancelled meanwhile is never processed", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    await using client = await ApnsClient.open(running)
    await client.push()
    strike(running, { do: "delay", ms: 1_000, processAfter: true })
    const stream = client.session.request({
      ":method": "POST",
      ":path": `/3/device/${TOKEN}`,
      authorization: client.authorization,
      "apns-topic": "com.example.app",
    })
    stream.on("error", () => {})
    stream.end(ALERT)
    const kept = client.push()
    await requestsSeen(simulators, 3)
    stream.close(8)
    await once(stream, "close")
    await pingOnce(client)
    await clock.advance(1_000)
    expect((await kept).status).toBe(200)
    expect(simulators.counters().apns.accepted).toBe(2)
  })

  test("answers of random latency come out of order (item 56)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    await client.push()
    strike(running, { do: "delay", ms: { min: 10, max: 30_000 } })
    const order: number[] = []
    const pushes = Array.from({ length: 20 }, async (_, index) => {
      await client.push({ token: TOKEN })
      order.push(index)
    })
    await requestsSeen(running.simulators, 21)
    for (let step = 0; step < 30; step += 1) {
      await running.clock.advance(1_000)
      await pingOnce(client)
    }
    await Promise.all(pushes)
    expect(order).toHaveLength(20)
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
  })

  test("the head comes late and the body in several DATA frames", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    await using client = await FcmClient.open(running)
    strike(running, { do: "slow_body", parts: 4, gapMs: 100, headAfterMs: 500 }, { provider: "fcm" })
    const arrived = nextEntry(simulators)
    const answer = client.send()
    await arrived
    await clock.advance(500)
    for (let part = 0; part < 5; part += 1) {
      await pingOnce(client)
      await clock.advance(100)
    }
    const { status, parts, body } = await answer
    expect([status, parts]).toEqual([200, 4])
    expect(JSON.parse(body)).toHaveProperty("name")
  })

  async function pingOnce({ session }: { readonly session: ApnsClient["session"] }): Promise<void> {
    await new Promise((resolve) => session.ping(resolve))
  }

  function requestsSeen(simulators: Setup["simulators"], wanted: number): Promise<void> {
    return until(() => simulators.counters().apns.production.requests >= wanted)
  }
})
