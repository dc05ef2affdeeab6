import { FRAME_BYTES_MAX, FRAME_HEADER_BYTES } from "./frames.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"

export interface FrameSink {
  /**
   * A complete frame; its payload stands in `bytes` from `start` to `end`, and only during the call. False: no more
   * frames are wanted.
   */
  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): boolean
}

/** Cuts what arrives, in whatever pieces, into frames; a frame within one piece is not copied. */
export class FrameReader {
  readonly #sink: FrameSink
  #held: Buffer = NOTHING
  #heldBytes = 0
  #isOpen = true

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Throws a ProtocolFault: of a frame that is too long, or of the sink. */
  push(chunk: Buffer): void {
    let at = 0
    if (this.#heldBytes > 0) at = this.#complete(chunk)
    while (this.#isOpen && chunk.length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + payloadLength(chunk, at)
      if (end > chunk.length) break
      this.#deliver(chunk, at, end)
      at = end
    }
    if (this.#isOpen && at < chunk.length) this.#hold(chunk, at, chunk.length)
  }

  /** Completes the frame of which the beginning is held, as far as possible; returns how much of the chunk it took. */
  #complete(chunk: Buffer): number {
    const ofHeader = Math.max(0, FRAME_HEADER_BYTES - this.#heldBytes)
    let at = Math.min(ofHeader, chunk.length)
    if (at > 0) this.#hold(chunk, 0, at)
    if (this.#heldBytes < FRAME_HEADER_BYTES) return at
    const length = FRAME_HEADER_BYTES + payloadLength(this.#held, 0)
    const more = Math.min(length - this.#heldBytes, chunk.length - at)
    this.#hold(chunk, at, at + more)
    at += more
    if (this.#heldBytes < length) return at
    this.#heldBytes = 0
    this.#deliver(this.#held, 0, length)
    return at
  }

  #hold(chunk: Buffer, start: number, end: number): void {
    if (this.#held === NOTHING) this.#held = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + FRAME_BYTES_MAX)
    chunk.copy(this.#held, this.#heldBytes, start, end)
    this.#heldBytes += end - start
  }

  #deliver(bytes: Buffer, at: number, end: number): void {
    const stream =
      (((bytes[at + 5] as number) & 0x7f) << 24) |
      ((bytes[at + 6] as number) << 16) |
      ((bytes[at + 7] as number) << 8) |
      (bytes[at + 8] as number)
    const type = bytes[at + 3] as number
    const flags = bytes[at + 4] as number
    this.#isOpen = this.#sink.frame(type, flags, stream, bytes, at + FRAME_HEADER_BYTES, end)
  }
}

const NOTHING = Buffer.alloc(0)

function payloadLength(bytes: Buffer, at: number): number {
  const length = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
  if (length > FRAME_BYTES_MAX) throw new ProtocolFault(ERROR.frameSize, "a frame is too long")
  return length
}
