import type { RequestTemplate } from "./client.ts"
import type { WaitingBody } from "./framed-exchange.ts"
import { FLAG, FRAME, FRAME_HEADER_BYTES, WINDOW_INITIAL, WINDOW_MAX, writeFrameHeader } from "./frames.ts"
import type { HpackEncoder } from "./hpack-encoder.ts"
import { integer, PATH_LITERAL } from "./hpack-encoder.ts"
import type { Outbox } from "./outbox.ts"
import type { PeerSettings } from "./peer-settings.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"

/** A request as bytes but for what differs from push to push. */
interface Stencil {
  /** That of the encoder, while the bytes are right. */
  readonly version: number
  /** The header block before and after the literal with the path; all of it before where the path is the same for all. */
  readonly blockStart: Buffer
  readonly blockEnd: Buffer
  /** Everything before the variable, from the frame header of HEADERS on, and everything after it. */
  readonly start: Buffer
  readonly end: Buffer
  /** Of the whole request without the variable, at most. */
  readonly bytesMax: number
}

/** HEADERS with a path that varies are followed by its length, which takes this much at most. */
const LENGTH_BYTES_MAX = 5

/** Writes requests: by copying bytes that were made once per template where the peer's limits let all of it out at once. */
export class RequestWriter {
  readonly #outbox: Outbox
  readonly #encoder: HpackEncoder
  readonly #peer: PeerSettings
  readonly #scheme: string
  readonly #authority: string
  readonly #stencils = new WeakMap<RequestTemplate, Stencil>()
  /** What the peer takes of all streams together. */
  #window = WINDOW_INITIAL

  constructor(
    outbox: Outbox,
    encoder: HpackEncoder,
    peer: PeerSettings,
    url: { readonly scheme: string; readonly authority: string },
  ) {
    this.#outbox = outbox
    this.#encoder = encoder
    this.#peer = peer
    this.#scheme = url.scheme
    this.#authority = url.authority
  }

  /** The peer takes no more bodies at the moment. */
  get isBlocked(): boolean {
    return this.#window <= 0
  }

  widen(bytes: number): void {
    this.#window += bytes
    if (this.#window > WINDOW_MAX) throw new ProtocolFault(ERROR.flowControl, "the window is too large")
  }

  /** Returns the body if not all of it could be written; see `continue`. */
  write(template: RequestTemplate, variable: string, stream: number): WaitingBody | undefined {
    const stencil = this.#stencil(template)
    const bodyBytes = bodyLength(template, variable)
    const { initialWindowSize, maxFrameSize } = this.#peer
    const isSmall =
      bodyBytes > 0 &&
      bodyBytes <= Math.min(this.#window, initialWindowSize, maxFrameSize) &&
      stencil.bytesMax + variable.length <= maxFrameSize
    if (!isSmall) return this.#writeInParts(template, variable, stream, stencil)
    this.#window -= bodyBytes
    if (template.kind === "path") this.#writePathKind(template, stencil, variable, stream)
    else this.#writeBodyKind(template, stencil, variable, stream)
    return undefined
  }

  /** Writes as much of the body as the windows allow. True: that was the rest. */
  continue(stream: number, body: WaitingBody): boolean {
    for (;;) {
      const rest = body.bytes.length - body.sent
      const length = Math.min(rest, this.#window, body.window, this.#peer.maxFrameSize)
      if (length < 0 || (length === 0 && rest > 0)) return false
      this.#window -= length
      body.window -= length
      const flags = length === rest ? FLAG.endStream : 0
      this.#writeFrame(FRAME.data, flags, stream, body.bytes.subarray(body.sent, body.sent + length))
      body.sent += length
      if (length === rest) return true
    }
  }

  #writePathKind(
    template: RequestTemplate & { kind: "path" },
    stencil: Stencil,
    variable: string,
    stream: number,
  ): void {
    const { start, end } = stencil
    const { pathPrefix, body } = template
    const into = this.#outbox.reserve(stencil.bytesMax + variable.length)
    const from = this.#outbox.start
    start.copy(into, from)
    let at = writeLength(into, from + start.length, pathPrefix.length + variable.length)
    at += into.write(pathPrefix + variable, at, "latin1")
    end.copy(into, at)
    at += end.length
    const dataAt = at - body.length - FRAME_HEADER_BYTES
    into.writeUIntBE(dataAt - from - FRAME_HEADER_BYTES, from, 3)
    into.writeUInt32BE(stream, from + 5)
    into.writeUInt32BE(stream, dataAt + 5)
    this.#outbox.commit(at - from)
  }

  #writeBodyKind(
    template: RequestTemplate & { kind: "body" },
    stencil: Stencil,
    variable: string,
    stream: number,
  ): void {
    const { start, end } = stencil
    const into = this.#outbox.reserve(stencil.bytesMax + variable.length)
    const from = this.#outbox.start
    start.copy(into, from)
    let at = from + start.length
    const dataAt = at - template.bodyStart.length - FRAME_HEADER_BYTES
    at += into.write(variable, at, "latin1")
    end.copy(into, at)
    at += end.length
    into.writeUInt32BE(stream, from + 5)
    into.writeUIntBE(at - dataAt - FRAME_HEADER_BYTES, dataAt, 3)
    into.writeUInt32BE(stream, dataAt + 5)
    this.#outbox.commit(at - from)
  }

  /** What is too large for a frame, or for what the peer takes now. */
  #writeInParts(
    template: RequestTemplate,
    variable: string,
    stream: number,
    stencil: Stencil,
  ): WaitingBody | undefined {
    const bytes = bodyOf(template, variable)
    const block = blockOf(template, variable, stencil)
    const { maxFrameSize, initialWindowSize } = this.#peer
    const streamEnd = bytes.length === 0 ? FLAG.endStream : 0
    for (let at = 0; at === 0 || at < block.length; at += maxFrameSize) {
      const type = at === 0 ? FRAME.headers : FRAME.continuation
      const isLast = at + maxFrameSize >= block.length
      const flags = (at === 0 ? streamEnd : 0) | (isLast ? FLAG.endHeaders : 0)
      this.#writeFrame(type, flags, stream, block.subarray(at, at + maxFrameSize))
    }
    if (bytes.length === 0) return undefined
    const body: WaitingBody = { bytes, sent: 0, window: initialWindowSize }
    return this.continue(stream, body) ? undefined : body
  }

  #writeFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    const into = this.#outbox.reserve(FRAME_HEADER_BYTES + payload.length)
    const at = this.#outbox.start
    writeFrameHeader(into, at, { length: payload.length, type, flags, stream })
    payload.copy(into, at + FRAME_HEADER_BYTES)
    this.#outbox.commit(FRAME_HEADER_BYTES + payload.length)
  }

  #stencil(template: RequestTemplate): Stencil {
    const known = this.#stencils.get(template)
    if (known?.version === this.#encoder.version) return known
    const before = this.#encoder.version
    const stencil = this.#newStencil(template)
    // What has changed the table is right this one time only.
    if (this.#encoder.version === before) this.#stencils.set(template, stencil)
    return stencil
  }

  #newStencil(template: RequestTemplate): Stencil {
    const pseudo = [
      { name: ":method", value: "POST" },
      { name: ":scheme", value: this.#scheme },
      { name: ":authority", value: this.#authority },
    ]
    if (template.kind === "path") {
      const blockStart = Buffer.concat([this.#encoder.encode(pseudo), PATH_LITERAL])
      const blockEnd = this.#encoder.encode(template.headers)
      const start = Buffer.concat([frameHeader(FRAME.headers, FLAG.endHeaders, 0), blockStart])
      const end = Buffer.concat([
        blockEnd,
        frameHeader(FRAME.data, FLAG.endStream, template.body.length),
        template.body,
      ])
      const bytesMax = start.length + LENGTH_BYTES_MAX + template.pathPrefix.length + end.length
      return { version: this.#encoder.version, blockStart, blockEnd, start, end, bytesMax }
    }
    const blockStart = this.#encoder.encode([
      ...pseudo,
      { name: ":path", value: template.path },
      ...template.headers,
    ])
    const start = Buffer.concat([
      frameHeader(FRAME.headers, FLAG.endHeaders, blockStart.length),
      blockStart,
      frameHeader(FRAME.data, FLAG.endStream, 0),
      template.bodyStart,
    ])
    const end = template.bodyEnd
    const bytesMax = start.length + end.length
    return { version: this.#encoder.version, blockStart, blockEnd: NOTHING, start, end, bytesMax }
  }
}

const NOTHING = Buffer.alloc(0)

function frameHeader(type: number, flags: number, length: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES)
  writeFrameHeader(header, 0, { length, type, flags, stream: 0 })
  return header
}

/** The length of a string that is not Huffman-coded (RFC 7541, 5.2); returns where the string begins. */
function writeLength(into: Buffer, at: number, length: number): number {
  if (length < 0x7f) {
    into[at] = length
    return at + 1
  }
  const bytes = integer(0, 7, length)
  return at + bytes.copy(into, at)
}

function bodyLength(template: RequestTemplate, variable: string): number {
  if (template.kind === "path") return template.body.length
  return template.bodyStart.length + variable.length + template.bodyEnd.length
}

function bodyOf(template: RequestTemplate, variable: string): Buffer {
  if (template.kind === "path") return template.body
  return Buffer.concat([template.bodyStart, Buffer.from(variable, "latin1"), template.bodyEnd])
}

function blockOf(template: RequestTemplate, variable: string, { blockStart, blockEnd }: Stencil): Buffer {
  if (template.kind === "body") return blockStart
  const path = Buffer.from(template.pathPrefix + variable, "latin1")
  return Buffer.concat([blockStart, integer(0, 7, path.length), path, blockEnd])
}
