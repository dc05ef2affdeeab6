import { connect, type Socket } from "node:net"
import type { Answer, RawCase } from "./case.ts"

/** What came back on a connection, read as strictly as a client could. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Exchange {
  readonly answers: readonly RawAnswer[]
  /** Bytes behind the last complete answer: there must be none. */
  readonly rest: string
  readonly durationMs: number
}

export interface ExchangeOptions {
  /** Where the bytes are cut; defaults to one piece. */
  readonly cuts?: readonly number[]
  /** Requests that must be answered with 200 one after the other before the case begins. */
  readonly before?: readonly string[]
  /** Called when all bytes of the case have been handed to the network. */
  readonly onSent?: () => void
}

/** Sends the bytes of a case and collects what it is answered until the server closes the connection. */
export function exchange(port: number, raw: RawCase, options: ExchangeOptions = {}): Promise<Exchange> {
  const { cuts = [], before = [], onSent = () => {} } = options
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const ahead = [...before]
    let received = ""
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, goOn)
    socket.setNoDelay(true)
    function goOn() {
      const next = ahead.shift()
      if (next === undefined) send(socket, pieces(bytesOf(raw), cuts), raw.halfClose === true, onSent)
      else socket.write(next, "latin1")
    }
    let answeredBefore = 0
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1")
      if (answeredBefore === before.length) return
      const [answer] = parseAnswers(received, []).answers
      if (answer === undefined) return
      if (answer.status !== 200) reject(new Error(`a request before the case was answered ${answer.status}`))
      answeredBefore++
      received = ""
      goOn()
    })
    socket.on("error", reject)
    socket.on("end", () => {
      socket.end()
      resolve({ ...parseAnswers(received, raw.answers), durationMs: performance.now() - startedAt })
    })
  })
}

function bytesOf({ send }: RawCase): Buffer {
  return typeof send === "string" ? Buffer.from(send, "latin1") : send
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const bounds = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end))
}

/** Each piece leaves when the one before has been handed to the network, so that most arrive apart. */
function send(
  socket: Socket,
  [piece, ...others]: readonly Buffer[],
  thenEnd: boolean,
  onSent: () => void,
): void {
  if (piece === undefined) {
    if (thenEnd) socket.end()
    onSent()
  } else socket.write(piece, () => setImmediate(send, socket, others, thenEnd, onSent))
}

const HEAD = /^HTTP\/1\.1 ([1-5][0-9][0-9]) [A-Za-z ]+\r\n((?:[a-zA-Z-]+: [^\r\n]*\r\n)*)\r\n/

function parseAnswers(text: string, expected: readonly Answer[]): { answers: RawAnswer[]; rest: string } {
  const answers: RawAnswer[] = []
  let rest = text
  for (;;) {
    const head = HEAD.exec(rest)
    if (head === null) return { answers, rest }
    const headers = parseHeaders(head[2] ?? "")
    const hasNoBody = expected[answers.length]?.head === true
    const length = hasNoBody ? 0 : Number(headers["content-length"])
    const body = rest.slice(head[0].length, head[0].length + length)
    if (body.length !== length) return { answers, rest }
    answers.push({ status: Number(head[1]), headers, body })
    rest = rest.slice(head[0].length + length)
  }
}

function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of text.split("\r\n").slice(0, -1)) {
    const [name = "", ...value] = line.split(": ")
    if (name.toLowerCase() in headers) throw new Error(`the answer has the header ${name} twice`)
    headers[name.toLowerCase()] = value.join(": ")
  }
  return headers
}
