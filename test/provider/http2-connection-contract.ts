import type { AddressInfo } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { describe, expect, it } from "vitest"
import type { ClientOptions, OpenClient } from "../../src/provider/http2/client.ts"
import { ClientHarness } from "./client-harness.ts"
import { LOOPBACK_TLS, OTHER_AUTHORITY } from "./loopback-tls.ts"
import { openHttp2Server } from "./scripted-http2-server.ts"
import { StallingProxy } from "./stalling-proxy.ts"
import { UNUSED_ORIGIN } from "./unused-origin.ts"

/** Connections: black holes, outages, retirement, closing. */
export function connectionContract(name: string, openClient: OpenClient): void {
  const open = (origin: string, options?: Partial<ClientOptions>) =>
    new ClientHarness(openClient, origin, options)

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
      const origin = UNUSED_ORIGIN
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
      await using harness = open(UNUSED_ORIGIN)
      await harness.client.close(new AbortController().signal)
      expect(harness.client.room(1)).toBe(0)
    })
  })
}
