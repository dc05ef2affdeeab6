import type { IncomingMessage } from "node:http"
import { DomainError } from "../domain/errors.ts"

/**
 * Refuses what node:http lets through but this server will not interpret, before any routing (reliability.md 2.6, F8).
 * It runs for every request, so it looks at each character of the target and at each header once, and allocates
 * nothing unless it refuses.
 */

/** Characters of a request target; RFC 9110 4.1 recommends support of at least 8000. */
export const TARGET_LENGTH_MAX = 8000

/**
 * Headers that node:http keeps (`maxHeadersCount`). It drops what is beyond silently, and a second Host among them
 * would go unseen: a request that reaches this number is refused.
 */
export const HEADERS_KEPT = 100

/** The reason to refuse a request, or undefined when it is one that this server can interpret in one way only. */
export function guardRequest(request: IncomingMessage): DomainError | undefined {
  return targetFault(request.url ?? "") ?? headFault(request)
}

/** Whether a body follows the header section. Only meaningful for a request that the guard let pass. */
export function announcesBody(request: IncomingMessage): boolean {
  const { headers } = request
  const length = headers["content-length"]
  return headers["transfer-encoding"] !== undefined || (length !== undefined && !ZEROS.test(length))
}

const ZEROS = /^0+$/

const SLASH = 0x2f
const PERCENT = 0x25
const DOT = 0x2e
const QUESTION_MARK = 0x3f
const HASH = 0x23
const BACKSLASH = 0x5c
const FIRST_VISIBLE = 0x21
const LAST_VISIBLE = 0x7e

/** What is wrong with a request target. */
export function targetFault(target: string): DomainError | undefined {
  if (target.charCodeAt(0) !== SLASH) return malformed("the request target does not start with '/'")
  if (target.length > TARGET_LENGTH_MAX) {
    return malformed(
      `the request target has ${target.length} characters; the limit is ${TARGET_LENGTH_MAX}`,
      {
        reason: "target_length",
        limit: TARGET_LENGTH_MAX,
        length: target.length,
      },
    )
  }
  let inPath = true
  for (let at = 0; at < target.length; at++) {
    const character = target.charCodeAt(at)
    if (character < FIRST_VISIBLE || character > LAST_VISIBLE) {
      return malformed(`position ${at} of the request target is neither visible ASCII nor percent-encoded`)
    }
    if (character === PERCENT) {
      const fault = percentFault(target, at)
      if (fault !== undefined) return fault
    } else if (character === HASH) {
      return malformed("the request target has a fragment ('#')")
    } else if (!inPath) {
    } else if (character === SLASH) {
      const fault = segmentFault(target, at + 1)
      if (fault !== undefined) return fault
    } else if (character === QUESTION_MARK) {
      inPath = false
    } else if (character === BACKSLASH) {
      return malformed("the path has a backslash")
    }
  }
  return undefined
}

function percentFault(target: string, at: number): DomainError | undefined {
  const high = hexValue(target.charCodeAt(at + 1))
  const low = hexValue(target.charCodeAt(at + 2))
  if (high < 0 || low < 0)
    return malformed(`'%' at position ${at} of the request target is not followed by two hex digits`)
  return high === 0 && low === 0 ? malformed("the request target has an encoded NUL ('%00')") : undefined
}

/** NaN, which `charCodeAt` gives beyond the end, compares false everywhere and ends at -1. */
function hexValue(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30
  const letter = character | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * A device id is the rest of its path, and the JS SDK leaves slashes in it as they are (contract 2.3): only there an empty
 * segment has a meaning.
 */
const BEFORE_DEVICE_ID = /^(?:\/api|\/[^/]+\/[^/]+)?\/messaging\/registrations?\//

function segmentFault(target: string, start: number): DomainError | undefined {
  const first = target.charCodeAt(start)
  if (first === SLASH && !BEFORE_DEVICE_ID.test(target.slice(0, start))) {
    return malformed("the path has an empty segment ('//')")
  }
  // Nearly every segment begins with another character and is done here.
  if ((first === DOT || first === PERCENT) && isDotSegment(target, start)) {
    return malformed("the path has a '.' or '..' segment")
  }
  return undefined
}

function isDotSegment(target: string, start: number): boolean {
  let at = start
  let dots = 0
  for (; at < target.length; dots++) {
    const character = target.charCodeAt(at)
    if (character === DOT) at += 1
    else if (character === PERCENT && /^2e$/i.test(target.slice(at + 1, at + 3))) at += 3
    else break
  }
  const after = target.charCodeAt(at)
  return (dots === 1 || dots === 2) && (at >= target.length || after === SLASH || after === QUESTION_MARK)
}

/** Headers of which two in one request could be read differently by a proxy and by this server. */
const SINGLE_HEADERS = [
  "Host",
  "Content-Length",
  "Content-Type",
  "Content-Encoding",
  "Transfer-Encoding",
  "Expect",
  "Upgrade",
  "Authorization",
  "User-Token",
  "Idempotency-Key",
  "Origin",
]

/** Headers that nearly every client or proxy sends and that the guard has nothing against. */
const FREQUENT_HEADERS = [
  "User-Agent",
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Connection",
  "Proxy-Connection",
  "X-Forwarded-For",
]

export interface KnownHeader {
  readonly name: string
  /** One bit for each header that may be given once; 0 for those that do not matter. */
  readonly bit: number
}

/** By the two usual spellings, which spares most names the conversion to lower case. */
const KNOWN_HEADERS: ReadonlyMap<string, KnownHeader> = new Map(
  [...SINGLE_HEADERS, ...FREQUENT_HEADERS].flatMap((spelling, index) => {
    const name = spelling.toLowerCase()
    const known = { name, bit: index < SINGLE_HEADERS.length ? 1 << index : 0 }
    return [
      [spelling, known],
      [name, known],
    ] as const
  }),
)

const LONGEST_SINGLE_HEADER = "transfer-encoding".length
/** A host name with an optional port. */
export const HOST = /^[A-Za-z0-9._\-[\]:]+$/
/** The media types of a body that is read. */
export const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i

/** TRACE would show an intermediary's headers to a script, CONNECT asks for a proxy, and SOURCE is Icecast, not HTTP. */
const UNSERVED_METHODS: ReadonlySet<string> = new Set(["TRACE", "CONNECT", "SOURCE"])

function headFault(request: IncomingMessage): DomainError | undefined {
  const { rawHeaders, method } = request
  if (request.httpVersionMajor !== 1 || request.httpVersionMinor > 1) {
    return malformed("the version is neither HTTP/1.1 nor HTTP/1.0")
  }
  if (UNSERVED_METHODS.has(method ?? "")) return malformed(`the method ${method} is not served`)
  if (rawHeaders.length >= 2 * HEADERS_KEPT) {
    return malformed(`the request has more than ${HEADERS_KEPT - 1} headers`, {
      reason: "header_size",
      limit: HEADERS_KEPT - 1,
    })
  }
  let seen = 0
  let host: string | undefined
  let contentType: string | undefined
  let hasBody = false
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const known = knownHeader(rawHeaders[at] as string)
    if (known === undefined || known.bit === 0) continue
    const { name, bit } = known
    if ((seen & bit) !== 0) return malformed(`the header ${name} is given twice`, { property: name })
    seen |= bit
    const value = rawHeaders[at + 1] as string
    if (name === "host") host = value
    else if (name === "content-type") contentType = value
    else if (name === "content-length") hasBody ||= !ZEROS.test(value)
    else {
      const fault = refusedHeader(name, value, request)
      if (fault !== undefined) return fault
      hasBody ||= name === "transfer-encoding"
    }
  }
  if (host === undefined) return malformed("the header Host is missing", { property: "host" })
  if (!HOST.test(host))
    return malformed("the header Host is not a host name with an optional port", { property: "host" })
  return hasBody ? bodyFault(method, contentType) : undefined
}

/** What the guard knows of a header, however it is spelled. */
export function knownHeader(spelling: string): KnownHeader | undefined {
  if (spelling.length > LONGEST_SINGLE_HEADER) return undefined
  return KNOWN_HEADERS.get(spelling) ?? KNOWN_HEADERS.get(spelling.toLowerCase())
}

function refusedHeader(name: string, value: string, request: IncomingMessage): DomainError | undefined {
  switch (name) {
    case "transfer-encoding":
      if (request.httpVersionMinor === 0)
        return malformed("HTTP/1.0 has no Transfer-Encoding", { property: name })
      return value === "chunked"
        ? undefined
        : malformed("the only Transfer-Encoding is 'chunked'", { property: name })
    case "content-encoding":
      return new DomainError(
        "unsupported_content_type",
        "The body is compressed; send it without Content-Encoding.",
        {
          property: name,
        },
      )
    case "expect":
      // curl sends it by itself with bodies of more than a megabyte.
      return malformed("Expect is not supported; send the body at once, with curl by -H 'Expect:'", {
        property: name,
        reason: "expectation",
      })
    case "upgrade":
      // Java's HttpClient offers HTTP/2 with the first request to every http:// address, unless told not to.
      return malformed(
        "Upgrade is not supported; send HTTP/1.1 without it, in Java with HttpClient.Version.HTTP_1_1",
        { property: name },
      )
    default:
      return undefined
  }
}

function bodyFault(method: string | undefined, contentType: string | undefined): DomainError | undefined {
  if (method === "GET" || method === "HEAD") return malformed(`a ${method} request has no body here`)
  if (contentType === "application/json") return undefined
  if (contentType === undefined) {
    return new DomainError(
      "unsupported_content_type",
      "The header Content-Type is missing; send application/json.",
      {
        property: "content-type",
      },
    )
  }
  if (JSON_TYPE.test(contentType)) return undefined
  return new DomainError("unsupported_content_type", wrongTypeText(contentType), { property: "content-type" })
}

/** JSON instead of AMF would help none of the SDKs that speak it (docs/backendless.md). */
function wrongTypeText(contentType: string): string {
  return /^application\/x-amf\b/i.test(contentType)
    ? "The body is AMF, which the Android, Java and .NET SDKs of Backendless speak and Belfry does not; call the REST API instead."
    : "The Content-Type is not application/json in UTF-8."
}

function malformed(what: string, details: ConstructorParameters<typeof DomainError>[2] = {}): DomainError {
  return new DomainError("malformed_request", `Malformed request: ${what}.`, details)
}
