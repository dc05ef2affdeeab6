import { appendFileSync, closeSync, openSync } from "node:fs"
import type { Log } from "../runtime/log.ts"

/**
 * An append-only file of JSON lines for audits over millions of pushes. Lines are written once per turn of the event
 * loop: all of them are in the file when the next turn starts.
 */
export class Ledger {
  readonly #file: number
  readonly #log: Log
  #lines: string[] = []
  #failure: unknown
  #isClosed = false

  /** Throws when the file cannot be opened for appending. */
  constructor(path: string, log: Log) {
    this.#file = openSync(path, "a")
    this.#log = log
  }

  append(line: object): void {
    if (this.#isClosed) return
    if (this.#lines.length === 0) setImmediate(() => this.#write())
    this.#lines.push(JSON.stringify(line))
  }

  /** Throws when any line could not be written: an audit over a ledger with holes would prove nothing. */
  flush(): void {
    this.#write()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** As flush(), and closes the file. */
  close(): void {
    if (this.#isClosed) return
    this.#write()
    this.#isClosed = true
    closeSync(this.#file)
    if (this.#failure !== undefined) throw this.#failure
  }

  #write(): void {
    if (this.#lines.length === 0 || this.#isClosed) return
    const text = `${this.#lines.join("\n")}\n`
    this.#lines = []
    try {
      appendFileSync(this.#file, text)
    } catch (error) {
      this.#failure ??= error
      this.#log.error({ error }, "the ledger of the simulators could not be written")
    }
  }
}
