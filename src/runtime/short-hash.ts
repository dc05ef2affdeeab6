import { hash } from "node:crypto"

/** The first 8 hexadecimal digits of the SHA-256 of a token: how logs and lists name it without giving it away. */
export function shortHash(token: string): string {
  return hash("sha256", token, "hex").slice(0, 8)
}
