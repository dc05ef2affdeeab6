import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CONTINUATION, DATA, HEADERS, open, PING, RST_STREAM, WINDOW_UPDATE } from "./framed-setup.ts"
import { frame, ok, openRawPeer, uint32 } from "./raw-peer.ts"

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
