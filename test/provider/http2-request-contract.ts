import { constants, createServer as createPlainServer, sensitiveHeaders } from "node:http2"
import type { AddressInfo, Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { describe, expect, it } from "vitest"
import type { ClientOptions, OpenClient, RequestTemplate } from "../../src/provider/http2/client.ts"
import { ClientHarness } from "./client-harness.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"
import { openHttp2Server } from "./scripted-http2-server.ts"

/** Requests, answers, and how many at once. */
export function requestContract(name: string, openClient: OpenClient): void {
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

    it("speaks without TLS where the origin says so", async () => {
      const server = createPlainServer()
      server.on("stream", (stream, headers) => {
        stream.respond({ ":status": 200, "apns-id": String(headers[":scheme"]) }, { endStream: true })
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const harness = open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      await harness.ready()
      const [ticket] = harness.submit()
      expect(await harness.sink.result(ticket as number)).toMatchObject({ status: 200, apnsId: "http" })
      await harness.client.close(AbortSignal.abort())
      await new Promise((resolve) => server.close(resolve))
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
      expect(harness.client.room(10)).toBe(2)
      server.sessions[0]?.settings({ maxConcurrentStreams: 1 })
      await harness.sink.until(() => harness.client.room(10) === 0)
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

    it("opens a further connection when one has fewer free streams than are wanted", async () => {
      await using server = await openHttp2Server({ maxConcurrentStreams: 4 })
      await using harness = open(server.origin, { connectionsMax: 2 })
      await harness.ready(2)
      expect(server.connections).toBe(1)
      harness.submit(2)
      await server.requests.take(2)
      expect(harness.client.room(2)).toBe(2)
      expect(server.connections).toBe(1)
      expect(harness.client.room(3)).toBe(2)
      await harness.ready(3)
      expect(server.connections).toBe(2)
    })
  })
}
