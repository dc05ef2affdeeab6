import { connect, type Socket } from "node:net"

/** One answer of the server, read as strictly as a client could. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

const HEAD_END = Buffer.from("\r\n\r\n")

/**
 * A connection that is used for request after request, and opened anew when the server has closed it. Writes any bytes:
 * what an HTTP library would refuse to send is what a server must be ready for.
 */
export class KeepAliveClient implements Disposable {
  readonly #port: number
  #socket: Socket | undefined
  #received: Buffer = Buffer.alloc(0)
  #waiting: Waiting | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** One at a time. Rejects when the connection ends before the answer is complete. */
  send(request: Request): Promise<Answer> {
    if (this.#waiting !== undefined) throw new Error("the last request has not been answered")
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket ??= this.#open()
      this.#socket.write(bytesOf(request, this.#port))
    })
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy()
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true })
    this.#received = Buffer.alloc(0)
    socket.on("data", (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
      this.#read(socket)
    })
    socket.on("error", (error) => this.#lose(socket, error))
    socket.on("close", () => this.#lose(socket, new Error("the connection ended without an answer")))
    return socket
  }

  #read(socket: Socket): void {
    if (this.#waiting === undefined) throw new Error("the server said something that nobody asked for")
    const answer = parseAnswer(this.#received)
    if (answer === undefined) return
    const { resolve } = this.#waiting
    this.#waiting = undefined
    this.#received = Buffer.alloc(0)
    if (answer.headers["connection"] === "close") {
      this.#socket = undefined
      socket.end()
    }
    resolve(answer)
  }

  #lose(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(error)
  }
}

function bytesOf({ method, path, headers = {}, body }: Request, port: number): Buffer {
  const bytes = Buffer.from(body ?? "")
  const all: Record<string, string> = { host: `127.0.0.1:${port}` }
  if (body !== undefined) {
    all["content-type"] = "application/json"
    if (headers["transfer-encoding"] === undefined) all["content-length"] = String(bytes.length)
  }
  Object.assign(all, headers)
  const lines = Object.entries(all).filter(([, value]) => value !== "")
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""]
  const content = all["transfer-encoding"] === "chunked" ? chunked(bytes) : bytes
  return Buffer.concat([Buffer.from(head.join("\r\n"), "latin1"), content])
}

function chunked(bytes: Buffer): Buffer {
  const size = bytes.length === 0 ? "" : `${bytes.length.toString(16)}\r\n`
  return Buffer.concat([Buffer.from(size), bytes, Buffer.from(size === "" ? "0\r\n\r\n" : "\r\n0\r\n\r\n")])
}

/** Undefined while it is incomplete. */
function parseAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split("\r\n")
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) /.exec(statusLine)?.[1])
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(": ")
    const name = line.slice(0, colon).toLowerCase()
    if (colon < 1 || name in headers) throw new Error(`the answer has a strange header: ${line}`)
    headers[name] = line.slice(colon + 2)
  }
  if (Number.isNaN(status)) throw new Error(`the answer has a strange status line: ${statusLine}`)
  const rest = bytes.subarray(headEnd + HEAD_END.length)
  const text = headers["transfer-encoding"] === "chunked" ? unchunked(rest) : lengthOf(rest, status, headers)
  return text === undefined ? undefined : { status, headers, text }
}

function lengthOf(
  rest: Buffer,
  status: number,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  const length = status === 204 ? 0 : Number(headers["content-length"])
  if (Number.isNaN(length) || rest.length > length)
    throw new Error("the length of the answer is not what it says")
  return rest.length < length ? undefined : rest.toString("utf8")
}

function unchunked(rest: Buffer): string | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(rest.toString("latin1", at, lineEnd), 16)
    const end = lineEnd + 2 + size
    if (rest.length < end + 2) return undefined
    if (size === 0) return Buffer.concat(parts).toString("utf8")
    parts.push(rest.subarray(lineEnd + 2, end))
    at = end + 2
  }
}
