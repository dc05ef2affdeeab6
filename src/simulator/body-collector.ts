import type { Readable } from "node:stream"
import { BODY_KEPT_MAX } from "./provider-exchange.ts"

const NOTHING = Buffer.alloc(0)

/** Reads a request's body: keeps its first 64 KiB and counts the rest. Calls back once when it is complete. */
export class BodyCollector {
  #parts: Buffer[] = []
  #keptBytes = 0
  bytes = 0

  constructor(source: Readable, onComplete: () => void) {
    source.on("data", (part: Buffer) => this.#add(part))
    source.once("end", onComplete)
  }

  get kept(): Buffer {
    const [first = NOTHING] = this.#parts
    if (this.#parts.length <= 1) return first
    const whole = Buffer.concat(this.#parts)
    this.#parts = [whole]
    return whole
  }

  #add(part: Buffer): void {
    this.bytes += part.length
    const room = BODY_KEPT_MAX - this.#keptBytes
    if (room <= 0) return
    const kept = part.length <= room ? part : part.subarray(0, room)
    this.#keptBytes += kept.length
    this.#parts.push(kept)
  }
}
