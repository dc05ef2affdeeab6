import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { FrameReader } from "../../src/provider/http2/frame-reader.ts"
import { frame } from "./raw-peer.ts"

interface Seen {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: string
}

function read(chunks: readonly Buffer[]): Seen[] {
  const seen: Seen[] = []
  const reader = new FrameReader({
    frame(type, flags, stream, bytes, start, end) {
      seen.push({ type, flags, stream, payload: bytes.toString("hex", start, end) })
      return true
    },
  })
  for (const chunk of chunks) {
    // The socket's buffer is not ours to keep.
    const own = Buffer.from(chunk)
    reader.push(own)
    own.fill(0xff)
  }
  return seen
}

const length = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.constantFrom(0, 1, 255, 256, 16_383, 16_384),
  fc.integer({ min: 0, max: 16_384 }),
)
const anyFrame = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  flags: fc.integer({ min: 0, max: 255 }),
  stream: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  payload: length.map((bytes) => Buffer.alloc(bytes, "payload")),
})

describe("Frames", () => {
  it("are the same however the bytes arrive", () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 6 }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 20_000 })), {
          minLength: 1,
        }),
        (frames, sizes) => {
          const bytes = Buffer.concat(
            frames.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload)),
          )
          const chunks: Buffer[] = []
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = Math.max(sizes[turn % sizes.length] ?? 1, turn >= sizes.length ? 1 : 0)
            chunks.push(bytes.subarray(at, at + size))
            at += size
          }
          const expected = frames.map(({ payload, ...rest }) => ({
            ...rest,
            payload: payload.toString("hex"),
          }))
          expect(read(chunks)).toEqual(expected)
        },
      ),
    )
  })

  it("ignore the reserved bit before the stream's number", () => {
    const bytes = frame(3, 0, 5)
    bytes[5] = 0x80
    expect(read([bytes])).toEqual([{ type: 3, flags: 0, stream: 5, payload: "" }])
  })

  it("that are too long are refused as soon as their header is there, in one piece or in two", () => {
    const header = Buffer.from("004001000000000001", "hex")
    expect(() => read([header])).toThrow("a frame is too long")
    expect(() => read([header.subarray(0, 2), header.subarray(2)])).toThrow("a frame is too long")
  })

  it("stop when no more are wanted", () => {
    let frames = 0
    const reader = new FrameReader({
      frame() {
        frames += 1
        return false
      },
    })
    reader.push(Buffer.concat([frame(0, 0, 1), frame(0, 0, 1)]))
    reader.push(frame(0, 0, 1))
    expect(frames).toBe(1)
  })
})
