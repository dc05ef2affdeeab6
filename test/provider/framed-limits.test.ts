import { describe, expect, it } from "vitest"
import { framedClient } from "../../src/provider/http2/framed-client.ts"
import { HpackDecoder } from "../../src/provider/http2/hpack-decoder.ts"
import { ClientHarness } from "./client-harness.ts"
import {
  bodyFrames,
  bodyTemplate,
  CONTINUATION,
  DATA,
  HEADERS,
  joined,
  open,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from "./framed-setup.ts"
import { frame, ok, openRawPeer, type RawPeer, settings, uint32 } from "./raw-peer.ts"

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
