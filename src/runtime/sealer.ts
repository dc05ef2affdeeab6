import { createCipheriv, createDecipheriv, createHash } from "node:crypto"
import type { Random } from "./random.ts"

/**
 * Secrets at rest (design D12): AES-256-GCM under the master key. The context (whose secret it is, of what kind) is
 * authenticated along, so that a sealed text cannot be moved to another application or purpose.
 */
export interface Sealer {
  seal(secret: string, context: string): string
  /** Throws SealError when the master key is another one, the context differs or the text was altered. */
  open(sealed: string, context: string): string
}

const ALTERED =
  "A stored secret cannot be opened: it was sealed with another master key, or altered since. " +
  "Set it again, or restore the master key that sealed it."

/** Its message says what is wrong with the master key and what to do; it holds no secret. */
export class SealError extends Error {
  constructor(message = ALTERED, options?: ErrorOptions) {
    super(message, options)
    this.name = "SealError"
  }
}

const VERSION = "v1"
const IV_BYTES = 12
const TAG_BYTES = 16

/** `masterKey`: 32 bytes. */
export function openSealer(masterKey: Buffer, random: Random): Sealer {
  if (masterKey.length !== 32)
    throw new Error(`the master key has ${masterKey.length} bytes; it must have 32`)
  const keyId = createHash("sha256").update(masterKey).digest("hex").slice(0, 8)
  return {
    seal(secret, context) {
      const iv = random.bytes(IV_BYTES)
      const cipher = createCipheriv("aes-256-gcm", masterKey, iv).setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()])
      return [VERSION, keyId, Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")].join(".")
    },
    open(sealed, context) {
      const [version, sealedWith, data] = sealed.split(".")
      if (version !== VERSION || sealedWith !== keyId || data === undefined) throw new SealError()
      const bytes = Buffer.from(data, "base64url")
      const decipher = createDecipheriv("aes-256-gcm", masterKey, bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      try {
        return Buffer.concat([
          decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
          decipher.final(),
        ]).toString("utf8")
      } catch (cause) {
        throw new SealError(ALTERED, { cause })
      }
    },
  }
}
