import { Duplex } from "node:stream"
import type { TLSSocket } from "node:tls"

/**
 * Sits between the TLS socket and node:http2 and gives the simulator the last word on the frames. node:http2 enforces a
 * lowered stream limit with a connection error, answers every PING and drops all streams after its own GOAWAY; the
 * providers refuse single streams, may fall silent, and go on after a GOAWAY. Costs nothing measurable per push.
 */

const FRAME_HEADER_BYTES = 9
const SETTINGS_ENTRY_BYTES = 6
const TYPE_SETTINGS = 4
const TYPE_GOAWAY = 7
const FLAG_ACK = 1
const MAX_CONCURRENT_STREAMS = 3

export function goAwayFrame(code: number, lastStreamId: number, opaqueData: string): Buffer {
  const data = Buffer.from(opaqueData)
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + 8 + data.length)
  frame.writeUIntBE(8 + data.length, 0, 3)
  frame[3] = TYPE_GOAWAY
  frame.writeUInt32BE(lastStreamId, FRAME_HEADER_BYTES)
  frame.writeUInt32BE(code, FRAME_HEADER_BYTES + 4)
  data.copy(frame, FRAME_HEADER_BYTES + 8)
  return frame
}

export class FrameGate extends Duplex {
  readonly #socket: TLSSocket
  /** The stream limits to show, one for each SETTINGS frame that node:http2 is going to write. */
  readonly #streamLimits: number[]
  #injected: Buffer[] = []
  /** The start of a frame whose header (or, for SETTINGS, whose whole) has not been written yet. */
  #held: Buffer = Buffer.alloc(0)
  #payloadBytesLeft = 0
  #isSilent = false
  #writesUnderWay = 0
  #flushWaiters: (() => void)[] = []

  /** `streamLimit` is shown in the first SETTINGS frame. */
  constructor(socket: TLSSocket, streamLimit: number) {
    super({ allowHalfOpen: false })
    this.#socket = socket
    this.#streamLimits = [streamLimit]
    socket.on("data", (chunk: Buffer) => this.#receive(chunk))
    socket.on("end", () => this.#receiveEnd())
    socket.on("close", () => this.destroy())
    socket.on("error", (error) => this.destroy(error))
    // The session on top learns of errors by itself; this only keeps them from being uncaught when it is gone.
    this.on("error", () => {})
  }

  /** The limit that the next SETTINGS frame will show in place of node:http2's own. */
  showStreamLimit(limit: number): void {
    this.#streamLimits.push(limit)
  }

  /** Puts whole frames between those of node:http2. */
  inject(frame: Buffer): void {
    this.#injected.push(frame)
    this.#sendInjected()
  }

  /** Drops everything in both directions from now on; what has come in is read and thrown away. */
  fallSilent(): void {
    this.#isSilent = true
  }

  /** Sends FIN after what was written so far. */
  endSocket(): void {
    this.#isSilent = true
    this.#socket.end()
  }

  /** Calls back when nothing written so far is still on its way into the kernel. */
  afterWrites(callback: () => void): void {
    if (this.#writesUnderWay === 0) callback()
    else this.#flushWaiters.push(callback)
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(this.#edit(chunk), done)
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#send(this.#edit(Buffer.concat(chunks.map(({ chunk }) => chunk))), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#isSilent) this.#socket.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isSilent) this.#socket.destroy()
    done(error)
  }

  #receive(chunk: Buffer): void {
    if (!this.#isSilent && !this.push(chunk)) this.#socket.pause()
  }

  #receiveEnd(): void {
    if (!this.#isSilent && !this.destroyed) this.push(null)
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    const isDropped = this.#isSilent || this.#socket.destroyed || bytes.length === 0
    const hasRoom = isDropped || this.#writeOut(bytes)
    this.#sendInjected()
    if (hasRoom) done()
    else this.#socket.once("drain", done)
  }

  #writeOut(bytes: Buffer): boolean {
    this.#writesUnderWay += 1
    return this.#socket.write(bytes, () => {
      this.#writesUnderWay -= 1
      if (this.#writesUnderWay > 0) return
      const waiters = this.#flushWaiters
      this.#flushWaiters = []
      for (const waiter of waiters) waiter()
    })
  }

  #sendInjected(): void {
    const isBetweenFrames = this.#payloadBytesLeft === 0 && this.#held.length === 0
    if (this.#injected.length === 0 || !isBetweenFrames || this.#isSilent || this.#socket.destroyed) return
    const frames = this.#injected
    this.#injected = []
    this.#writeOut(Buffer.concat(frames))
  }

  /** Follows the frames in what node:http2 writes and changes the stream limits in them. */
  #edit(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = Buffer.alloc(0)
    let at = 0
    while (at < bytes.length) {
      if (this.#payloadBytesLeft > 0) {
        const part = Math.min(this.#payloadBytesLeft, bytes.length - at)
        this.#payloadBytesLeft -= part
        at += part
        continue
      }
      const size = this.#bytesOfFrameStart(bytes, at)
      if (bytes.length - at < size) {
        this.#held = bytes.subarray(at)
        return bytes.subarray(0, at)
      }
      at = this.#passFrameStart(bytes, at)
    }
    return bytes
  }

  #bytesOfFrameStart(bytes: Buffer, at: number): number {
    if (bytes.length - at < FRAME_HEADER_BYTES || !isSettings(bytes, at)) return FRAME_HEADER_BYTES
    return FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3)
  }

  #passFrameStart(bytes: Buffer, at: number): number {
    const length = bytes.readUIntBE(at, 3)
    const payload = at + FRAME_HEADER_BYTES
    if (!isSettings(bytes, at)) {
      this.#payloadBytesLeft = length
      return payload
    }
    const limit = this.#streamLimits.shift()
    for (let entry = payload; entry < payload + length; entry += SETTINGS_ENTRY_BYTES) {
      if (limit !== undefined && bytes.readUInt16BE(entry) === MAX_CONCURRENT_STREAMS) {
        bytes.writeUInt32BE(limit, entry + 2)
      }
    }
    return payload + length
  }
}

function isSettings(bytes: Buffer, at: number): boolean {
  return bytes[at + 3] === TYPE_SETTINGS && ((bytes[at + 4] ?? 0) & FLAG_ACK) === 0
}
