import type { IncomingMessage } from "node:http"
import { DomainError } from "../domain/errors.ts"
import { isLoopbackHost } from "./client-address.ts"

/**
 * Refuses what another web page makes a browser send. The cookie is SameSite=Strict already; this is the second wall, for
 * pages of the same site and for browsers that are wrong about sites.
 */

/** What a request that changes something is sent with: the session cookie, or nothing (login and setup). */
export type Credential = "session" | "none"

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"])
const JSON_TYPE = /^application\/json[ \t]*(?:;|$)/i

/**
 * Throws `no_permission` unless a request that changes something comes from a page of this server: the browser says so in
 * Sec-Fetch-Site, older ones in Origin. With a session it must be sent as JSON too, body or not, which no form can do.
 * Without one, who says nothing of where it comes from is no browser.
 */
export function checkSameOrigin(
  request: Pick<IncomingMessage, "method" | "headers">,
  credential: Credential,
): void {
  const { method = "", headers } = request
  if (SAFE_METHODS.has(method)) return
  if (!isFromHere(headers, credential)) {
    throw new DomainError(
      "no_permission",
      "The request does not come from a page of this server, as the headers Sec-Fetch-Site and Origin say. Programs send a token as `Authorization: Bearer …` instead of a cookie.",
    )
  }
  if (credential === "session" && !JSON_TYPE.test(headers["content-type"] ?? "")) {
    throw new DomainError(
      "unsupported_content_type",
      "With a session, a request that changes something is sent with `Content-Type: application/json`, also without a body.",
      { property: "content-type" },
    )
  }
}

function isFromHere(headers: IncomingMessage["headers"], credential: Credential): boolean {
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin"
  const { origin, host = "" } = headers
  if (origin === undefined) return credential === "none"
  return originsOf(host.toLowerCase()).includes(origin)
}

/** A proxy in front speaks https; without one, browsers keep the cookie on the machine itself only. */
function originsOf(host: string): readonly string[] {
  const secure = `https://${host}`
  return isLoopbackHost(host.replace(/:[0-9]*$/, "")) ? [secure, `http://${host}`] : [secure]
}
