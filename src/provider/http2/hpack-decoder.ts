import { decodedBytesMax, huffmanDecode } from "./hpack-huffman.ts"
import { DYNAMIC_FROM, ENTRY_BYTES, STATIC_TABLE, TABLE_BYTES_INITIAL } from "./hpack-static-table.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"

/** A field as it stands in a table: decoded once, shared by all blocks that refer to it. */
export interface DecodedField {
  readonly name: string
  readonly value: string
  /** The position of the name in the list the decoder was made with; -1 if it is not there. */
  readonly key: number
  /** By the reckoning of RFC 7541, 4.1. */
  readonly bytes: number
  /** Names are in lower case (RFC 9113, 8.2). */
  readonly hasGoodName: boolean
}

export interface FieldSink {
  /** Each field of a block, in order. */
  field(field: DecodedField): void
}

const INTEGER_BITS_MAX = 28
const HAS_UPPER_CASE = /[A-Z]/

/**
 * HPACK (RFC 7541), the receiving side of one connection. A fault in a block leaves the table unusable, and with it the
 * connection.
 */
export class HpackDecoder {
  readonly #keys: ReadonlyMap<string, number>
  readonly #static: readonly DecodedField[]
  readonly #allowedBytes = TABLE_BYTES_INITIAL
  /** A ring; the newest entry is at `#newest`. */
  readonly #ring: (DecodedField | undefined)[] = new Array(TABLE_BYTES_INITIAL / ENTRY_BYTES).fill(undefined)
  #newest = 0
  #count = 0
  #bytes = 0
  #limit = TABLE_BYTES_INITIAL
  /** What is being decoded, and how far it is. */
  #block: Buffer = EMPTY
  #at = 0
  #end = 0

  constructor(names: readonly string[]) {
    this.#keys = new Map(names.map((name, index) => [name, index]))
    this.#static = STATIC_TABLE.map(([name, value]) => this.#fieldOf(name, value, undefined))
  }

  /** Decodes a complete header block. Throws a ProtocolFault. */
  decode(block: Buffer, start: number, end: number, sink: FieldSink): void {
    this.#block = block
    this.#at = start
    this.#end = end
    let mayResize = true
    while (this.#at < end) {
      const first = block[this.#at] as number
      if (first >= 0x80) {
        sink.field(this.#entry(this.#integer(7)))
      } else if (first >= 0x40) {
        const field = this.#literal(6)
        this.#insert(field)
        sink.field(field)
      } else if (first >= 0x20) {
        if (!mayResize)
          throw new ProtocolFault(ERROR.compression, "the table changes its size within a block")
        this.#resize(this.#integer(5))
        continue
      } else {
        sink.field(this.#literal(4))
      }
      mayResize = false
    }
    this.#block = EMPTY
  }

  /** `named` is an entry with the same name. */
  #fieldOf(name: string, value: string, named: DecodedField | undefined): DecodedField {
    const key = named?.key ?? this.#keys.get(name) ?? -1
    const hasGoodName = named?.hasGoodName ?? (name !== "" && !HAS_UPPER_CASE.test(name))
    return { name, value, key, bytes: name.length + value.length + ENTRY_BYTES, hasGoodName }
  }

  #entry(index: number): DecodedField {
    const field = index < DYNAMIC_FROM ? this.#static[index] : this.#dynamic(index - DYNAMIC_FROM)
    if (field === undefined || index === 0) throw new ProtocolFault(ERROR.compression, "no such table entry")
    return field
  }

  #dynamic(age: number): DecodedField | undefined {
    if (age >= this.#count) return undefined
    return this.#ring[(this.#newest - age + this.#ring.length) % this.#ring.length]
  }

  #literal(prefixBits: number): DecodedField {
    const index = this.#integer(prefixBits)
    const named = index === 0 ? undefined : this.#entry(index)
    const name = named?.name ?? this.#string()
    return this.#fieldOf(name, this.#string(), named)
  }

  #insert(field: DecodedField): void {
    const { bytes } = field
    this.#evict(this.#limit - bytes)
    if (bytes > this.#limit) return
    this.#newest = (this.#newest + 1) % this.#ring.length
    this.#ring[this.#newest] = field
    this.#count += 1
    this.#bytes += bytes
  }

  #resize(bytes: number): void {
    if (bytes > this.#allowedBytes) throw new ProtocolFault(ERROR.compression, "a larger table than allowed")
    this.#limit = bytes
    this.#evict(bytes)
  }

  /** Drops the oldest entries until the rest have `bytes` at most. */
  #evict(bytes: number): void {
    while (this.#bytes > bytes && this.#count > 0) {
      const oldest = (this.#newest - this.#count + 1 + this.#ring.length) % this.#ring.length
      this.#bytes -= (this.#ring[oldest] as DecodedField).bytes
      this.#ring[oldest] = undefined
      this.#count -= 1
    }
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new ProtocolFault(ERROR.compression, "a header block is cut off")
    return this.#block[this.#at++] as number
  }

  /** RFC 7541, 5.1. */
  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1
    const prefix = this.#byte() & mask
    if (prefix < mask) return prefix
    let value = mask
    for (let shift = 0; shift < INTEGER_BITS_MAX; shift += 7) {
      const byte = this.#byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new ProtocolFault(ERROR.compression, "an integer is too large")
  }

  /** RFC 7541, 5.2. */
  #string(): string {
    const isHuffman = this.#at < this.#end && (this.#block[this.#at] as number) >= 0x80
    const length = this.#integer(7)
    const start = this.#at
    this.#at += length
    if (this.#at > this.#end) throw new ProtocolFault(ERROR.compression, "a string is cut off")
    if (!isHuffman) return this.#block.toString("latin1", start, this.#at)
    const text = scratch(decodedBytesMax(length))
    return text.toString("latin1", 0, huffmanDecode(this.#block, start, this.#at, text))
  }
}

const EMPTY = Buffer.alloc(0)

let scratchBuffer = Buffer.allocUnsafeSlow(4_096)

/** Decoding is synchronous: all decoders share it. */
function scratch(bytes: number): Buffer {
  if (scratchBuffer.length < bytes) scratchBuffer = Buffer.allocUnsafeSlow(bytes)
  return scratchBuffer
}
