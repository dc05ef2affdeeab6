import type { HeaderField } from "./client.ts"
import { DYNAMIC_FROM, ENTRY_BYTES, STATIC_TABLE, TABLE_BYTES_INITIAL } from "./hpack-static-table.ts"

const INDEXED = 0x80
const WITH_INDEXING = 0x40
const NEVER_INDEXED = 0x10
const TABLE_SIZE_UPDATE = 0x20

/**
 * HPACK (RFC 7541), the sending side of one connection. Strings are not Huffman-coded: a block is encoded once for many
 * pushes, and the peer decodes it faster so.
 */
export class HpackEncoder {
  /** The newest first. */
  readonly #entries: { readonly key: string; readonly bytes: number }[] = []
  #bytes = 0
  #limit = TABLE_BYTES_INITIAL
  /** The lowest limit since the last block, and whether the peer must be told. */
  #lowestLimit = TABLE_BYTES_INITIAL
  #isResized = false
  #version = 0

  /** Changes when a block that was encoded before would no longer be right. */
  get version(): number {
    return this.#version
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE; we use no more than the table had at first. */
  resize(bytes: number): void {
    const limit = Math.min(bytes, TABLE_BYTES_INITIAL)
    if (limit === this.#limit) return
    this.#limit = limit
    this.#lowestLimit = Math.min(this.#lowestLimit, limit)
    this.#isResized = true
    this.#version += 1
    this.#evict(limit)
  }

  /**
   * Encodes the fields. What may be indexed enters the table, so the bytes must be sent, once, before any other block;
   * they may be sent again only while `version` is what it was before the call.
   */
  encode(fields: readonly HeaderField[]): Buffer {
    const parts: Buffer[] = []
    if (this.#isResized) this.#announceSize(parts)
    for (const field of fields) this.#encodeField(field, parts)
    return Buffer.concat(parts)
  }

  #announceSize(parts: Buffer[]): void {
    if (this.#lowestLimit < this.#limit) parts.push(integer(TABLE_SIZE_UPDATE, 5, this.#lowestLimit))
    parts.push(integer(TABLE_SIZE_UPDATE, 5, this.#limit))
    this.#lowestLimit = this.#limit
    this.#isResized = false
    this.#version += 1
  }

  #encodeField({ name, value, isSensitive }: HeaderField, parts: Buffer[]): void {
    const key = `${name}\0${value}`
    const known = STATIC_FIELDS.get(key) ?? this.#indexOf(key)
    const nameIndex = STATIC_NAMES.get(name) ?? 0
    const bytes = name.length + value.length + ENTRY_BYTES
    if (isSensitive === true) {
      parts.push(integer(NEVER_INDEXED, 4, nameIndex))
    } else if (known !== undefined) {
      parts.push(integer(INDEXED, 7, known))
      return
    } else if (bytes <= this.#limit) {
      this.#insert(key, bytes)
      parts.push(integer(WITH_INDEXING, 6, nameIndex))
    } else {
      parts.push(integer(0, 4, nameIndex))
    }
    if (nameIndex === 0) parts.push(string(name))
    parts.push(string(value))
  }

  #indexOf(key: string): number | undefined {
    const age = this.#entries.findIndex((entry) => entry.key === key)
    return age < 0 ? undefined : DYNAMIC_FROM + age
  }

  #insert(key: string, bytes: number): void {
    this.#evict(this.#limit - bytes)
    this.#entries.unshift({ key, bytes })
    this.#bytes += bytes
    this.#version += 1
  }

  #evict(bytes: number): void {
    while (this.#bytes > bytes) this.#bytes -= this.#entries.pop()?.bytes ?? 0
  }
}

/** `:path` with a value that differs from push to push: a literal that enters no table, up to its length. */
export const PATH_LITERAL = integer(0, 4, 4)

/** RFC 7541, 5.1. */
export function integer(flags: number, prefixBits: number, value: number): Buffer {
  const mask = 2 ** prefixBits - 1
  if (value < mask) return Buffer.of(flags | value)
  const bytes = [flags | mask]
  let rest = value - mask
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}

function string(text: string): Buffer {
  return Buffer.concat([integer(0, 7, text.length), Buffer.from(text, "latin1")])
}

/** The first entry of a name in the static table. */
const STATIC_NAMES = new Map<string, number>()
const STATIC_FIELDS = new Map<string, number>()
for (const [index, [name, value]] of STATIC_TABLE.entries()) {
  if (index === 0) continue
  if (!STATIC_NAMES.has(name)) STATIC_NAMES.set(name, index)
  if (value !== "") STATIC_FIELDS.set(`${name}\0${value}`, index)
}
