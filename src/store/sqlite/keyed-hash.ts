import { hash } from "node:crypto"

/** 47 bits: SQLite stores the value in six bytes, and it stays an exact JavaScript number. */
export const KEY_RANGE = 2 ** 47

/** 48 bits, of which the key is the lower part. */
const HEX_DIGITS = 12

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
    // As text: a Buffer for each hash costs four times as much.
    return Number.parseInt(hash("sha256", text, "hex").slice(0, HEX_DIGITS), 16) % KEY_RANGE
  }
}
