import type { AddressInfo } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { describe, expect, it } from "vitest"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { ClientHarness } from "./client-harness.ts"
import {
  CONTINUATION,
  DATA,
  GOAWAY,
  HEADERS,
  open,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from "./framed-setup.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"
import { frame, ok, openRawPeer, settings, uint32 } from "./raw-peer.ts"

describe("Frames of our own: the end of a connection", () => {
  it("takes a second GOAWAY with a lower stream for the more exact one", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    const tickets = harness.submit(3)
    await peer.next(DATA)
    peer.send(frame(GOAWAY, 0, 0, uint32(2 ** 31 - 1, 0)))
    await harness.outage()
    expect(harness.sink.settled.size).toBe(0)
    peer.send(frame(GOAWAY, 0, 0, uint32(3, 0)), ok(1), ok(3))
    const results = await harness.results(tickets)
    expect(results.map((each) => (each.kind === "answered" ? each.status : each.processed))).toEqual([
      200,
      200,
      "not_processed",
    ])
  })

  it("says goodbye when it is closed", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    await harness.client.close(new AbortController().signal)
    expect(await peer.next(GOAWAY)).toMatchObject({ stream: 0, payload: uint32(0, 0) })
  })

  const headersWithoutEnd = Buffer.concat([
    frame(HEADERS, 0, 1, "\x88"),
    ...Array.from({ length: 40 }, () => frame(CONTINUATION, 0, 1, "")),
  ])

  it.each([
    ["PROTOCOL_ERROR", 1, "DATA without a stream", frame(DATA, 0, 0, "x")],
    ["PROTOCOL_ERROR", 1, "HEADERS without a stream", frame(HEADERS, 0x4, 0, "\x88")],
    ["PROTOCOL_ERROR", 1, "RST_STREAM without a stream", frame(RST_STREAM, 0, 0, uint32(0))],
    ["PROTOCOL_ERROR", 1, "SETTINGS on a stream", frame(SETTINGS, 0, 1)],
    ["PROTOCOL_ERROR", 1, "a promised push", frame(5, 0x4, 1, uint32(2))],
    ["PROTOCOL_ERROR", 1, "a stream of the peer's", frame(HEADERS, 0x5, 2, "\x88")],
    ["PROTOCOL_ERROR", 1, "a stream that we did not open", ok(7)],
    ["PROTOCOL_ERROR", 1, "CONTINUATION without HEADERS", frame(CONTINUATION, 0x4, 1, "\x88")],
    [
      "PROTOCOL_ERROR",
      1,
      "a frame within a header block",
      Buffer.concat([frame(HEADERS, 0, 1), frame(PING, 0, 0, "12345678")]),
    ],
    [
      "PROTOCOL_ERROR",
      1,
      "CONTINUATION of another stream",
      Buffer.concat([frame(HEADERS, 0, 1), frame(CONTINUATION, 4, 3)]),
    ],
    ["PROTOCOL_ERROR", 1, "more padding than frame", frame(DATA, 0x8, 1, "\x05abc")],
    ["PROTOCOL_ERROR", 1, "a connection window widened by nothing", frame(WINDOW_UPDATE, 0, 0, uint32(0))],
    ["PROTOCOL_ERROR", 1, "a server that enables pushes", settings([2, 1])],
    ["PROTOCOL_ERROR", 1, "a frame size below the least", settings([5, 100])],
    ["PROTOCOL_ERROR", 1, "a frame size above the largest", settings([5, 2 ** 24])],
    ["FLOW_CONTROL_ERROR", 3, "an initial window that is too large", settings([4, 2 ** 31])],
    [
      "FLOW_CONTROL_ERROR",
      3,
      "a connection window that is too large",
      frame(WINDOW_UPDATE, 0, 0, uint32(2 ** 31 - 1)),
    ],
    ["FRAME_SIZE_ERROR", 6, "SETTINGS that are cut off", frame(SETTINGS, 0, 0, "12345")],
    ["FRAME_SIZE_ERROR", 6, "SETTINGS ACK with content", frame(SETTINGS, 1, 0, "123456")],
    ["FRAME_SIZE_ERROR", 6, "a short PING", frame(PING, 0, 0, "1234567")],
    ["FRAME_SIZE_ERROR", 6, "a short GOAWAY", frame(GOAWAY, 0, 0, "1234567")],
    ["FRAME_SIZE_ERROR", 6, "a short RST_STREAM", frame(RST_STREAM, 0, 1, "123")],
    ["FRAME_SIZE_ERROR", 6, "a long WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 1, "12345")],
    ["FRAME_SIZE_ERROR", 6, "a padded frame without padding", frame(DATA, 0x8, 1)],
    ["FRAME_SIZE_ERROR", 6, "a priority that is cut off", frame(HEADERS, 0x24, 1, "1234")],
    ["FRAME_SIZE_ERROR", 6, "a frame that is too long", Buffer.from("004001000000000001", "hex")],
    ["COMPRESSION_ERROR", 9, "a header block that cannot be decoded", frame(HEADERS, 0x5, 1, "\x88\xff")],
    [
      "COMPRESSION_ERROR",
      9,
      "the same for a stream that is settled",
      Buffer.concat([ok(1), frame(HEADERS, 0x5, 1, "\xff")]),
    ],
    ["ENHANCE_YOUR_CALM", 11, "a header block without end", headersWithoutEnd],
  ])(
    "ends with %s (%i) after %s, and nobody knows what became of the requests",
    async (_, code, _what, bytes) => {
      await using peer = await openRawPeer()
      await using harness = open(peer)
      await harness.ready()
      const tickets = harness.submit(2)
      await peer.next(DATA)
      peer.send(bytes)
      const results = await harness.results(tickets)
      expect(results[1]).toMatchObject({
        processed: "unknown",
        reason: expect.stringMatching(/^protocol error: /),
      })
      const { payload } = await peer.next(GOAWAY)
      expect(payload.readUInt32BE(4)).toBe(code)
      const outage = await harness.outage()
      await harness.clock.advance(outage.afterMs)
      await harness.ready()
      expect(peer.sockets.length).toBe(2)
    },
  )

  it("comes at once when the peer does not begin with settings", async () => {
    await using peer = await openRawPeer(frame(PING, 0, 0, "12345678"))
    await using harness = open(peer)
    harness.client.room(1)
    expect((await harness.outage()).reason).toBe(
      "no connection: protocol error: no SETTINGS at the beginning",
    )
  })

  it("comes when a peer asks and asks and does not read the answers", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    peer.sockets[0]?.pause()
    const pings = Buffer.concat(Array.from({ length: 10_000 }, () => frame(PING, 0, 0, "12345678")))
    const lost = harness.outage()
    // Several times what the client bears and the system buffers: should it bear more, this fails instead of filling memory.
    let left = 600
    // A write to a connection that was reset calls back at once, before the socket counts as destroyed.
    const flood = (error?: Error | null) => {
      if (left-- > 0 && !error) peer.sockets[0]?.write(pings, flood)
    }
    flood()
    expect((await lost).reason).toBe("no connection: protocol error: the peer does not read")
  })

  it.each([
    ["another protocol", ["http/1.1"]],
    ["none", undefined],
  ])("comes at once when TLS agrees on %s", async (_, protocols) => {
    const options = { ...LOOPBACK_TLS, ...(protocols === undefined ? {} : { ALPNProtocols: protocols }) }
    let bytes = 0
    const server = createTlsServer(options, (socket) => {
      socket.on("error", () => {})
      socket.on("data", (chunk) => {
        bytes += chunk.length
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await using harness = new ClientHarness(openFramedClient, origin)
    harness.client.room(1)
    expect((await harness.outage()).reason).toMatch(
      /no connection: (no HTTP\/2|EPROTO|ERR_SSL_.*NO_APPLICATION_PROTOCOL)/,
    )
    server.close()
    expect(bytes).toBeLessThan(200)
  })
})
