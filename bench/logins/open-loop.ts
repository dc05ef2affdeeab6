import { connect, type Socket } from "node:net"

export interface OpenLoop {
  readonly port: number
  readonly perSecond: number
  readonly seconds: number
  /** The next request: path, body and headers. */
  next(index: number): NextRequest
}

interface NextRequest {
  readonly path: string
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

export interface OpenLoopResult {
  /** From when a request was due, not from when it could be sent, to its answer, in ms, ascending. */
  readonly latencies: readonly number[]
  /** By status; 0: no answer. */
  readonly statuses: Readonly<Record<number, number>>
}

/** Requests at a fixed rate, however slow the answers are: a closed loop would be slowed down by what it measures. */
export async function openLoop({ port, perSecond, seconds, next }: OpenLoop): Promise<OpenLoopResult> {
  const connections = new Connections(port)
  const latencies: number[] = []
  const statuses: Record<number, number> = {}
  const start = performance.now()
  const running: Promise<void>[] = []
  const total = Math.round(perSecond * seconds)
  for (let index = 0; index < total; ) {
    // The first is due at once.
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1)
    for (; index < due; index++) {
      const dueAt = start + (index / perSecond) * 1000
      running.push(
        connections.send(next(index)).then((status) => {
          statuses[status] = (statuses[status] ?? 0) + 1
          latencies.push(performance.now() - dueAt)
        }),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(running)
  connections.close()
  return { latencies: latencies.sort((a, b) => a - b), statuses }
}

/** Kept connections with one request at a time on each. A client of node:http would cost more than what it measures. */
class Connections {
  readonly #port: number
  readonly #all = new Set<Connection>()
  readonly #free: Connection[] = []

  constructor(port: number) {
    this.#port = port
  }

  /** Resolves with the status, or with 0 when the connection ends before. */
  async send({ path, body, headers = {} }: NextRequest): Promise<number> {
    const connection = this.#free.pop() ?? this.#open()
    const text = JSON.stringify(body)
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${fields.join("")}`
    const status = await connection.send(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
    if (connection.isOpen) this.#free.push(connection)
    else this.#all.delete(connection)
    return status
  }

  close(): void {
    for (const connection of this.#all) connection.close()
  }

  #open(): Connection {
    const connection = new Connection(this.#port)
    this.#all.add(connection)
    return connection
  }
}

const ANSWER = /^HTTP\/1\.1 (\d{3})[\s\S]*?\r\n\r\n/

class Connection {
  readonly #socket: Socket
  #heard = ""
  #answered: (status: number) => void = () => {}
  #isOver = false

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true })
    this.#socket.setEncoding("latin1")
    this.#socket.on("data", (text) => this.#hear(String(text)))
    this.#socket.on("error", () => {})
    this.#socket.on("close", () => {
      this.#isOver = true
      this.#answered(0)
    })
  }

  get isOpen(): boolean {
    return !this.#isOver
  }

  send(text: string): Promise<number> {
    return new Promise((resolve) => {
      this.#answered = resolve
      this.#socket.write(text)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #hear(text: string): void {
    this.#heard += text
    const head = ANSWER.exec(this.#heard)
    if (head === null) return
    const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head[0])?.[1])
    if (!(this.#heard.length >= head[0].length + length)) return
    this.#heard = ""
    if (/\r\nconnection: close\r\n/i.test(head[0])) {
      this.#isOver = true
      this.#socket.end()
    }
    this.#answered(Number(head[1]))
  }
}
