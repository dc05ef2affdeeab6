import { createServer, type IncomingMessage } from "node:http"
import { duplexPair } from "node:stream"
import fc from "fast-check"
import { afterAll, describe, expect, test } from "vitest"
import { PlainRequests } from "../../src/http/plain-request.ts"
import { guardRequest } from "../../src/http/request-guard.ts"

/** What is recognised without a parser must be what node:http reads in the same bytes, and what the guard lets pass. */

interface Read {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly contentLength: string | undefined
  readonly userToken: unknown
  readonly forwardedFor: unknown
  readonly body: string
}

const server = createServer({ requireHostHeader: false })
afterAll(() => void server.close())

/** The requests that node:http reads in the bytes, and whether it was content with all of them. */
function readByNode(
  bytes: Buffer,
): Promise<{ readonly requests: readonly Read[]; readonly isGood: boolean }> {
  const [client, stream] = duplexPair()
  const requests: Promise<Read>[] = []
  let isGood = true
  const onRequest = (request: IncomingMessage) => {
    if (request.socket !== (stream as unknown)) return
    if (guardRequest(request) !== undefined) isGood = false
    requests.push(read(request))
  }
  const onError = (_: Error, failed: unknown) => {
    if (failed === stream) isGood = false
  }
  server.on("request", onRequest).on("checkContinue", onRequest).on("checkExpectation", onRequest)
  server.on("clientError", onError)
  server.emit("connection", stream)
  return new Promise((resolve) => {
    client.write(bytes, () =>
      setImmediate(async () => {
        server.off("request", onRequest).off("checkContinue", onRequest).off("checkExpectation", onRequest)
        server.off("clientError", onError)
        resolve({ requests: await Promise.all(requests), isGood })
        stream.destroy()
      }),
    )
  })
}

/** What has come of the request so far. */
function read(request: IncomingMessage): Promise<Read> {
  const { method, url, headers } = request
  const chunks: Buffer[] = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  return new Promise((resolve) =>
    setImmediate(() =>
      resolve({
        method,
        url,
        contentLength: headers["content-length"],
        userToken: headers["user-token"],
        forwardedFor: headers["x-forwarded-for"],
        body: Buffer.concat(chunks).toString("latin1"),
      }),
    ),
  )
}

/** Remembers what it has seen, as in the server. */
const requests = new PlainRequests()

function recognised(bytes: Buffer): Read | undefined {
  const [stream] = duplexPair()
  const request = requests.recognise(bytes, stream)
  return (
    request && {
      method: request.method,
      url: request.url,
      contentLength: request.headers["content-length"] as string | undefined,
      userToken: request.headers["user-token"],
      forwardedFor: request.headers["x-forwarded-for"],
      body: request.body.toString("latin1"),
    }
  )
}

const HEADS = ["Host: a.example:9000", "Content-Type: application/json"]

function post(body: string, ...headers: string[]): string {
  const lines = ["POST /A/B/messaging/registrations HTTP/1.1", ...HEADS, `Content-Length: ${body.length}`]
  return [...lines, ...headers, "", body].join("\r\n")
}

describe("is recognised", () => {
  test.each([
    ["a registration as curl sends it", post("{}", "User-Agent: curl/8.5.0", "Accept: */*")],
    [
      "a user token and a chain of proxies",
      post("{}", "user-token: T-1", "X-Forwarded-For: 10.0.0.1, 10.0.0.2"),
    ],
    ["a connection that stays", post("{}", "Connection: keep-alive")],
    [
      "headers that mean nothing here",
      post("{}", "X-Request-Id: 1", "Cookie: a=b; c=d", "X-Empty:", "Te: trailers"),
    ],
    ["a body of other bytes than ASCII", post('{"a":"\xc3\xa9"}')],
    ["a request without a body", "GET /healthz?a=%20b HTTP/1.1\r\nhost: [::1]:9000\r\n\r\n"],
    [
      "a length of zero",
      "DELETE /A/B/c HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Type: application/json\r\n\r\n",
    ],
  ])("%s", async (_, text) => {
    const bytes = Buffer.from(text, "latin1")
    const seen = recognised(bytes)
    expect(seen).toBeDefined()
    expect(await readByNode(bytes)).toEqual({ requests: [seen], isGood: true })
  })
})

test("what is remembered of a head is not the token of its user", () => {
  const tokens = ["T-1", "T-2", undefined, "T-3"]
  const seen = tokens.map((token) => {
    const lines = token === undefined ? ["X-A: b"] : [`User-Token: ${token}`, "X-A: b"]
    return recognised(Buffer.from(post("{}", ...lines), "latin1"))?.userToken
  })
  expect(seen).toEqual(tokens)
})

describe("is left to node:http", () => {
  test.each([
    ["two requests at once", post("{}") + post("{}")],
    ["half a head", post("{}").slice(0, 40)],
    ["half a body", post("{}").slice(0, -1)],
    ["a byte too many", `${post("{}")} `],
    ["chunks", post("{}", "Transfer-Encoding: chunked")],
    ["an expectation", post("{}", "Expect: 100-continue")],
    ["an upgrade", post("{}", "Upgrade: h2c")],
    ["a connection that ends", post("{}", "Connection: close")],
    ["the same of a proxy", post("{}", "Proxy-Connection: close")],
    ["a compressed body", post("{}", "Content-Encoding: gzip")],
    ["two hosts", post("{}", "host: b")],
    ["two lengths", post("{}", "content-length: 2")],
    ["two user tokens", post("{}", "User-Token: a", "user-token: b")],
    ["two chains of proxies", post("{}", "X-Forwarded-For: 1.1.1.1", "x-forwarded-for: 2.2.2.2")],
    ["no host", "GET / HTTP/1.1\r\nAccept: */*\r\n\r\n"],
    ["a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
    ["a body of another type", post("{}").replace("application/json", "text/plain")],
    ["a body of no type", post("{}").replace("Content-Type", "X-Type")],
    ["a folded header", post("{}", "X-A: a\r\n b")],
    ["a space before the colon", post("{}", "X-A : a")],
    ["a space before the name", post("{}", " X-A: a")],
    ["a tab", post("{}", "X-A:\ta")],
    ["a byte beyond ASCII in a header", post("{}", "X-A: \xe9")],
    ["a NUL in a header", post("{}", "X-A: \0")],
    ["a bare LF", post("{}", "X-A: a\nX-B: b")],
    ["a bare CR", post("{}", "X-A: a\rX-B: b")],
    ["a length with a sign", post("{}").replace("Length: 2", "Length: +2")],
    ["a length with spaces", post("{}").replace("Length: 2", "Length:  2")],
    ["a list of lengths", post("{}").replace("Length: 2", "Length: 2, 2")],
    ["an earlier version", post("{}").replace("HTTP/1.1", "HTTP/1.0")],
    ["a later version", post("{}").replace("HTTP/1.1", "HTTP/2.0")],
    ["a lower-case method", post("{}").replace("POST", "post")],
    ["another method", post("{}").replace("POST", "PATCH")],
    ["a whole address as target", post("{}").replace("/A/B", "http://a/A/B")],
    ["an empty segment", post("{}").replace("/A/B", "//B")],
    ["a dot segment", post("{}").replace("/A/B", "/A/../B")],
    ["a fragment", post("{}").replace("/A/B", "/A#B")],
    ["a GET with a body", post("{}").replace("POST", "GET")],
    ["an empty line before", `\r\n${post("{}")}`],
    ["a head of 5000 bytes", post("{}", `X-A: ${"a".repeat(5000)}`)],
  ])("%s", (_, text) => {
    expect(recognised(Buffer.from(text, "latin1"))).toBeUndefined()
  })
})

const HARMLESS = [
  "Connection: keep-alive",
  "User-Token: t",
  "user-token: a longer one, with spaces",
  "user-token:",
  "X-Forwarded-For: 1.2.3.4",
  "X-A: b",
  'X-Long-Name-Of-A-Header: some text; with=signs, "quoted"',
  "Accept-Encoding: gzip, br",
]
const HARMFUL = [
  "host: b",
  "content-type: application/json; charset=utf-8",
  "Content-Length: 2",
  "Content-Length: 3",
  "content-length: 02",
  "Content-Length: 0",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity",
  "Connection: close",
  "Connection: upgrade",
  "Connection: keep-alive, close",
  "Upgrade: websocket",
  "Expect: 100-continue",
]
const PIECES = [..."\r\n \t:\0{},;0\x7f\xff", "\r\n", "GET / HTTP/1.1", "chunked"]

const anyLine = fc
  .tuple(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ maxLength: 20 }))
  .map(([name, value]) => `${name}: ${value}`)
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HARMLESS) },
  { weight: 1, arbitrary: fc.constantFrom(...HARMFUL) },
  { weight: 1, arbitrary: anyLine },
)
const mutation = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...PIECES), fc.nat(2))

/** Requests of which many are plain, and neighbours of such. */
const nearlyPlain = fc
  .record({
    method: fc.constantFrom("POST", "POST", "PUT", "DELETE", "GET", "HEAD", "PATCH", "CONNECT"),
    target: fc.constantFrom("/", "/a/b/messaging/registrations", "/a?b=c", "/a%2Fb", "*", "//a", "/%00"),
    host: fc.constantFrom("Host: localhost", "host: [::1]:80", "Host: a/b"),
    lines: fc.array(line, { maxLength: 4 }),
    body: fc.constantFrom("{}", "[1]", "", "2\r\n{}\r\n0\r\n\r\n"),
    misfit: fc.constantFrom(0, 0, 0, 1, -1),
    mutation: fc.option(mutation, { freq: 1 }),
  })
  .map(({ method, target, host, lines, body, misfit, mutation }) => {
    const length = `Content-Length: ${body.length + misfit}`
    const head = [`${method} ${target} HTTP/1.1`, host, ...lines, length, "Content-Type: application/json"]
    const text = [...head, "", body].join("\r\n")
    if (mutation === null) return Buffer.from(text, "latin1")
    const [place, piece, removed] = mutation
    const at = Math.floor(place * text.length)
    return Buffer.from(text.slice(0, at) + piece + text.slice(at + removed), "latin1")
  })

test("whatever is recognised, node:http reads the same in it, and the guard lets it pass", async () => {
  let plain = 0
  const runs = 20_000
  await fc.assert(
    fc.asyncProperty(nearlyPlain, async (bytes) => {
      const seen = recognised(bytes)
      if (seen === undefined) return
      plain++
      expect(await readByNode(bytes)).toEqual({ requests: [seen], isGood: true })
    }),
    { numRuns: runs },
  )
  expect(plain).toBeGreaterThan(runs / 20)
}, 60_000)
