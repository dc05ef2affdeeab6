import type { Socket } from "node:net"

const BUFFER_BYTES = 65_536
const SPARE_BUFFERS_MAX = 8

/** Gathers what is to be written, so that the requests of a turn of the event loop go out in few writes. */
export class Outbox {
  readonly #socket: Socket
  readonly #spare: Buffer[] = []
  #buffer: Buffer
  #used = 0
  #isFlushDue = false
  #isClosed = false

  constructor(socket: Socket) {
    this.#socket = socket
    this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  }

  /** Bytes that the peer, or the way to it, has not taken yet. */
  get waiting(): number {
    return this.#used + this.#socket.writableLength
  }

  /** The buffer to write into, from `start`, with room for that many bytes; follow with `commit`. */
  reserve(bytes: number): Buffer {
    if (this.#buffer.length - this.#used < bytes) {
      this.flush()
      if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes)
    }
    return this.#buffer
  }

  get start(): number {
    return this.#used
  }

  commit(bytes: number): void {
    this.#used += bytes
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    queueMicrotask(() => {
      this.#isFlushDue = false
      this.flush()
    })
  }

  write(bytes: Buffer): void {
    bytes.copy(this.reserve(bytes.length), this.#used)
    this.commit(bytes.length)
  }

  flush(): void {
    if (this.#used === 0) return
    const buffer = this.#buffer
    const bytes = buffer.subarray(0, this.#used)
    this.#used = 0
    this.#buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
    if (this.#isClosed) return
    this.#socket.write(bytes, () => {
      if (buffer.length === BUFFER_BYTES && this.#spare.length < SPARE_BUFFERS_MAX) this.#spare.push(buffer)
    })
  }

  /** Nothing is written any more. */
  close(): void {
    this.flush()
    this.#isClosed = true
  }
}
