import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { Arrivals } from "./arrivals.ts"

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

export interface RawFrame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** A frame of whatever kind, right or wrong. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const body = Buffer.from(payload as string, "latin1")
  const header = Buffer.alloc(9)
  header.writeUIntBE(body.length, 0, 3)
  header[3] = type
  header[4] = flags
  header.writeUInt32BE(stream, 5)
  return Buffer.concat([header, body])
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}

/** A SETTINGS frame of pairs of an identifier and a value. */
export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  const payload = pairs.map(([setting, value]) => Buffer.concat([Buffer.of(0, setting), uint32(value)]))
  return frame(4, 0, 0, Buffer.concat(payload))
}

/** `:status: 200` and the end of the stream. */
export const ok = (stream: number) => frame(1, 0x5, stream, "\x88")

/** A peer without TLS that says, byte by byte, what the test wants it to say. */
export class RawPeer implements AsyncDisposable {
  readonly frames = new Arrivals<RawFrame>()
  readonly sockets: Socket[] = []
  readonly #server: Server
  readonly #greeting: Buffer
  readonly #waiting: (() => void)[] = []

  /** The greeting is sent to every connection. */
  constructor(greeting: Buffer) {
    this.#greeting = greeting
    this.#server = createServer((socket) => this.#accept(socket))
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  listen(): Promise<this> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(this)))
  }

  /** To the latest connection. */
  send(...bytes: readonly Buffer[]): void {
    this.sockets.at(-1)?.write(Buffer.concat(bytes))
  }

  /** The next frame of that type. */
  async next(type: number): Promise<RawFrame> {
    for (;;) {
      const arrived = await this.frames.next()
      if (arrived.type === type) return arrived
    }
  }

  async connected(): Promise<void> {
    if (this.sockets.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    let rest = Buffer.alloc(0)
    let isGreeted = false
    this.sockets.push(socket)
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk])
      if (!isGreeted && rest.length >= PREFACE.length) {
        isGreeted = true
        if (rest.toString("latin1", 0, PREFACE.length) !== PREFACE) throw new Error("no preface")
        rest = rest.subarray(PREFACE.length)
      }
      while (isGreeted && rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
        const end = 9 + rest.readUIntBE(0, 3)
        const [type, flags] = [rest[3] as number, rest[4] as number]
        this.frames.add({ type, flags, stream: rest.readUInt32BE(5), payload: rest.subarray(9, end) })
        rest = rest.subarray(end)
      }
    })
    if (this.#greeting.length > 0) socket.write(this.#greeting)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

export function openRawPeer(greeting: Buffer = settings()): Promise<RawPeer> {
  return new RawPeer(greeting).listen()
}
