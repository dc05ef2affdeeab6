import type { AnswerHeaders } from "./answer-headers.ts"
import type { FrameSink } from "./frame-reader.ts"
import { FLAG, FRAME, PING_BYTES } from "./frames.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"

/** What the frames of the peer say; the syntax is checked, what it means is not. */
export interface PeerMessages {
  /** A complete header block, which `AnswerHeaders` has decoded. */
  headers(stream: number, isEnd: boolean): void
  /** `flowBytes` counts against the windows: the padding, too. */
  data(stream: number, isEnd: boolean, body: PayloadPart, flowBytes: number): void
  reset(stream: number, code: number): void
  settings(payload: PayloadPart): void
  ping(payload: Buffer, isAnswer: boolean): void
  goaway(lastStream: number, code: number, debug: string): void
  windowUpdate(stream: number, bytes: number): void
  /** False: it wants no more of them. */
  readonly isListening: boolean
}

/** Valid only during the call. */
export interface PayloadPart {
  bytes: Buffer
  start: number
  end: number
}

/** A header block in more frames than that is an attack. */
const CONTINUATIONS_MAX = 32
const DEBUG_BYTES_MAX = 200

/** Reads the frames of the peer by the letter of RFC 9113, 6. All methods throw a ProtocolFault. */
export class IncomingFrames implements FrameSink {
  readonly #messages: PeerMessages
  readonly #headers: AnswerHeaders
  readonly #blockBytesMax: number
  readonly #part: PayloadPart = { bytes: NOTHING, start: 0, end: 0 }
  #hasSettings = false
  /** A header block whose end is still to come. */
  #block:
    | { readonly stream: number; readonly isEnd: boolean; readonly parts: Buffer[]; bytes: number }
    | undefined

  constructor(messages: PeerMessages, headers: AnswerHeaders, blockBytesMax: number) {
    this.#messages = messages
    this.#headers = headers
    this.#blockBytesMax = blockBytesMax
  }

  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): boolean {
    this.#checkOrder(type, flags, stream)
    const part = this.#part
    part.bytes = bytes
    part.start = start
    part.end = end
    switch (type) {
      case FRAME.data:
        this.#data(flags, stream, part)
        break
      case FRAME.headers:
        this.#headerBlock(flags, stream, part)
        break
      case FRAME.continuation:
        this.#continuation(flags, part)
        break
      default:
        if (stream === 0) this.#connectionFrame(type, flags, part)
        else this.#streamFrame(type, stream, part)
    }
    return this.#messages.isListening
  }

  #checkOrder(type: number, flags: number, stream: number): void {
    if (!this.#hasSettings) {
      if (type !== FRAME.settings || flags & FLAG.ack) throw broken("no SETTINGS at the beginning")
      this.#hasSettings = true
    }
    const isExpected =
      this.#block === undefined || (type === FRAME.continuation && stream === this.#block.stream)
    if (!isExpected) throw broken("another frame within a header block")
  }

  #data(flags: number, stream: number, part: PayloadPart): void {
    if (stream === 0) throw broken("DATA without a stream")
    const flowBytes = part.end - part.start
    if (flags & FLAG.padded) stripPadding(part)
    this.#messages.data(stream, (flags & FLAG.endStream) !== 0, part, flowBytes)
  }

  #headerBlock(flags: number, stream: number, part: PayloadPart): void {
    if (stream === 0) throw broken("HEADERS without a stream")
    if (flags & FLAG.padded) stripPadding(part)
    if (flags & FLAG.priority) part.start += 5
    if (part.start > part.end) throw sized("HEADERS are cut off")
    const isEnd = (flags & FLAG.endStream) !== 0
    if (flags & FLAG.endHeaders) {
      this.#headers.decode(part.bytes, part.start, part.end)
      this.#messages.headers(stream, isEnd)
    } else {
      this.#block = { stream, isEnd, parts: [], bytes: 0 }
      this.#addToBlock(this.#block, part)
    }
  }

  #continuation(flags: number, part: PayloadPart): void {
    const block = this.#block
    if (block === undefined) throw broken("CONTINUATION without HEADERS")
    this.#addToBlock(block, part)
    if ((flags & FLAG.endHeaders) === 0) return
    this.#block = undefined
    this.#headers.decode(Buffer.concat(block.parts), 0, block.bytes)
    this.#messages.headers(block.stream, block.isEnd)
  }

  /** The limit is on what arrives, not on what it means: a table makes much of little (RFC 9113, 10.5.1). */
  #addToBlock(block: { readonly parts: Buffer[]; bytes: number }, part: PayloadPart): void {
    block.bytes += part.end - part.start
    const isFlood = block.bytes > this.#blockBytesMax || block.parts.length > CONTINUATIONS_MAX
    if (isFlood) throw new ProtocolFault(ERROR.enhanceYourCalm, "a header block without end")
    block.parts.push(Buffer.from(part.bytes.subarray(part.start, part.end)))
  }

  #connectionFrame(type: number, flags: number, part: PayloadPart): void {
    const { bytes, start, end } = part
    switch (type) {
      case FRAME.settings:
        if (flags & FLAG.ack) expectLength(part, 0, "SETTINGS ACK")
        else this.#messages.settings(part)
        break
      case FRAME.ping:
        expectLength(part, PING_BYTES, "PING")
        this.#messages.ping(bytes.subarray(start, end), (flags & FLAG.ack) !== 0)
        break
      case FRAME.goaway: {
        if (end - start < 8) throw sized("GOAWAY is cut off")
        const debug = bytes.toString("latin1", start + 8, Math.min(end, start + 8 + DEBUG_BYTES_MAX))
        this.#messages.goaway(uint31(bytes, start), bytes.readUInt32BE(start + 4), debug)
        break
      }
      case FRAME.windowUpdate:
        expectLength(part, 4, "WINDOW_UPDATE")
        this.#messages.windowUpdate(0, uint31(bytes, start))
        break
      default:
        if (type <= FRAME.continuation) throw broken(`a frame of type ${type} without a stream`)
    }
  }

  #streamFrame(type: number, stream: number, part: PayloadPart): void {
    const { bytes, start } = part
    switch (type) {
      case FRAME.rstStream:
        expectLength(part, 4, "RST_STREAM")
        this.#messages.reset(stream, bytes.readUInt32BE(start))
        break
      case FRAME.windowUpdate:
        expectLength(part, 4, "WINDOW_UPDATE")
        this.#messages.windowUpdate(stream, uint31(bytes, start))
        break
      case FRAME.priority:
        break
      default:
        // PUSH_PROMISE, which our settings forbid, among them; unknown types are to be ignored.
        if (type <= FRAME.continuation) throw broken(`a frame of type ${type} on a stream`)
    }
  }
}

const NOTHING = Buffer.alloc(0)

function broken(what: string): ProtocolFault {
  return new ProtocolFault(ERROR.protocol, what)
}

function sized(what: string): ProtocolFault {
  return new ProtocolFault(ERROR.frameSize, what)
}

function expectLength({ start, end }: PayloadPart, length: number, what: string): void {
  if (end - start !== length) throw sized(`${what} has a wrong length`)
}

function stripPadding(part: PayloadPart): void {
  if (part.start === part.end) throw sized("a padded frame without a length of the padding")
  const padding = part.bytes[part.start] as number
  part.start += 1
  if (padding > part.end - part.start) throw broken("more padding than frame")
  part.end -= padding
}

function uint31(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) & 0x7fff_ffff
}
