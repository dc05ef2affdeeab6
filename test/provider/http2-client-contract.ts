import { constants, sensitiveHeaders } from "node:http2"
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { describe, expect, it } from "vitest"
import type { ClientOptions, OpenClient, RequestTemplate } from "../../src/provider/http2/client.ts"
import { ClientHarness } from "./client-harness.ts"
import { LOOPBACK_TLS, OTHER_AUTHORITY } from "./loopback-tls.ts"
import { type ArrivedRequest, openHttp2Server, type ScriptedHttp2Server } from "./scripted-http2-server.ts"
import { StallingProxy } from "./stalling-proxy.ts"

/** The law for every implementation of the request port on HTTP/2. */
export function http2ClientContract(name: string, openClient: OpenClient): void {
  const open = (origin: string, options?: Partial<ClientOptions>) =>
    new ClientHarness(openClient, origin, options)

  describe(`${name}: requests and answers`, () => {
    it("sends method, path with the variable, headers and body of a path template", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      const request = await server.requests.next()
      expect(request.headers).toMatchObject({
        ":method": "POST",
        ":scheme": "https",
        ":authority": new URL(server.origin).host,
        ":path": "/3/device/token1",
        authorization: "bearer secret",
        "apns-topic": "com.example.app",
      })
      expect(Reflect.get(request.headers, sensitiveHeaders)).toEqual(["authorization"])
      expect(request.body).toBe(`{"aps":{}}`)
      await harness.clock.advance(120)
      request.respond(200, { "apns-id": "the-id" })
      expect(await harness.sink.result(ticket as number)).toMatchObject({
        kind: "answered",
        status: 200,
        apnsId: "the-id",
        body: "",
        isComplete: true,
        elapsedMs: 120,
      })
    })

    it("puts the variable between the parts of a body template", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const template: RequestTemplate = {
        kind: "body",
        headers: [{ name: "content-type", value: "application/json" }],
        path: "/send",
        bodyStart: Buffer.from(`{"text":"ä","token":"`),
        bodyEnd: Buffer.from(`"}`),
      }
      await harness.ready()
      harness.submit(2, template)
      const requests = await server.requests.take(2)
      expect(requests.map((request) => request.headers[":path"])).toEqual(["/send", "/send"])
      expect(requests.map((request) => request.body)).toEqual([
        `{"text":"ä","token":"token1"}`,
        `{"text":"ä","token":"token2"}`,
      ])
    })

    it("hands over status and body of an error", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      ;(await server.requests.next()).respond(400, {}, `{"reason":"BadDeviceToken"}`)
      expect(await harness.sink.result(ticket as number)).toMatchObject({
        status: 400,
        body: `{"reason":"BadDeviceToken"}`,
        isComplete: true,
      })
    })

    it("assigns answers that come out of order to their tickets", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready(20)
      const tickets = harness.submit(20)
      const requests = await server.requests.take(20)
      for (const request of requests.toReversed())
        request.respond(200, { "apns-id": request.headers[":path"] })
      const results = await harness.results(tickets)
      expect(results.map((result) => result.kind === "answered" && result.apnsId)).toEqual(
        tickets.map((ticket) => `/3/device/token${ticket}`),
      )
    })

    it("cuts a body that is too long and frees its stream", async () => {
      await using server = await openHttp2Server({ maxConcurrentStreams: 1 })
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      ;(await server.requests.next()).respond(500, {}, "x".repeat(1_000_000))
      const result = await harness.sink.result(ticket as number)
      expect(result).toMatchObject({ status: 500, isComplete: false, body: "x".repeat(4096) })
      await harness.ready()
      const [next] = harness.submit()
      ;(await server.requests.next()).respond(200)
      expect(await harness.sink.result(next as number)).toMatchObject({ status: 200 })
    })

    it("survives headers without end", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      const flood = Object.fromEntries(
        Array.from({ length: 500 }, (_, index) => [`x-${index}`, "y".repeat(200)]),
      )
      const request = await server.requests.next()
      request.stream.on("frameError", () => {})
      request.respond(200, flood)
      expect(await harness.sink.result(ticket as number)).toMatchObject({
        kind: "unanswered",
        processed: "unknown",
      })
    })

    it("takes a status that comes before the request was read in full", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      // Larger than the window: the peer answers while the client still waits to send the rest.
      const template: RequestTemplate = {
        kind: "path",
        headers: [],
        pathPrefix: "/",
        body: Buffer.alloc(1_000_000),
      }
      const session = server.sessions[0]
      const arrived = new Promise<void>((resolve) =>
        session?.once("stream", (stream) => {
          stream.respond({ ":status": 413 }, { endStream: true })
          stream.close(constants.NGHTTP2_NO_ERROR)
          resolve()
        }),
      )
      const [ticket] = harness.submit(1, template)
      await arrived
      expect(await harness.sink.result(ticket as number)).toMatchObject({ kind: "answered", status: 413 })
    })
  })

  describe(`${name}: how many at once`, () => {
    it("has no room before the peer's settings have come", async () => {
      const sockets: Socket[] = []
      const mute = createTlsServer({ ...LOOPBACK_TLS, ALPNProtocols: ["h2"] }, (socket) => {
        sockets.push(socket)
        socket.on("error", () => {})
        socket.resume()
      })
      await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve))
      const connected = new Promise((resolve) => mute.once("secureConnection", resolve))
      await using harness = open(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`)
      expect(harness.client.room(1)).toBe(0)
      await connected
      expect(harness.client.room(1)).toBe(0)
      expect(harness.client.outage()).toBeUndefined()
      await harness.clock.advance(10_000)
      expect((await harness.outage()).reason).toBe("no connection: connect time-out")
      for (const socket of sockets) socket.destroy()
      mute.close()
    })

    it("stays within the stream limit of the peer, and within its own", async () => {
      await using server = await openHttp2Server({ maxConcurrentStreams: 3 })
      await using harness = open(server.origin)
      await harness.ready(3)
      expect(harness.client.room(10)).toBe(3)
      harness.submit(2)
      expect(harness.client.room(10)).toBe(1)
      await using small = open(server.origin, { streamsMax: 2 })
      await small.ready(2)
      expect(small.client.room(10)).toBe(2)
    })

    it("follows a stream limit that changes while requests are in flight", async () => {
      await using server = await openHttp2Server({ maxConcurrentStreams: 5 })
      await using harness = open(server.origin)
      await harness.ready(5)
      const tickets = harness.submit(3)
      const requests = await server.requests.take(3)
      const lowered = harness.sink.changes
      server.sessions[0]?.settings({ maxConcurrentStreams: 1 })
      await harness.sink.until(() => harness.sink.changes > lowered)
      expect(harness.client.room(10)).toBe(0)
      for (const request of requests) request.respond(200)
      await harness.results(tickets)
      expect(harness.client.room(10)).toBe(1)
      server.sessions[0]?.settings({ maxConcurrentStreams: 0 })
      await harness.sink.until(() => harness.client.room(10) === 0)
      server.sessions[0]?.settings({ maxConcurrentStreams: 50 })
      await harness.ready(50)
    })

    it("probes with one request until the first one has succeeded", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin, { probesFirst: true, connectionsMax: 3 })
      await harness.ready()
      expect(harness.client.room(10)).toBe(1)
      const [refused] = harness.submit()
      expect(harness.client.room(10)).toBe(0)
      ;(await server.requests.next()).respond(403)
      await harness.sink.result(refused as number)
      expect(harness.client.room(10)).toBe(1)
      const [accepted] = harness.submit()
      ;(await server.requests.next()).respond(200)
      await harness.sink.result(accepted as number)
      expect(harness.client.room(10)).toBe(10)
      expect(server.connections).toBe(1)
    })

    it("opens a further connection when all are full, up to its limit", async () => {
      await using server = await openHttp2Server({ maxConcurrentStreams: 2 })
      await using harness = open(server.origin, { connectionsMax: 3 })
      for (let connection = 1; connection <= 3; connection += 1) {
        await harness.ready(2)
        harness.submit(2)
        await server.requests.take(2)
        expect(server.connections).toBe(connection)
      }
      expect(harness.client.room(1)).toBe(0)
      expect(harness.client.room(1)).toBe(0)
      expect(server.connections).toBe(3)
    })
  })

  describe(`${name}: answers that do not come`, () => {
    it("knows that a refused stream was not processed", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const [result] = await outcomesOf(harness, server, 1, ([request]) =>
        request?.reset(constants.NGHTTP2_REFUSED_STREAM),
      )
      expect(result).toEqual({ kind: "unanswered", processed: "not_processed", reason: "REFUSED_STREAM" })
    })

    it("does not know what became of a stream that was reset", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const [result] = await outcomesOf(harness, server, 1, ([request]) =>
        request?.reset(constants.NGHTTP2_INTERNAL_ERROR),
      )
      expect(result).toMatchObject({ kind: "unanswered", processed: "unknown" })
    })

    it("knows after GOAWAY that later streams were not processed, and still takes the answers of earlier ones", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const results = await outcomesOf(harness, server, 4, (requests, session) => {
        session.goaway(constants.NGHTTP2_NO_ERROR, requests[1]?.stream.id)
        requests[0]?.respond(200)
        requests[1]?.respond(200)
      })
      expect(
        results.map((result) => (result.kind === "answered" ? result.status : result.processed)),
      ).toEqual([200, 200, "not_processed", "not_processed"])
    })

    it("tells the streams that a GOAWAY with an error names from those that it does not", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const results = await outcomesOf(harness, server, 4, (requests, session) => {
        session.goaway(
          constants.NGHTTP2_ENHANCE_YOUR_CALM,
          requests[1]?.stream.id,
          Buffer.from(`{"reason":"x"}`),
        )
      })
      expect(results.map((result) => result.kind === "unanswered" && result.processed)).toEqual([
        "unknown",
        "unknown",
        "not_processed",
        "not_processed",
      ])
    })

    it("takes a GOAWAY with the code of a refused stream for what it is", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const [result] = await outcomesOf(harness, server, 1, ([request], session) => {
        session.goaway(constants.NGHTTP2_REFUSED_STREAM, request?.stream.id)
      })
      expect(result).toMatchObject({ kind: "unanswered", processed: "unknown" })
    })

    it("opens a new connection after GOAWAY, at most one a second", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await outcomesOf(harness, server, 1, ([request], session) => {
        request?.respond(200)
        session.goaway(constants.NGHTTP2_NO_ERROR, request?.stream.id)
      })
      const outage = await harness.outage()
      expect(outage.afterMs).toBeLessThanOrEqual(1000)
      await harness.clock.advance(outage.afterMs)
      await harness.ready()
      expect(server.connections).toBe(2)
    })

    it("does not hang when the peer closes without a word", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const results = await outcomesOf(harness, server, 3, () => {
        for (const socket of server.sockets) socket.end()
      })
      for (const result of results) expect(result).toMatchObject({ kind: "unanswered", processed: "unknown" })
    })

    it("does not know what became of requests on a connection that was reset", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const results = await outcomesOf(harness, server, 3, () => {
        for (const socket of server.sockets) socket.destroy()
      })
      for (const result of results) expect(result).toMatchObject({ kind: "unanswered", processed: "unknown" })
    })

    it("keeps the status of an answer whose body broke off", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      const [result] = await outcomesOf(harness, server, 1, ([request]) => {
        request?.stream.respond({ ":status": 404 })
        request?.stream.write(`{"err`, () => {
          for (const socket of server.sockets) socket.destroy()
        })
      })
      expect(result).toMatchObject({ kind: "answered", status: 404, isComplete: false })
    })

    it("gives a request up after its time and keeps the connection", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [slow] = harness.submit()
      const request = await server.requests.next()
      const reset = new Promise((resolve) =>
        request.stream.once("close", () => resolve(request.stream.rstCode)),
      )
      for (let second = 0; second < 15; second += 1) await harness.clock.advance(1000)
      expect(await harness.sink.result(slow as number)).toEqual({
        kind: "unanswered",
        processed: "unknown",
        reason: "request time-out",
      })
      expect(await reset).toBe(constants.NGHTTP2_CANCEL)
      await harness.ready()
      const [next] = harness.submit()
      ;(await server.requests.next()).respond(200)
      expect(await harness.sink.result(next as number)).toMatchObject({ status: 200, connection: 1 })
    })

    it("keeps the status of an answer that is too slow to end", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      const request = await server.requests.next()
      request.stream.respond({ ":status": 503 })
      request.stream.write("trickle")
      const headersArrived = new Promise<void>((resolve) => request.session.ping(() => resolve()))
      await headersArrived
      await harness.clock.advance(15_000)
      expect(await harness.sink.result(ticket as number)).toMatchObject({ status: 503, isComplete: false })
    })
  })

  describe(`${name}: the state of the connection`, () => {
    it("finds out that a peer has become a black hole, and leaves it for a new connection", async () => {
      await using server = await openHttp2Server()
      await using proxy = await new StallingProxy(server.origin).listen()
      await using harness = open(proxy.origin, { timings: { requestMs: 30_000 } })
      await harness.ready()
      const [first] = harness.submit()
      ;(await server.requests.next()).respond(200)
      await harness.sink.result(first as number)
      const [lost] = harness.submit()
      await server.requests.next()
      proxy.stall()
      for (let second = 0; second < 6; second += 1) await harness.clock.advance(1000)
      expect(harness.client.room(1)).toBe(0)
      for (let second = 0; second < 6; second += 1) await harness.clock.advance(1000)
      expect(await harness.sink.result(lost as number)).toEqual({
        kind: "unanswered",
        processed: "unknown",
        reason: "ping time-out",
      })
      await harness.ready()
      expect(server.connections).toBe(2)
    })

    it("pings an idle connection and keeps it while the peer answers", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      for (let second = 0; second < 60; second += 1) await harness.clock.advance(1000)
      await server.pings.next()
      await harness.ready()
      expect(server.connections).toBe(1)
    })

    it("reports an outage while nothing listens, and waits longer after each failure, up to a minute", async () => {
      const origin = await unusedOrigin()
      await using harness = open(origin)
      const pauses: number[] = []
      for (let attempt = 0; attempt < 9; attempt += 1) {
        expect(harness.client.room(1)).toBe(0)
        const outage = await harness.outage()
        expect(outage.reason).toBe("no connection: ECONNREFUSED")
        pauses.push(outage.afterMs)
        const changes = harness.sink.changes
        for (let left = outage.afterMs; left > 0; left -= 30_000)
          await harness.clock.advance(Math.min(left, 30_000))
        expect(harness.sink.changes).toBeGreaterThan(changes)
        expect(harness.client.outage()).toBeUndefined()
      }
      for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(1000)
      for (const pause of pauses) expect(pause).toBeLessThanOrEqual(60_000)
      expect(Math.max(...pauses)).toBeGreaterThan(8_000)
    })

    it("does not talk to a peer whose certificate is for another name, or from another authority", async () => {
      await using server = await openHttp2Server()
      const port = new URL(server.origin).port
      await using otherName = open(`https://127.0.0.2:${port}`)
      otherName.client.room(1)
      expect((await otherName.outage()).reason).toMatch(
        /no connection: (ERR_TLS_CERT_ALTNAME_INVALID|ECONNREFUSED)/,
      )
      await using otherAuthority = new ClientHarness(openClient, `https://localhost:${port}`, {
        ca: OTHER_AUTHORITY,
      })
      otherAuthority.client.room(1)
      expect((await otherAuthority.outage()).reason).toMatch(
        /no connection: (SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/,
      )
      expect(server.requests.count).toBe(0)
    })

    it("survives a peer that does not speak HTTP/2", async () => {
      const server = createTlsServer({ ...LOOPBACK_TLS, ALPNProtocols: ["h2"] }, (socket) => {
        socket.on("error", () => {})
        socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      await using harness = open(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
      harness.client.room(1)
      expect((await harness.outage()).reason).toMatch(/^no connection: /)
      server.close()
    })

    it("puts nothing more on a retired connection, and closes it after its last answer", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [old] = harness.submit()
      const request = await server.requests.next()
      harness.client.retire("all")
      await harness.ready()
      const [young] = harness.submit()
      ;(await server.requests.next()).respond(200)
      const ended = new Promise((resolve) => request.session.once("close", resolve))
      request.respond(200)
      expect(await harness.sink.result(old as number)).toMatchObject({ status: 200, connection: 1 })
      expect(await harness.sink.result(young as number)).toMatchObject({ status: 200, connection: 2 })
      await ended
    })

    it("retires one connection by the number that its answers carry", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [first] = harness.submit()
      ;(await server.requests.next()).respond(200)
      const answer = await harness.sink.result(first as number)
      harness.client.retire(answer.kind === "answered" ? answer.connection : 0)
      await harness.clock.advance(1000)
      await harness.ready()
      harness.submit()
      expect((await server.requests.next()).connection).toBe(2)
    })
  })

  describe(`${name}: closing`, () => {
    it("waits for the answers that are due", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready(3)
      const tickets = harness.submit(3)
      const requests = await server.requests.take(3)
      const closed = harness.client.close(new AbortController().signal)
      expect(harness.client.room(1)).toBe(0)
      for (const request of requests) request.respond(200)
      await closed
      for (const result of await harness.results(tickets)) expect(result).toMatchObject({ status: 200 })
    })

    it("settles what is unanswered when it must not wait any longer", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready(3)
      const tickets = harness.submit(3)
      await server.requests.take(3)
      const abort = new AbortController()
      const closed = harness.client.close(abort.signal)
      abort.abort()
      await closed
      for (const result of await harness.results(tickets)) {
        expect(result).toMatchObject({ processed: "unknown", reason: "closed before the answer" })
      }
    })

    it("closes at once when nothing was ever sent", async () => {
      await using harness = open(await unusedOrigin())
      await harness.client.close(new AbortController().signal)
      expect(harness.client.room(1)).toBe(0)
    })
  })
}

/** Submits requests, lets the test deal with them when all have arrived, and waits for what became of them. */
async function outcomesOf(
  harness: ClientHarness,
  server: ScriptedHttp2Server,
  count: number,
  deal: (requests: ArrivedRequest[], session: ArrivedRequest["session"]) => void,
) {
  await harness.ready(count)
  const tickets = harness.submit(count)
  const requests = await server.requests.take(count)
  deal(requests, requests[0]?.session as ArrivedRequest["session"])
  return harness.results(tickets)
}

async function unusedOrigin(): Promise<string> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `https://127.0.0.1:${port}`
}
