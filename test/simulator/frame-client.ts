import { once } from "node:events"
import { connect, type TLSSocket } from "node:tls"

/** A bare HTTP/2 client: sends what it is told, obeys nothing, and keeps every frame it gets. */

export const FRAME = {
  data: 0,
  headers: 1,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
} as const

const END_STREAM = 1
const END_HEADERS = 4
const ACK = 1
const MAX_CONCURRENT_STREAMS = 3

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly streamId: number
  readonly payload: Buffer
}

interface Waiter {
  readonly wants: (frame: Frame) => boolean
  readonly resolve: (frame: Frame) => void
  readonly reject: (error: Error) => void
}

export class FrameClient implements AsyncDisposable {
  readonly frames: Frame[] = []
  /** How the connection ended. */
  readonly ended: Promise<"fin" | "reset">
  readonly #socket: TLSSocket
  readonly #waiters: Waiter[] = []
  #rest: Buffer = Buffer.alloc(0)

  constructor(socket: TLSSocket) {
    this.#socket = socket
    let end: "fin" | "reset" = "fin"
    socket.on("error", () => {
      end = "reset"
    })
    this.ended = new Promise((resolve) => {
      socket.once("close", () => {
        for (const waiter of this.#waiters) waiter.reject(new Error(`the connection ended: ${end}`))
        resolve(end)
      })
    })
    socket.on("data", (chunk: Buffer) => this.#receive(chunk))
  }

  /** Connects and sends the preface and empty SETTINGS; acknowledges nothing by itself. */
  static async open(origin: string, ca: string): Promise<FrameClient> {
    const { hostname, port } = new URL(origin)
    const socket = connect({ host: hostname, port: Number(port), ca, ALPNProtocols: ["h2"] })
    await once(socket, "secureConnect")
    const client = new FrameClient(socket)
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    client.send(FRAME.settings, 0, 0, Buffer.alloc(0))
    return client
  }

  send(type: number, flags: number, streamId: number, payload: Buffer): void {
    const header = Buffer.alloc(9)
    header.writeUIntBE(payload.length, 0, 3)
    header[3] = type
    header[4] = flags
    header.writeUInt32BE(streamId, 5)
    this.#socket.write(Buffer.concat([header, payload]))
  }

  acknowledgeSettings(): void {
    this.send(FRAME.settings, ACK, 0, Buffer.alloc(0))
  }

  request(streamId: number, headers: Readonly<Record<string, string>>, body: string): void {
    const block = Buffer.concat(Object.entries(headers).map(([name, value]) => literal(name, value)))
    this.send(FRAME.headers, END_HEADERS, streamId, block)
    this.send(FRAME.data, END_STREAM, streamId, Buffer.from(body))
  }

  /** Sends everything that `act` sends in one piece. */
  together(act: () => void): void {
    this.#socket.cork()
    act()
    this.#socket.uncork()
  }

  /** The first frame that fits, past or future; rejects when the connection ends without one. */
  frame(type: number, fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    const wants = (frame: Frame) => frame.type === type && fits(frame)
    const known = this.frames.find(wants)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve, reject) => this.#waiters.push({ wants, resolve, reject }))
  }

  /** All stream limits announced so far. */
  streamLimits(): number[] {
    return this.frames.filter(({ type }) => type === FRAME.settings).flatMap(limitsIn)
  }

  /** Waits for SETTINGS with this stream limit. */
  async streamLimit(limit: number): Promise<void> {
    await this.frame(FRAME.settings, (frame) => limitsIn(frame).includes(limit))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    await this.ended
  }

  #receive(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk])
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const length = bytes.readUIntBE(0, 3)
      const frame = {
        type: bytes[3] ?? 0,
        flags: bytes[4] ?? 0,
        streamId: bytes.readUInt32BE(5) & 0x7fff_ffff,
        payload: bytes.subarray(9, 9 + length),
      }
      bytes = bytes.subarray(9 + length)
      this.frames.push(frame)
      for (const waiter of this.#waiters.filter(({ wants }) => wants(frame))) waiter.resolve(frame)
    }
    this.#rest = bytes
  }
}

function limitsIn({ payload, flags }: Frame): number[] {
  if (flags & ACK) return []
  const limits: number[] = []
  for (let at = 0; at < payload.length; at += 6) {
    if (payload.readUInt16BE(at) === MAX_CONCURRENT_STREAMS) limits.push(payload.readUInt32BE(at + 2))
  }
  return limits
}

/** HPACK: a literal header field without indexing, without Huffman coding. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), hpackString(name), hpackString(value)])
}

function hpackString(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes])
  const length = [127]
  let rest = bytes.length - 127
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128)
  return Buffer.concat([Buffer.from([...length, rest]), bytes])
}
