import { isUtf8 } from "node:buffer"
import type { IncomingMessage } from "node:http"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import { FORBIDDEN_KEYS, jsonFault, malformedJson } from "./json-fault.ts"

/**
 * Bodies, before any schema sees them (design D8, reliability.md 2.6): JSON that means the same to every reader and
 * that every store can keep. On the hottest path, so it decides in three cheap passes (scan, JSON.parse, walk) and
 * leaves it to json-fault.ts to find out what is wrong.
 */

/**
 * The value of a JSON text, as `JSON.parse` gives it.
 *
 * Throws `malformed_json`, naming the place, for: invalid UTF-8; a byte order mark (RFC 8259 8.1 forbids sending one,
 * and skipping it would make the positions in messages wrong); nesting beyond `limits.jsonDepth`, found before
 * JSON.parse could be hurt by it; syntax errors; the keys `__proto__`, `constructor` and `prototype`; a key twice in
 * one object; numbers beyond ±(2^53 - 1), which would lose digits; half of a surrogate pair, escaped or not.
 */
export function parseJsonBody(body: string | Buffer, limits: Pick<Limits, "jsonDepth">): unknown {
  const text = typeof body === "string" ? body : decoded(body)
  const plain = plainValue(text, limits.jsonDepth)
  if (plain !== undefined) return plain
  const shape = scan(text, limits.jsonDepth)
  if (shape === undefined) throw faultOf(text, limits.jsonDepth)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw faultOf(text, limits.jsonDepth)
  }
  // Bytes that are UTF-8 hold no lone surrogate; only a string given as such, or an escape sequence, can.
  const textIsSuspect = shape.hasUnicodeEscape || (typeof body === "string" && !text.isWellFormed())
  // Each member has one colon: fewer keys than colons mean that JSON.parse has dropped a duplicate.
  if (keyCount(value, textIsSuspect) !== shape.colons) throw faultOf(text, limits.jsonDepth)
  return value
}

/** Bodies up to this length are nearly all of them. */
const PLAIN_LENGTH_MAX = 4096

/**
 * The value of a text in which a few looks find nothing to worry about: few brackets, no escape sequence, and no more
 * colons than the value has keys, so that it has each of them once. Undefined for every other, good or not.
 */
function plainValue(text: string, depthMax: number): object | undefined {
  if (text.length > PLAIN_LENGTH_MAX || text.includes("\\") || !text.isWellFormed()) return undefined
  if (count(text, "{") + count(text, "[") > depthMax) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== "object" || value === null) return undefined
  return keyCount(value, false) === count(text, ":") ? value : undefined
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++
  return found
}

function decoded(body: Buffer): string {
  if (!isUtf8(body)) throw malformedJson("The body is not valid UTF-8.")
  return body.toString("utf8")
}

function faultOf(text: string, depthMax: number): Error {
  if (text.startsWith("\ufeff")) return malformedJson("The body starts with a byte order mark; leave it out.")
  if (text === "") return malformedJson("The body is empty; JSON is expected.")
  return jsonFault(text, depthMax) ?? new Error("a JSON body was refused in which no fault can be found")
}

interface Shape {
  /** Outside of strings. */
  readonly colons: number
  readonly hasUnicodeEscape: boolean
}

/** One pass that needs no validity: undefined when the text nests too deeply. */
function scan(text: string, depthMax: number): Shape | undefined {
  const end = text.length
  let depth = 0
  let colons = 0
  let hasUnicodeEscape = false
  for (let at = 0; at < end; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // '"': skip the string
        for (at++; at < end; at++) {
          const character = text.charCodeAt(at)
          if (character === 0x22) break
          if (character === 0x5c) {
            at++
            if (text.charCodeAt(at) === 0x75) hasUnicodeEscape = true
          }
        }
        break
      case 0x3a:
        colons++
        break
      case 0x5b:
      case 0x7b:
        if (++depth > depthMax) return undefined
        break
      case 0x5d:
      case 0x7d:
        depth--
    }
  }
  return { colons, hasUnicodeEscape }
}

/** The number of keys in the value, at every depth; NaN, which equals nothing, when something in it is refused. */
function keyCount(value: unknown, textIsSuspect: boolean): number {
  if (typeof value === "string") return textIsSuspect && !value.isWellFormed() ? Number.NaN : 0
  // From 2^53 on, every number is an integer, or infinite.
  if (typeof value === "number") return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? 0 : Number.NaN
  if (typeof value !== "object" || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const element of value) count += keyCount(element, textIsSuspect)
    return count
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key) || (textIsSuspect && !key.isWellFormed())) return Number.NaN
    count += 1 + keyCount((value as Record<string, unknown>)[key], textIsSuspect)
  }
  return count
}

/** Called once, with the complete body or with the reason why there is none. */
export type BodyReader = (fault: DomainError | undefined, body: Buffer) => void

const NOTHING = Buffer.alloc(0)

/**
 * Collects the body of a request, at most `bytesMax` bytes. What comes beyond is read and dropped, so that the client
 * can finish sending and read the answer instead of seeing the connection reset.
 */
export function readBody(request: IncomingMessage, bytesMax: number, done: BodyReader): void {
  const announced = Number(request.headers["content-length"] ?? 0)
  const chunks: Buffer[] = []
  let length = 0
  if (announced > bytesMax) {
    refuse(announced)
    return
  }
  // The client may have left before anybody asked for its body; `close` will not come again.
  if (request.destroyed) {
    abandon()
    return
  }
  request.on("data", take)
  request.on("end", finish)
  request.on("close", abandon)

  function take(chunk: Buffer): void {
    length += chunk.length
    if (length > bytesMax) refuse(length)
    else chunks.push(chunk)
  }

  function finish(): void {
    stop()
    done(undefined, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))
  }

  function abandon(): void {
    stop()
    done(new DomainError("malformed_request", "The connection ended before the body was complete."), NOTHING)
  }

  function refuse(bytes: number): void {
    stop()
    request.resume()
    const message = `The body has ${bytes === announced ? bytes : `more than ${bytesMax}`} bytes; the limit is ${bytesMax}.`
    done(new DomainError("body_too_large", message, { limit: bytesMax, length: bytes }), NOTHING)
  }

  function stop(): void {
    request.off("data", take)
    request.off("end", finish)
    request.off("close", abandon)
  }
}
