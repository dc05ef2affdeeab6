import { hash } from "node:crypto"

/** 47 bits: SQLite stores the value in six bytes, and it stays an exact JavaScript number. */
export const KEY_RANGE = 2 ** 47

const HIGH_BITS = 0x7fff
const LOW_RANGE = 0x1_0000_0000

/**
 * The index key of a text: 47 bits of SHA-256 over the store's salt, a tag and the text. Secret salt: nobody outside can
 * choose texts that collide, or compute a public id from a device id. Never unique by itself: compare the text.
 */
export class KeyedHash {
  readonly #salt: string

  constructor(salt: string) {
    this.#salt = salt
  }

  device(application: number, deviceId: string): number {
    return this.#key(`${this.#salt}d${application}:${deviceId}`)
  }

  token(application: number, platform: number, token: string): number {
    return this.#key(`${this.#salt}t${application}:${platform}:${token}`)
  }

  #key(text: string): number {
    // As text of one character for each byte: a Buffer for each hash costs four times as much.
    const digest = hash("sha256", text, "binary")
    return (pair(digest, 0) & HIGH_BITS) * LOW_RANGE + pair(digest, 2) * 0x1_0000 + pair(digest, 4)
  }
}

function pair(bytes: string, at: number): number {
  return bytes.charCodeAt(at) * 0x100 + bytes.charCodeAt(at + 1)
}
