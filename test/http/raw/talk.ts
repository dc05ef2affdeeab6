import { once } from "node:events"
import { connect, type Socket } from "node:net"

/** A connection on which a test says something, waits for what it expects to hear, and goes on. */
export class Talk {
  readonly #socket: Socket
  #heard = ""
  #hasEnded = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", (chunk) => {
      this.#heard += chunk.toString("latin1")
      socket.emit("heard")
    })
    // A reset is an end like any other here; what was heard before it is what counts.
    socket.on("error", () => {})
    socket.on("close", () => {
      this.#hasEnded = true
      socket.emit("heard")
    })
  }

  static async open(port: number): Promise<Talk> {
    const socket = connect({ port, host: "127.0.0.1" })
    const talk = new Talk(socket)
    await once(socket, "connect")
    return talk
  }

  say(text: string): void {
    this.#socket.write(text, "latin1")
  }

  /** Everything up to and including the text, which is then forgotten. Rejects when the connection ends before. */
  async hear(text: string): Promise<string> {
    for (;;) {
      const at = this.#heard.indexOf(text)
      if (at >= 0) {
        const heard = this.#heard.slice(0, at + text.length)
        this.#heard = this.#heard.slice(heard.length)
        return heard
      }
      if (this.#hasEnded) throw new Error(`the connection ended after ${JSON.stringify(this.#heard)}`)
      await once(this.#socket, "heard")
    }
  }

  /** Everything until the connection has ended. */
  async hearOut(): Promise<string> {
    while (!this.#hasEnded) await once(this.#socket, "heard")
    return this.#heard
  }

  hangUp(): void {
    this.#socket.destroy()
  }
}
