import { connect, type Socket } from "node:net"
import { randomDevice } from "./random-device.ts"

/** A generator without dependencies, for machines without wrk. Arguments: port, path, connections, seconds, user tokens. */
const [port, path, connections, seconds, ...userTokens] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  ...string[],
]

let answered = 0
let failures = 0
let isOver = false

function nextRequest(): string {
  const body = JSON.stringify(randomDevice())
  const token = userTokens[Math.floor(Math.random() * userTokens.length)]
  const user = token === undefined ? "" : `user-token: ${token}\r\n`
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${user}Content-Length: ${body.length}\r\n\r\n${body}`
}

function open(): Socket {
  const socket = connect({ port: Number(port), host: "127.0.0.1", noDelay: true })
  let pending = ""
  socket.on("connect", () => socket.write(nextRequest()))
  socket.on("error", () => failures++)
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1")
    const head = pending.indexOf("\r\n\r\n")
    if (head < 0) return
    const length = /content-length: (\d+)/i.exec(pending)?.[1]
    if (pending.length < head + 4 + Number(length ?? 0)) return
    answered++
    if (!pending.startsWith("HTTP/1.1 2")) failures++
    pending = ""
    if (isOver) socket.destroy()
    else socket.write(nextRequest())
  })
  return socket
}

const start = performance.now()
const sockets = Array.from({ length: Number(connections) }, open)
setTimeout(() => {
  isOver = true
  const requestsPerSecond = answered / ((performance.now() - start) / 1000)
  process.stdout.write(JSON.stringify({ requestsPerSecond, failures }))
  for (const socket of sockets) socket.end()
}, Number(seconds) * 1000)
