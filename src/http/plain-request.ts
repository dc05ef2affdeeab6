import type { Duplex } from "node:stream"
import { HOST, JSON_TYPE, knownHeader, targetFault } from "./request-guard.ts"

/**
 * Recognises requests that have one reading only, without parsing HTTP: a small part of the language, in which nothing is
 * folded, repeated, escaped or chunked. Whatever it does not recognise is node:http's to understand or to refuse; so it
 * may be as narrow as it likes, but must never see another request than node:http would in the same bytes
 * (test/http/plain-request.test.ts compares the two).
 */

type Headers = Partial<
  Readonly<Record<"content-length" | "user-token" | "x-forwarded-for", string | string[] | undefined>>
>

/** What may be asked of a request, whoever took it apart. */
export interface RequestHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: Headers
  readonly socket: ClientStream
}

export type ClientStream = Duplex & { readonly remoteAddress?: string | undefined }

export interface PlainRequest extends RequestHead {
  readonly method: string
  readonly url: string
  /** Empty without a Content-Length. */
  readonly body: Buffer
}

/** In bytes; longer heads are node:http's. Far below its own limits for their length and for the number of headers. */
const HEAD_MAX = 2048

/** Method, target, and lines of one header each, of visible ASCII and spaces. */
const HEAD =
  /^(GET|POST|PUT|DELETE) (\/[!-~]*) HTTP\/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?(?:[!-~](?:[ -~]*[!-~])?)?\r\n)+)$/
/** The line of a user's token in a head, with the end of the line before. */
const TOKEN_LINE = /\r\nuser-token: ([!-~]+)\r\n/i
const LINE_END = "\r\n"
const DIGITS = /^[0-9]{1,9}$/
const SPACE = 0x20
const NOTHING = Buffer.alloc(0)

/** Heads that are remembered; beyond, all begin anew. */
const HEADS_MAX = 512

interface PlainHead {
  readonly method: string
  readonly url: string
  readonly headers: Headers
}

export class PlainRequests {
  /** Clients that keep their connection send the same head again and again. */
  readonly #heads = new Map<string, PlainHead>()

  /** The request, if the bytes are one from its first to its last. */
  recognise(bytes: Buffer, socket: ClientStream): PlainRequest | undefined {
    const headEnd = bytes.indexOf("\r\n\r\n", 0, "latin1")
    if (headEnd < 0 || headEnd > HEAD_MAX) return undefined
    const head = this.#head(bytes.toString("latin1", 0, headEnd + 2))
    if (head === undefined) return undefined
    const { method, url, headers } = head
    const bodyStart = headEnd + 4
    const length = headers["content-length"]
    if (bytes.length - bodyStart !== (length === undefined ? 0 : Number(length))) return undefined
    const body = length === undefined ? NOTHING : bytes.subarray(bodyStart)
    if (method === "GET" && body.length > 0) return undefined
    return { method, url, headers, socket, body }
  }

  #head(text: string): PlainHead | undefined {
    const known = this.#heads.get(text)
    if (known !== undefined) return known
    const token = TOKEN_LINE.exec(text)
    if (token === null) return this.#remember(text, plainHead(text))
    // A user's token is not kept for longer than its request: what is remembered is the head without its line.
    const lineEnd = token.index + token[0].length
    const rest = text.slice(0, token.index + LINE_END.length) + text.slice(lineEnd)
    const others = this.#heads.get(rest) ?? this.#remember(rest, plainHead(rest))
    if (others === undefined || others.headers["user-token"] !== undefined) return undefined
    return { ...others, headers: { ...others.headers, "user-token": token[1] } }
  }

  #remember(text: string, head: PlainHead | undefined): PlainHead | undefined {
    if (head === undefined || head.headers["user-token"] !== undefined) return head
    if (this.#heads.size >= HEADS_MAX) this.#heads.clear()
    this.#heads.set(text, head)
    return head
  }
}

function plainHead(text: string): PlainHead | undefined {
  const head = HEAD.exec(text)
  if (head === null) return undefined
  const [, method, url, lines] = head as unknown as [string, string, string, string]
  const headers = plainHeaders(lines)
  return headers === undefined || targetFault(url) !== undefined ? undefined : { method, url, headers }
}

/** Undefined when one of them makes the request more than plain, or if the guard would refuse it. */
function plainHeaders(lines: string): Headers | undefined {
  const headers: { -readonly [name in keyof Headers]: string | undefined } = {
    "content-length": undefined,
    "user-token": undefined,
    "x-forwarded-for": undefined,
  }
  let seen = 0
  let hasHost = false
  let isJson = false
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(":", at)
    const end = lines.indexOf("\r", colon)
    const spelling = lines.slice(at, colon)
    const value = lines.slice(lines.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end)
    at = end + 2
    const known = knownHeader(spelling)
    if (known === undefined) continue
    if ((seen & known.bit) !== 0) return undefined
    seen |= known.bit
    switch (known.name) {
      case "content-length":
        if (!DIGITS.test(value)) return undefined
        headers["content-length"] = value
        break
      case "content-type":
        if (!JSON_TYPE.test(value)) return undefined
        isJson = true
        break
      case "host":
        if (!HOST.test(value)) return undefined
        hasHost = true
        break
      case "user-token":
      case "x-forwarded-for":
        if (headers[known.name] !== undefined) return undefined
        headers[known.name] = value
        break
      case "connection":
        if (value !== "keep-alive") return undefined
        break
      case "proxy-connection":
      case "transfer-encoding":
      case "content-encoding":
      case "expect":
      case "upgrade":
        return undefined
    }
  }
  return hasHost && (isJson || headers["content-length"] === undefined) ? headers : undefined
}
