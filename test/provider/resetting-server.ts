import { type AddressInfo, createServer, type Socket } from "node:net"
import { TLSSocket } from "node:tls"
import { parentPort, workerData } from "node:worker_threads"

/** Told to the parent when the server listens. */
export interface ResettingServer {
  readonly port: number
  /** Turns from 0 to 1 when the connections have been reset. */
  readonly isReset: Int32Array<SharedArrayBuffer>
}

// A server in a thread of its own: answers every request with 200, and resets its connections when told to.
const isReset = new Int32Array(new SharedArrayBuffer(4))
const sockets: Socket[] = []
const server = createServer((socket) => {
  sockets.push(socket)
  socket.on("error", () => {})
  const secure = new TLSSocket(socket, { isServer: true, ...(workerData as { key: string; cert: string }) })
  secure.on("error", () => {})
  secure.on("data", () => secure.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
})

parentPort?.on("message", () => {
  for (const socket of sockets) socket.resetAndDestroy()
  // After the close: the reset has left for the loopback interface.
  setImmediate(() => {
    Atomics.store(isReset, 0, 1)
    Atomics.notify(isReset, 0)
  })
})

server.listen(0, "127.0.0.1", () => {
  const message: ResettingServer = { port: (server.address() as AddressInfo).port, isReset }
  parentPort?.postMessage(message)
})
