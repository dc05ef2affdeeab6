import type { AddressInfo } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ClientOptions, RequestTemplate } from "../../src/provider/http2/client.ts"
import { framedClient, openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { HpackDecoder } from "../../src/provider/http2/hpack-decoder.ts"
import { ClientHarness } from "./client-harness.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"
import { frame, ok, openRawPeer, type RawFrame, type RawPeer, settings, uint32 } from "./raw-peer.ts"

/** Frame types of RFC 9113, 6. */
const DATA = 0
const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const PING = 6
const GOAWAY = 7
const WINDOW_UPDATE = 8
const CONTINUATION = 9

const open = (peer: RawPeer, options: Partial<ClientOptions> = {}) =>
  new ClientHarness(openFramedClient, peer.origin, options)

const bodyTemplate = (bytes: number): RequestTemplate & { kind: "path" } => ({
  kind: "path",
  headers: [],
  pathPrefix: "/",
  body: Buffer.from(Array.from({ length: bytes }, (_, index) => index % 251)),
})

/** The parts of a body as they come, until its end. */
async function bodyFrames(peer: RawPeer): Promise<RawFrame[]> {
  const parts: RawFrame[] = []
  do parts.push(await peer.next(DATA))
  while (((parts.at(-1) as RawFrame).flags & 1) === 0)
  return parts
}

const joined = (parts: readonly RawFrame[]) => Buffer.concat(parts.map(({ payload }) => payload))

describe("Frames of our own: what the peer allows", () => {
  it("acknowledges settings and answers pings with what they carry", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    expect(await peer.next(SETTINGS)).toMatchObject({ flags: 0 })
    expect(await peer.next(SETTINGS)).toMatchObject({ flags: 1, payload: Buffer.alloc(0) })
    peer.send(frame(PING, 0, 0, "12345678"))
    expect(await peer.next(PING)).toMatchObject({ flags: 1, stream: 0, payload: Buffer.from("12345678") })
  })

  it("follows a stream limit that goes from 1 to 100 to 0", async () => {
    await using peer = await openRawPeer(settings([3, 1]))
    await using harness = open(peer)
    await harness.ready()
    expect(harness.client.room(1_000)).toBe(1)
    peer.send(settings([3, 100]))
    await harness.ready(100)
    expect(harness.client.room(1_000)).toBe(100)
    const tickets = harness.submit(60)
    peer.send(settings([3, 0]))
    await harness.sink.until(() => harness.client.room(1_000) === 0)
    peer.send(...tickets.map((_, index) => ok(2 * index + 1)))
    for (const result of await harness.results(tickets)) expect(result).toMatchObject({ status: 200 })
    expect(harness.client.room(1_000)).toBe(0)
  })

  it("sends a body in pieces as the window of its stream opens, and meanwhile the bodies of others", async () => {
    await using peer = await openRawPeer(settings([4, 10]))
    await using harness = open(peer)
    await harness.ready()
    const [large] = harness.submit(1, bodyTemplate(25))
    const [small] = harness.submit(1, bodyTemplate(7))
    const [first, other] = await Promise.all([peer.next(DATA), peer.next(DATA)])
    expect(first).toMatchObject({ stream: 1, flags: 0, payload: bodyTemplate(25).body.subarray(0, 10) })
    expect(other).toMatchObject({ stream: 3, flags: 1, payload: bodyTemplate(7).body })
    peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(3)), frame(WINDOW_UPDATE, 0, 1, uint32(500)))
    expect(Buffer.concat([first.payload, joined(await bodyFrames(peer))])).toEqual(bodyTemplate(25).body)
    peer.send(ok(1), ok(3))
    for (const result of await harness.results([large as number, small as number]))
      expect(result).toMatchObject({ status: 200, isComplete: true })
  })

  it("bears a window that settings make negative, and one that they open", async () => {
    await using peer = await openRawPeer(settings([4, 10]))
    await using harness = open(peer)
    await harness.ready()
    harness.submit(1, bodyTemplate(25))
    expect((await peer.next(DATA)).payload.length).toBe(10)
    // 10 are sent, so 4 - 10 = -6 are left; after 10 more 4, after the larger window 15.
    peer.send(settings([4, 4]), frame(WINDOW_UPDATE, 0, 1, uint32(10)))
    expect((await peer.next(DATA)).payload.length).toBe(4)
    peer.send(settings([4, 15]))
    expect(joined(await bodyFrames(peer)).length).toBe(11)
  })

  it("has no room while the window of the connection is used up", async () => {
    await using peer = await openRawPeer(settings([4, 1_000_000]))
    await using harness = open(peer)
    await harness.ready()
    harness.submit(1, bodyTemplate(100_000))
    let sent = 0
    while (sent < 65_535) sent += (await peer.next(DATA)).payload.length
    expect(sent).toBe(65_535)
    expect(harness.client.room(1)).toBe(0)
    const changes = harness.sink.changes
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(40_000)))
    await harness.sink.until(() => harness.sink.changes > changes)
    expect(harness.client.room(1)).toBe(1)
    expect(sent + joined(await bodyFrames(peer)).length).toBe(100_000)
  })

  it("counts small bodies against the window of the connection, too", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    harness.submit(60, bodyTemplate(1_000))
    harness.submit(10, bodyTemplate(1_000))
    peer.send(frame(PING, 0, 0, "complete"))
    let sent = 0
    for (let last = -1; last !== PING; ) {
      const { type, payload } = await peer.frames.next()
      if (type === DATA) sent += payload.length
      last = type
    }
    expect(sent).toBe(65_535)
  })

  it("fills the frames of a peer that takes large ones", async () => {
    await using peer = await openRawPeer(settings([4, 1_000_000], [5, 200_000]))
    await using harness = open(peer)
    await harness.ready()
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(1_000_000)), frame(PING, 0, 0, "complete"))
    await peer.next(PING)
    harness.submit(1, bodyTemplate(150_000))
    expect((await peer.next(DATA)).payload).toEqual(bodyTemplate(150_000).body)
  })

  it("writes paths of every length", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    const decoder = new HpackDecoder([])
    for (const length of [1, 50, 124, 125, 126, 127, 128, 253, 254, 255, 256, 400]) {
      const variable = "v".repeat(length)
      harness.client.submit(bodyTemplate(1), [variable], [length])
      const { payload } = await peer.next(HEADERS)
      const paths: string[] = []
      decoder.decode(payload, 0, payload.length, {
        field: ({ name, value }) => name === ":path" && paths.push(value),
      })
      expect(paths).toEqual([`/${variable}`])
    }
  })

  it("sends nothing more of a request whose stream was reset", async () => {
    await using peer = await openRawPeer(settings([4, 10]))
    await using harness = open(peer)
    await harness.ready()
    const [ticket] = harness.submit(1, bodyTemplate(25))
    await peer.next(DATA)
    peer.send(frame(RST_STREAM, 0, 1, uint32(8)))
    await harness.sink.result(ticket as number)
    peer.send(settings([4, 100]), frame(PING, 0, 0, "complete"))
    const types: number[] = []
    while (types.at(-1) !== PING) types.push((await peer.frames.next()).type)
    expect(types).not.toContain(DATA)
  })

  it("does not go on with a request that was answered before its end", async () => {
    await using peer = await openRawPeer(settings([4, 10]))
    await using harness = open(peer)
    await harness.ready()
    const [ticket] = harness.submit(1, bodyTemplate(25))
    await peer.next(DATA)
    peer.send(ok(1))
    expect(await harness.sink.result(ticket as number)).toMatchObject({ status: 200, isComplete: true })
    expect(await peer.next(RST_STREAM)).toMatchObject({ stream: 1, payload: uint32(8) })
  })

  it("refuses a window that settings make too large", async () => {
    await using peer = await openRawPeer(settings([4, 1_000_000]))
    await using harness = open(peer)
    await harness.ready()
    const [ticket] = harness.submit(1, bodyTemplate(100_000))
    peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(2 ** 31 - 1 - 1_000_000 + 65_535)), settings([4, 1_000_001]))
    expect(await harness.sink.result(ticket as number)).toMatchObject({
      reason: "protocol error: the window is too large",
    })
  })

  it("keeps to the frame size of the peer, with bodies and with header blocks", async () => {
    await using peer = await openRawPeer(settings([4, 1_000_000]))
    await using harness = open(peer)
    await harness.ready()
    const template = {
      ...bodyTemplate(40_000),
      headers: [{ name: "x-long", value: "v".repeat(40_000) }],
    }
    harness.submit(1, template)
    const block = [await peer.next(HEADERS), await peer.next(CONTINUATION), await peer.next(CONTINUATION)]
    expect(block.map(({ flags }) => flags)).toEqual([0, 0, 4])
    for (const { payload } of block) expect(payload.length).toBeLessThanOrEqual(16_384)
    const fields = new Map<string, string>()
    const bytes = joined(block)
    new HpackDecoder([]).decode(bytes, 0, bytes.length, {
      field: (field) => fields.set(field.name, field.value),
    })
    expect(fields.get(":path")).toBe("/token1")
    expect(fields.get("x-long")).toBe("v".repeat(40_000))
    const body = await bodyFrames(peer)
    expect(body.map(({ payload }) => payload.length)).toEqual([16_384, 16_384, 7_232])
    expect(joined(body)).toEqual(template.body)
  })

  it("sends a request without a body in one frame", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    harness.submit(1, bodyTemplate(0))
    expect(await peer.next(HEADERS)).toMatchObject({ stream: 1, flags: 5 })
  })

  it("announces a smaller and again a larger table before it uses it", async () => {
    await using peer = await openRawPeer(settings([1, 0], [1, 100]))
    await using harness = open(peer)
    await harness.ready()
    harness.submit(1)
    const { payload } = await peer.next(HEADERS)
    expect(payload.subarray(0, 3)).toEqual(Buffer.of(0x20, 0x3f, 100 - 31))
  })

  it("ends a connection in time before the numbers of its streams run out", async () => {
    await using peer = await openRawPeer()
    await using harness = new ClientHarness(framedClient(5), peer.origin)
    await harness.ready()
    const tickets = harness.submit(3)
    expect(
      (await peer.frames.take(9)).filter(({ type }) => type === HEADERS).map((each) => each.stream),
    ).toEqual([1, 3, 5])
    await harness.ready()
    expect(peer.sockets.length).toBe(2)
    const [next] = harness.submit(1)
    peer.sockets[0]?.write(Buffer.concat([ok(1), ok(3), ok(5)]))
    peer.send(ok(1))
    const results = await harness.results([...tickets, next as number])
    expect(results.map((result) => result.kind === "answered" && result.connection)).toEqual([1, 1, 1, 2])
  })

  /** Fills all buffers on the way to a peer that does not read; returns the tickets. */
  const stuff = async (peer: RawPeer, harness: ClientHarness) => {
    await harness.ready()
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(2 ** 30)), frame(PING, 0, 0, "complete"))
    await peer.next(PING)
    peer.sockets[0]?.pause()
    const tickets: number[] = []
    while (harness.client.room(1) > 0 && tickets.length < 500) {
      tickets.push(...harness.submit(1, bodyTemplate(100_000)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(tickets.length).toBeGreaterThan(5)
    expect(tickets.length).toBeLessThan(500)
    return tickets
  }

  it("loses no time when such a peer hangs up", async () => {
    await using peer = await openRawPeer(settings([4, 2 ** 31 - 1]))
    await using harness = open(peer)
    const tickets = await stuff(peer, harness)
    peer.sockets[0]?.end()
    for (const result of await harness.results(tickets))
      expect(result).toMatchObject({ processed: "unknown" })
  })

  it("does not wait for such a peer when it is closed after a fault", async () => {
    await using peer = await openRawPeer(settings([4, 2 ** 31 - 1]))
    await using harness = open(peer)
    const tickets = await stuff(peer, harness)
    peer.send(frame(DATA, 0, 0))
    await harness.results(tickets)
    const closed = harness.client.close(new AbortController().signal)
    for (let second = 0; second < 6; second += 1) await harness.clock.advance(1_000)
    await closed
  })

  it("gives nothing more to a peer that does not read, and goes on when it does", async () => {
    await using peer = await openRawPeer(settings([4, 2 ** 31 - 1]))
    await using harness = open(peer)
    await stuff(peer, harness)
    const changes = harness.sink.changes
    peer.sockets[0]?.resume()
    await harness.sink.until(() => harness.sink.changes > changes && harness.client.room(1) > 0)
  })
})

/** What an answer may look like within the rules. */
describe("Frames of our own: answers", () => {
  const answerTo = async (...bytes: readonly Buffer[]) => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    const [ticket] = harness.submit(1)
    await peer.next(DATA)
    peer.send(...bytes)
    return await harness.sink.result(ticket as number)
  }
  const status = (code: string, more = "") => `\x08\x03${code}${more}`
  const literal = (name: string, value: string) =>
    `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`

  it("may be padded, carry a priority and come in pieces, each however small", async () => {
    const block = Buffer.from(status("404", literal("apns-id", "the-id")), "latin1")
    const cuts = fc.array(fc.integer({ min: 0, max: block.length }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.nat(255), fc.nat(255), async (at, headerPadding, dataPadding) => {
        const bounds = [0, ...at.toSorted((a, b) => a - b), block.length]
        const pieces = bounds.slice(1).map((end, index) => block.subarray(bounds[index], end))
        const first = Buffer.concat([
          Buffer.of(headerPadding),
          uint32(0),
          Buffer.of(16),
          pieces[0] as Buffer,
          Buffer.alloc(headerPadding),
        ])
        const endsAt = (index: number) => (index === pieces.length - 1 ? 0x4 : 0)
        const result = await answerTo(
          frame(HEADERS, 0x28 | endsAt(0), 1, first),
          ...pieces.slice(1).map((piece, index) => frame(CONTINUATION, endsAt(index + 1), 1, piece)),
          frame(
            DATA,
            0x8,
            1,
            Buffer.concat([Buffer.of(dataPadding), Buffer.from("re"), Buffer.alloc(dataPadding)]),
          ),
          frame(DATA, 0, 1, ""),
          frame(DATA, 0x1, 1, "ason"),
        )
        expect(result).toMatchObject({ status: 404, apnsId: "the-id", body: "reason", isComplete: true })
      }),
      { numRuns: 30 },
    )
  })

  it("may come after interim answers and end with trailers", async () => {
    expect(
      await answerTo(
        frame(HEADERS, 0x4, 1, status("100")),
        frame(HEADERS, 0x4, 1, status("103")),
        frame(HEADERS, 0x4, 1, "\x88"),
        frame(DATA, 0, 1, "body"),
        frame(HEADERS, 0x5, 1, literal("x-checked", "yes")),
      ),
    ).toMatchObject({ status: 200, body: "body", isComplete: true })
  })

  it("are incomplete when the body is not as long as announced", async () => {
    const length = literal("content-length", "5")
    const cut = await answerTo(frame(HEADERS, 0x4, 1, `\x88${length}`), frame(DATA, 1, 1, "1234"))
    expect(cut).toMatchObject({ status: 200, isComplete: false })
    const whole = await answerTo(frame(HEADERS, 0x4, 1, `\x88${length}`), frame(DATA, 1, 1, "12345"))
    expect(whole).toMatchObject({ status: 200, isComplete: true })
  })

  it("are cut at 4096 bytes, however the body comes", async () => {
    const part = (text: string) => frame(DATA, 0, 1, text.repeat(2_000))
    const result = await answerTo(frame(HEADERS, 0x4, 1, "\x88"), part("a"), part("b"), part("c"), part("d"))
    const body = "a".repeat(2_000) + "b".repeat(2_000) + "c".repeat(96)
    expect(result).toMatchObject({ status: 200, isComplete: false, body })
  })

  it("are the same when every frame comes in two pieces", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    const [ticket] = harness.submit(1)
    await peer.next(DATA)
    const frames = [frame(HEADERS, 4, 1, "\x88"), frame(DATA, 0, 1, "first "), frame(DATA, 0, 1, "second")]
    for (const each of [...frames, frame(DATA, 1, 1, "")]) {
      for (const piece of [each.subarray(0, 12), each.subarray(12)]) {
        peer.send(piece)
        for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(await harness.sink.result(ticket as number)).toMatchObject({
      body: "first second",
      isComplete: true,
    })
  })

  it("keep their status when the stream is reset in the midst of the body", async () => {
    const refused = frame(RST_STREAM, 0, 1, uint32(7))
    expect(await answerTo(frame(HEADERS, 0x4, 1, "\x8d"), refused)).toMatchObject({
      kind: "answered",
      status: 404,
      isComplete: false,
    })
  })

  const bomb = frame(HEADERS, 0x5, 1, `\x88\x40\x01a\x7f\x81\x17${"v".repeat(3_072)}${"\xbe".repeat(20)}`)

  it.each([
    ["no status", frame(HEADERS, 0x5, 1, literal("x-a", "b")), "malformed headers"],
    ["two", frame(HEADERS, 0x5, 1, "\x88\x88"), "malformed headers"],
    ["one that is none", frame(HEADERS, 0x5, 1, status("2xx")), "malformed headers"],
    ["one after other fields", frame(HEADERS, 0x5, 1, `${literal("x-a", "b")}\x88`), "malformed headers"],
    ["a name in upper case", frame(HEADERS, 0x5, 1, `\x88${literal("X-A", "b")}`), "malformed headers"],
    ["more headers than we take, out of few bytes", bomb, "the headers are too large"],
    ["an interim answer as the last", frame(HEADERS, 0x5, 1, status("100")), "malformed headers"],
    ["a body before its headers", frame(DATA, 0x1, 1, "body"), "a body without headers"],
    ["a window widened by nothing", frame(WINDOW_UPDATE, 0, 1, uint32(0)), "a window is widened by nothing"],
  ])("cost only their stream when they have %s", async (_, bytes, reason) => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    const [bad, good] = harness.submit(2)
    await peer.next(DATA)
    peer.send(bytes, ok(3))
    expect(await harness.sink.result(bad as number)).toEqual({
      kind: "unanswered",
      processed: "unknown",
      reason,
    })
    expect(await harness.sink.result(good as number)).toMatchObject({ status: 200 })
    expect(await peer.next(RST_STREAM)).toMatchObject({ stream: 1, payload: uint32(1) })
  })

  it("may be larger than all windows together: what was read is given back", async () => {
    await using peer = await openRawPeer()
    await using harness = open(peer)
    await harness.ready()
    for (let round = 0; round < 40; round += 1) {
      const tickets = harness.submit(20)
      const body = "x".repeat(3_840)
      for (let index = 0; index < 20; index += 1) {
        const stream = 40 * round + 2 * index + 1
        const padded = `\xff${body}${"\0".repeat(255)}`
        peer.send(frame(HEADERS, 0x4, stream, "\x88"), frame(DATA, 0x9, stream, padded))
      }
      for (const result of await harness.results(tickets))
        expect(result).toMatchObject({ body, isComplete: true })
    }
    peer.send(frame(PING, 0, 0, "complete"))
    let returned = 0
    for (let last = -1; last !== PING; ) {
      const { type, stream, payload } = await peer.frames.next()
      if (type === WINDOW_UPDATE && stream === 0) returned += payload.readUInt32BE()
      last = type
    }
    // 3.2 MB came; 65 535 bytes were open from the start, and half a window may be on its way back.
    expect(65_535 + returned - 40 * 20 * 4_096).toBeGreaterThan(2 ** 19 - 1)
    expect(65_535 + returned - 40 * 20 * 4_096).toBeLessThanOrEqual(2 ** 20)
  })
})

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
    const flood = () => {
      if (peer.sockets[0]?.destroyed === false) peer.sockets[0].write(pings, flood)
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
