import { isIP } from "node:net"

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** True for names and addresses of this very machine. */
function isLoopbackHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "")
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && LOOPBACK_V4.test(host))
}

/**
 * What is wrong with an address that access tokens or pushes are to be sent to, or undefined: https, or plain http to
 * this very machine (a simulator), and no user information.
 */
export function addressProblem(text: string, what: string): string | undefined {
  const url = URL.parse(text)
  if (url === null)
    return `${what} must be a URL such as https://example.com, not ${JSON.stringify(text.slice(0, 200))}`
  if (url.username !== "" || url.password !== "") return `${what} must not contain a user name or password`
  if (url.protocol === "https:") return undefined
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) return undefined
  return `${what} must start with https:// (http:// only for a loopback host), not ${url.protocol}//${url.host}`
}

/** The origin that a provider is to send to. Throws when the text is none: it was checked when it was set. */
export function checkedOrigin(text: string): string {
  const problem = addressProblem(text, "the origin of a provider")
  if (problem !== undefined) throw new TypeError(problem)
  return new URL(text).origin
}
