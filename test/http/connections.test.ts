import { once } from "node:events"
import { connect } from "node:net"
import { describe, expect, test } from "vitest"
import { RawReply, type Route } from "../../src/http/route.ts"
import type { Log } from "../../src/runtime/log.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { gate } from "./gate.ts"
import { get, HOST, JSON_TYPE, postFramed, request } from "./raw/case.ts"
import { Talk } from "./raw/talk.ts"
import { authenticate, listenToyServer, text } from "./toy-server.ts"

/** What a server owes its connections: limits, one answer per request, and an orderly end. */

function recordingLog() {
  const lines: { level: string; fields: Record<string, unknown>; text: string }[] = []
  const at = (level: string) => (fields: object, line: string) => {
    lines.push({ level, fields: { ...fields }, text: line })
  }
  const log: Log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
  return { log, lines }
}

const NEVER = new AbortController().signal

describe("a server that stops", () => {
  test("finishes what is running, refuses what is new, and takes no further connection", async () => {
    const door = gate()
    const server = await listenToyServer({ system: [door.route] })
    const kept = await Talk.open(server.port)
    kept.say(get("/nowhere"))
    await kept.hear("No operation has this path.")
    const running = await Talk.open(server.port)
    running.say(get("/gate"))
    await door.arrived

    const closed = server.close(NEVER)
    await expect(once(connect(server.port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED")
    kept.say(get("/gate"))
    const refusal = await kept.hearOut()
    expect(refusal).toContain("HTTP/1.1 503 Service Unavailable\r\n")
    expect(refusal).toContain("connection: close\r\n")
    expect(refusal).toContain("retry-after: 1\r\n")
    expect(refusal).toContain('"code":90008')
    door.open()
    expect(await running.hearOut()).toContain('{"passed":true}')
    await closed
  })

  test("waits for a handler whose client has left", async () => {
    const door = gate()
    const server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate"))
    const signal = await door.arrived
    talk.hangUp()
    if (!signal.aborted) await once(signal, "abort")

    let isClosed = false
    const closed = server.close(NEVER).then(() => {
      isClosed = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isClosed).toBe(false)
    door.open()
    await closed
  })

  test("does not wait for a body whose client left while it was being authenticated", async () => {
    const asked = Promise.withResolvers<void>()
    const mayGoOn = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const server = await listenToyServer({
      authenticate: {
        ...authenticate,
        async key(applicationId, apiKey, address) {
          asked.resolve()
          await mayGoOn.promise
          return authenticate.key(applicationId, apiKey, address)
        },
      },
      fastLane(incoming) {
        incoming.on("close", () => ended.resolve())
        return false
      },
    })
    const talk = await Talk.open(server.port)
    talk.say(postFramed(["Content-Length: 10"], "{"))
    await asked.promise
    talk.hangUp()
    await ended.promise
    mayGoOn.resolve()
    await server.close(NEVER)
  })

  test("cuts what is still running when its time is up", async () => {
    const door = gate()
    const server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate"))
    await door.arrived
    await server.close(AbortSignal.abort())
    expect(await talk.hearOut()).toBe("")
    door.open()
  })

  test("may be told to stop twice, the second time at once", async () => {
    const door = gate()
    const server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate"))
    await door.arrived
    const patiently = server.close(NEVER)
    await server.close(AbortSignal.abort())
    expect(await talk.hearOut()).toBe("")
    door.open()
    await patiently
  })

  test("tells a waiting handler, and ends its event stream properly", async () => {
    const stream: Route = {
      ...text,
      path: "/events",
      handle: ({ signal }) => new RawReply("text/event-stream", events(signal)),
    }
    async function* events(signal: AbortSignal) {
      yield "data: first\n\n"
      if (!signal.aborted) await once(signal, "abort")
    }
    const server = await listenToyServer({ system: [stream] })
    const talk = await Talk.open(server.port)
    talk.say(get("/events"))
    const head = await talk.hear("data: first\n\n")
    expect(head).toContain("content-type: text/event-stream\r\n")
    expect(head).toContain("cache-control: no-store\r\n")
    await server.close(NEVER)
    expect(await talk.hearOut()).toBe("\r\n0\r\n\r\n")
  })
})

describe("an event stream", () => {
  test("ends when its client leaves, even if its source never yields again", async () => {
    const left = Promise.withResolvers<void>()
    const stream: Route = {
      ...text,
      path: "/events",
      handle: ({ signal }) => new RawReply("text/event-stream", events(signal)),
    }
    async function* events(signal: AbortSignal) {
      try {
        yield "data: first\n\n"
        await once(signal, "abort")
        yield "data: nobody reads this\n\n"
      } finally {
        left.resolve()
      }
    }
    await using server = await listenToyServer({ system: [stream] })
    const talk = await Talk.open(server.port)
    talk.say(get("/events"))
    await talk.hear("data: first\n\n")
    talk.hangUp()
    await left.promise
  })

  test("waits for a client that reads slowly", async () => {
    const size = 200_000
    const count = 100
    let produced = 0
    const stream: Route = {
      ...text,
      path: "/flood",
      handle: () => new RawReply("text/plain", flood()),
    }
    async function* flood() {
      for (; produced < count; produced++) yield "a".repeat(size)
    }
    await using server = await listenToyServer({ system: [stream] })
    const socket = connect(server.port, "127.0.0.1")
    socket.write(get("/flood", "Connection: close"))
    await once(socket, "readable")
    // Nothing is read beyond the first chunk, so buffers fill up and the source must be left alone.
    await new Promise((resolve) => setImmediate(resolve))
    expect(produced).toBeLessThan(count)
    let bytes = 0
    for await (const chunk of socket) bytes += chunk.length
    expect(bytes).toBeGreaterThan(size * count)
  })

  test("that fails is cut off and reported", async () => {
    const { log, lines } = recordingLog()
    const stream: Route = { ...text, path: "/broken", handle: () => new RawReply("text/plain", broken()) }
    async function* broken() {
      yield "begun"
      throw new Error("the source broke")
    }
    await using server = await listenToyServer({ system: [stream], log })
    const talk = await Talk.open(server.port)
    talk.say(get("/broken"))
    expect(await talk.hearOut()).not.toContain("\r\n0\r\n\r\n")
    expect(lines).toMatchObject([{ level: "error", fields: { err: { message: "the source broke" } } }])
  })
})

describe("a request has one answer", () => {
  test("even if its body breaks after it was refused", async () => {
    await using server = await listenToyServer()
    const talk = await Talk.open(server.port)
    const headers = [HOST, JSON_TYPE, "Transfer-Encoding: chunked"]
    talk.say(request("DELETE /admin/v1/status/a HTTP/1.1", headers, "1\r\n{\r\n"))
    await talk.hear('docs/errors.md#not_authenticated"}}')
    talk.say("this is no chunk\r\n")
    expect(await talk.hearOut()).toBe("")
  })

  test("which says what is wrong if its body breaks before", async () => {
    await using server = await listenToyServer()
    const talk = await Talk.open(server.port)
    talk.say(postFramed(["Transfer-Encoding: chunked"], "1\r\n{\r\n"))
    talk.say("this is no chunk\r\n")
    expect(await talk.hearOut()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^{]*\{"code":90001/)
  })

  test("that follows the answers to the requests before it", async () => {
    const door = gate()
    await using server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + get("//") + get("/gate"))
    await door.arrived
    door.open()
    const heard = await talk.hearOut()
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"])
  })

  test("that a client can read although it is still sending", async () => {
    await using server = await listenToyServer()
    const talk = await Talk.open(server.port)
    const bytes = 5_000_000
    talk.say(
      request("POST /nowhere HTTP/1.1", [HOST, "Content-Type: text/plain", `Content-Length: ${bytes}`]),
    )
    for (let sent = 0; sent < bytes; sent += 100_000) talk.say("a".repeat(100_000))
    expect(await talk.hear('#unsupported_content_type"}}')).toContain("HTTP/1.1 415")
  })
})

test("a handler learns that its client has left, and what waits behind it is never begun", async () => {
  const first = gate()
  const second = gate("/second")
  await using server = await listenToyServer({ system: [first.route, second.route] })
  const talk = await Talk.open(server.port)
  talk.say(get("/gate") + get("/second"))
  const signal = await first.arrived
  talk.hangUp()
  if (!signal.aborted) await once(signal, "abort")
  first.open()
  expect(await second.hasArrived(server.port)).toBe(false)
})

test("a handler that waited for its turn learns that its client has left", async () => {
  const first = gate()
  const second = gate("/second")
  await using server = await listenToyServer({ system: [first.route, second.route] })
  const talk = await Talk.open(server.port)
  talk.say(get("/gate") + get("/second"))
  await first.arrived
  first.open()
  const signal = await second.arrived
  talk.hangUp()
  if (!signal.aborted) await once(signal, "abort")
  second.open()
})

test("a handler that asks late learns that its client has left", async () => {
  const arrived = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const seen = Promise.withResolvers<boolean>()
  const late: Route = {
    ...text,
    handle: async (call) => {
      arrived.resolve()
      await left.promise
      seen.resolve(call.signal.aborted)
    },
  }
  await using server = await listenToyServer({
    system: [late],
    fastLane(_request, response) {
      response.once("close", () => left.resolve())
      return false
    },
  })
  const talk = await Talk.open(server.port)
  talk.say(get("/text"))
  await arrived.promise
  talk.hangUp()
  expect(await seen.promise).toBe(true)
})

describe("connections are limited", () => {
  test("per address, with an answer that says so", async () => {
    await using server = await listenToyServer({
      connections: { connectionsPerAddressMax: 2, uncappedAddresses: [] },
    })
    const first = await Talk.open(server.port)
    const second = await Talk.open(server.port)
    for (const talk of [first, second]) {
      talk.say(get("/healthz"))
      await talk.hear('{"status":"ok"}')
    }
    const third = await Talk.open(server.port)
    const refusal = await third.hearOut()
    expect(refusal).toContain("HTTP/1.1 429")
    expect(refusal).toContain('"code":90014')

    first.say(get("/healthz", "Connection: close"))
    await first.hearOut()
    const fourth = await Talk.open(server.port)
    fourth.say(get("/healthz"))
    await fourth.hear('{"status":"ok"}')
  })

  test("but not for the addresses of reverse proxies", async () => {
    await using server = await listenToyServer({ connections: { connectionsPerAddressMax: 1 } })
    for (const talk of [await Talk.open(server.port), await Talk.open(server.port)]) {
      talk.say(get("/healthz"))
      await talk.hear('{"status":"ok"}')
    }
  })

  test("in total, by closing what is too many, and the log says so once", async () => {
    const { log, lines } = recordingLog()
    await using server = await listenToyServer({ connections: { connectionsMax: 1 }, log })
    const first = await Talk.open(server.port)
    for (let attempt = 0; attempt < 3; attempt++) {
      const further = await Talk.open(server.port)
      expect(await further.hearOut()).toBe("")
    }
    first.say(get("/healthz"))
    await first.hear('{"status":"ok"}')
    expect(lines).toMatchObject([{ level: "warn", fields: { limit: "connectionsMax" } }])
  })
})

describe("the fast lane", () => {
  test("gets well-formed requests first and answers those that it takes", async () => {
    const seen: string[] = []
    await using server = await listenToyServer({
      fastLane(incoming, response) {
        seen.push(incoming.url ?? "")
        if (incoming.url !== "/fast") return false
        response.end("{}")
        return true
      },
    })
    expect((await server.inject({ method: "GET", url: "/fast" })).text).toBe("{}")
    expect((await server.inject({ method: "GET", url: "/healthz" })).json()).toEqual({ status: "ok" })
    expect((await server.inject({ method: "GET", url: "//fast" })).status).toBe(400)
    expect(seen).toEqual(["/fast", "/healthz"])
  })

  test("that fails is answered as every failure is", async () => {
    const { log, lines } = recordingLog()
    await using server = await listenToyServer({
      log,
      fastLane() {
        throw new Error("a bug in the fast lane")
      },
    })
    const reply = await server.inject({ method: "GET", url: "/healthz" })
    expect(reply.status).toBe(500)
    expect(reply.text).not.toContain("bug")
    expect(lines).toMatchObject([{ level: "error", fields: { err: { message: "a bug in the fast lane" } } }])
  })
})

test("with too many headers, or too large ones, the answer names both limits: node:http does not tell them apart", async () => {
  await using server = await listenToyServer()
  const headers = Array.from({ length: 120 }, (_, index) => `X-${index}: a`)
  for (const bytes of [get("/nowhere", ...headers), get("/nowhere", `X: ${"a".repeat(17_000)}`)]) {
    const talk = await Talk.open(server.port)
    talk.say(bytes)
    await talk.hear("The headers are larger than 16384 bytes, or more than 99.")
  }
})

test("an address that is taken is reported when the server opens", async () => {
  await using server = await listenToyServer()
  const second = listenToyServer({ listen: { host: "127.0.0.1", port: server.port }, log: silentLog })
  await expect(second).rejects.toThrow("EADDRINUSE")
})
