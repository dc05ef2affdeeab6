import type { AddressInfo } from "node:net"
import { connect, createServer, type Server, type Socket } from "node:net"

/** A TCP proxy that can turn into a black hole: connections stay open, nothing passes any more. */
export class StallingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(targetOrigin: string) {
    const port = Number(new URL(targetOrigin).port)
    this.#server = createServer((near) => {
      const far = connect(port, "127.0.0.1")
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        socket.on("error", () => {})
        socket.on("close", () => this.#sockets.delete(socket))
      }
      near.pipe(far).pipe(near)
    })
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  listen(): Promise<this> {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", () => resolve(this)))
  }

  /** Swallows everything on the connections that are open now; new ones work. */
  stall(): void {
    for (const socket of this.#sockets) {
      socket.unpipe()
      socket.pause()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
