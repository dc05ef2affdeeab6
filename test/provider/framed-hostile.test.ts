import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { ClientHarness } from "./client-harness.ts"
import { frame, ok, openRawPeer, settings, uint32 } from "./raw-peer.ts"

/** Mostly frames that are nearly right, because those get furthest. */
const stream = fc.oneof(
  fc.constantFrom(0, 1, 3, 5, 7, 9),
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
)
const flags = fc.oneof(fc.constantFrom(0, 0x1, 0x4, 0x5, 0xc, 0xd, 0x28, 0x2d), fc.nat(255))
const block = fc.oneof(
  fc.constantFrom("\x88", "\x8d", "\x08\x03100", "\x88\x40\x01a\x01b", "\xbe", "\x20", "\x3f\xe1\x1f\x88"),
  fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 }),
)
const number = fc.oneof(fc.constantFrom(0, 1, 2, 16_384, 65_535, 2 ** 31 - 1, 2 ** 32 - 1), fc.nat(2 ** 31))
const payload = fc.oneof(
  block,
  fc.array(number, { maxLength: 3 }).map((numbers) => uint32(...numbers)),
  fc.string({ maxLength: 20 }),
  fc.integer({ min: 0, max: 17_000 }).map((length) => Buffer.alloc(length, "x")),
)
const nearFrame = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.nat(10) }, { weight: 1, arbitrary: fc.nat(255) }),
    flags,
    stream,
    payload,
  )
  .map(([type, bits, id, content]) => frame(type, bits, id, content))
const setting = fc.array(fc.tuple(fc.nat(7), number), { maxLength: 4 }).map((pairs) => settings(...pairs))
const piece = fc.oneof(
  { weight: 6, arbitrary: nearFrame },
  { weight: 2, arbitrary: setting },
  { weight: 3, arbitrary: fc.constantFrom(ok(1), ok(3), ok(5), frame(6, 0, 0, "12345678"), frame(4, 1, 0)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
)
const greeting = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(settings(), settings([4, 10]), settings([1, 0], [3, 5])) },
  { weight: 1, arbitrary: setting },
  { weight: 1, arbitrary: piece },
)

describe("A hostile peer", () => {
  it("makes nothing throw and nothing hang: every request is settled once, and the client closes", async () => {
    await fc.assert(
      fc.asyncProperty(
        greeting,
        fc.array(fc.tuple(piece, fc.nat(3)), { maxLength: 12 }),
        fc.boolean(),
        async (hello, pieces, ends) => {
          await using peer = await openRawPeer(hello)
          await using harness = new ClientHarness(openFramedClient, peer.origin, { answerHeaders: ["a"] })
          harness.client.room(1)
          await peer.connected()
          await turn()
          const tickets: number[] = []
          for (const [bytes, wanted] of pieces) {
            const room = harness.client.room(wanted)
            if (room > 0) tickets.push(...harness.submit(room))
            peer.send(bytes)
            await turn()
          }
          if (ends) peer.sockets.at(-1)?.end()
          await turn()
          for (let second = 0; second < 40; second += 1) await harness.clock.advance(1_000)
          await harness.client.close(AbortSignal.abort())
          // The recording sink throws when a ticket is settled twice.
          expect([...harness.sink.settled.keys()].sort()).toEqual([...tickets].sort())
          for (const result of harness.sink.settled.values()) {
            if (result.kind === "answered") expect(result.body.length).toBeLessThanOrEqual(4_096)
            else expect(result.reason.length).toBeLessThan(80)
          }
        },
      ),
      { numRuns: Number(process.env["BELFRY_TEST_FUZZ"] ?? 400) },
    )
  })
})

const turn = () => new Promise((resolve) => setImmediate(resolve))
