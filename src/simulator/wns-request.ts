import type { ProviderRequest } from "./provider-exchange.ts"
import type { WnsReason } from "./wns-answers.ts"

/** What WNS demands of a request apart from its access token (providers.md 3.2). */

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  "wns/toast": "text/xml",
  "wns/tile": "text/xml",
  "wns/badge": "text/xml",
  "wns/raw": "application/octet-stream",
}
const PAYLOAD_BYTES_MAX = 5_000

/** The first reason against the headers or the size; undefined for a request in order. */
export function reasonAgainstWnsRequest(request: ProviderRequest): WnsReason | undefined {
  if (request.header("transfer-encoding") !== undefined) return "BadRequest"
  if (request.header("content-length") === undefined) return "LengthRequired"
  const type = request.header("x-wns-type") ?? ""
  const contentType = Object.hasOwn(CONTENT_TYPES, type) ? CONTENT_TYPES[type] : undefined
  if (contentType === undefined || mediaType(request) !== contentType) return "BadRequest"
  if (!areOptionsValid(request)) return "BadRequest"
  return request.bodyBytes > PAYLOAD_BYTES_MAX ? "PayloadTooLarge" : undefined
}

function mediaType(request: ProviderRequest): string {
  return (request.header("content-type") ?? "").replace(/;.*$/s, "").trim().toLowerCase()
}

function areOptionsValid(request: ProviderRequest): boolean {
  const isOne = (name: string, ...words: readonly string[]) => {
    const value = request.header(name)
    return value === undefined || words.includes(value.toLowerCase())
  }
  return (
    isOne("x-wns-cache-policy", "cache", "no-cache") &&
    isOne("x-wns-requestforstatus", "true", "false") &&
    /^[a-z0-9]{0,16}$/i.test(request.header("x-wns-tag") ?? "") &&
    /^\d{1,10}$/.test(request.header("x-wns-ttl") ?? "0") &&
    // Windows Phone only: an error on the channels of Windows.
    request.header("x-wns-suppresspopup") === undefined
  )
}
