import { constants } from "node:http2"
import { describe, expect, it } from "vitest"
import type { ClientOptions, OpenClient } from "../../src/provider/http2/client.ts"
import { ClientHarness } from "./client-harness.ts"
import { outcomesOf } from "./http2-outcomes.ts"
import { openHttp2Server } from "./scripted-http2-server.ts"

/** What is known when no answer comes. */
export function silenceContract(name: string, openClient: OpenClient): void {
  const open = (origin: string, options?: Partial<ClientOptions>) =>
    new ClientHarness(openClient, origin, options)

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
        // An error is an answer, too: the peer is there.
        request?.respond(404)
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

    it("takes the answers that came while the process stood still", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready()
      const [ticket] = harness.submit()
      const request = await server.requests.next()
      harness.clock.standStill(60_000)
      await harness.clock.advance(0)
      request.respond(200)
      expect(await harness.sink.result(ticket as number)).toMatchObject({ kind: "answered", status: 200 })
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

    it("gives requests up on a connection that the peer is closing, too", async () => {
      await using server = await openHttp2Server()
      await using harness = open(server.origin)
      await harness.ready(2)
      const tickets = harness.submit(2)
      const requests = await server.requests.take(2)
      const lost = harness.sink.changes
      requests[0]?.session.goaway(constants.NGHTTP2_NO_ERROR, requests[1]?.stream.id)
      await harness.sink.until(() => harness.sink.changes > lost)
      await harness.clock.advance(15_000)
      const late = { kind: "unanswered", processed: "unknown", reason: "request time-out" }
      expect(await harness.results(tickets)).toEqual([late, late])
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
}
