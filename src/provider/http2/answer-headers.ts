import { type DecodedField, type FieldSink, HpackDecoder } from "./hpack-decoder.ts"

const STATUS = 0
const CONTENT_LENGTH = 1
const OWN_NAMES = [":status", "content-length"]

/** The header blocks of the answers of one connection: decodes each and keeps what somebody wants to know of it. */
export class AnswerHeaders implements FieldSink {
  readonly #decoder: HpackDecoder
  readonly #names: readonly string[]
  readonly #bytesMax: number
  #status = 0
  #contentLength: number | undefined
  #values: (string | undefined)[] | undefined
  #bytes = 0
  #isMalformed = false
  #areRegular = false

  constructor(names: readonly string[], bytesMax: number) {
    this.#names = names
    this.#decoder = new HpackDecoder([...OWN_NAMES, ...names])
    this.#bytesMax = bytesMax
  }

  /** Decodes a block; the other members are about the last one. Throws a ProtocolFault. */
  decode(block: Buffer, start: number, end: number): void {
    this.#status = 0
    this.#contentLength = undefined
    this.#values = undefined
    this.#bytes = 0
    this.#isMalformed = false
    this.#areRegular = false
    this.#decoder.decode(block, start, end, this)
  }

  /** From 100 to 999; 0 if there is none. */
  get status(): number {
    return this.#status
  }

  get contentLength(): number | undefined {
    return this.#contentLength
  }

  /** The values of the wanted names, in their order; undefined when none of them was there. */
  get values(): readonly (string | undefined)[] | undefined {
    return this.#values
  }

  /** Why the answer cannot be used (RFC 9113, 8.2 and 8.3). */
  get fault(): string | undefined {
    if (this.#bytes > this.#bytesMax) return "the headers are too large"
    if (this.#isMalformed) return "malformed headers"
    return undefined
  }

  field(field: DecodedField): void {
    this.#bytes += field.bytes
    if (!field.hasGoodName) this.#isMalformed = true
    else if (field.name.charCodeAt(0) === COLON) this.#pseudo(field.key, field.value)
    else this.#regular(field.key, field.value)
  }

  #pseudo(key: number, value: string): void {
    const isExpected = key === STATUS && this.#status === 0 && !this.#areRegular
    this.#status = isExpected ? statusOf(value) : 0
    if (this.#status === 0) this.#isMalformed = true
  }

  #regular(key: number, value: string): void {
    this.#areRegular = true
    if (key === CONTENT_LENGTH) {
      if (/^\d{1,15}$/.test(value)) this.#contentLength = Number(value)
      else this.#isMalformed = true
    } else if (key >= 0) {
      this.#values ??= new Array<string | undefined>(this.#names.length).fill(undefined)
      this.#values[key - OWN_NAMES.length] ??= value
    }
  }
}

const COLON = 0x3a

function statusOf(value: string): number {
  return /^[1-9]\d\d$/.test(value) ? Number(value) : 0
}
