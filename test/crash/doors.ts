import type { AddressInfo } from "node:net"
import { connect, createServer, type Server, type Socket } from "node:net"

/** A provider's front door: while it is closed, connections are accepted and nothing passes, in neither direction. */
export class Door implements AsyncDisposable {
  readonly #server: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #isOpen = false
  #onKnock: (() => void) | undefined

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#enter(near))
  }

  static async before(origin: string): Promise<Door> {
    const door = new Door(Number(new URL(origin).port))
    await new Promise<void>((resolve) => door.#server.listen(0, "127.0.0.1", resolve))
    return door
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resolves when the next connection is made. */
  knocked(): Promise<void> {
    return new Promise((resolve) => {
      this.#onKnock = resolve
    })
  }

  /** For the connections to come. */
  open(): void {
    this.#isOpen = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #enter(near: Socket): void {
    this.#keep(near)
    this.#onKnock?.()
    if (!this.#isOpen) return
    const far = connect(this.#target, "127.0.0.1")
    this.#keep(far)
    near.pipe(far).pipe(near)
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on("error", () => {})
    socket.on("close", () => this.#sockets.delete(socket))
  }
}
