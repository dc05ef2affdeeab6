import type { IncomingMessage } from "node:http"
import fc from "fast-check"
import { expect, test } from "vitest"
import { announcesBody, guardRequest } from "./request-guard.ts"

/** What the parser hands over; the corpus of raw requests in test/http covers what it can make of bytes. */
function requestTo(url: string): IncomingMessage {
  return {
    url,
    method: "GET",
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    rawHeaders: ["Host", "localhost"],
    headers: { host: "localhost" },
  } as IncomingMessage
}

const isAccepted = (url: string) => guardRequest(requestTo(url)) === undefined

const target = fc
  .array(
    fc.constantFrom(
      "/",
      ".",
      "..",
      "%2e",
      "%2E",
      "a",
      "b%20c",
      "%2F",
      "%00",
      "%",
      "%zz",
      "\\",
      "#",
      "?",
      "é",
      " ",
      "\u0000",
      ";",
      "~",
    ),
    { maxLength: 8 },
  )
  .map((parts) => `/${parts.join("")}`)

test("a target that passes means the same to a browser, which normalises", () => {
  let accepted = 0
  fc.assert(
    fc.property(target, (url) => {
      if (!isAccepted(url)) return
      accepted++
      const seen = new URL(url, "http://localhost")
      expect(seen.host).toBe("localhost")
      // URL reports an empty query as none.
      expect(seen.pathname + seen.search).toBe(url.replace(/^([^?]*)\?$/, "$1"))
      expect(seen.hash).toBe("")
    }),
    { numRuns: 5000 },
  )
  expect(accepted).toBeGreaterThan(200)
})

test("a target that needs no normalising and holds no odd character passes", () => {
  const segment = fc.string({ minLength: 1 }).map((text) => encodeURIComponent(text))
  const plain = fc.array(
    segment.filter((text) => !/^\.{1,2}$|%00/.test(text)),
    { minLength: 1 },
  )
  fc.assert(fc.property(plain, (segments) => isAccepted(`/${segments.join("/")}`)))
})

test("a body is announced by a length above zero or by an encoding", () => {
  const announced = (headers: IncomingMessage["headers"]) => announcesBody({ headers } as IncomingMessage)
  expect(announced({})).toBe(false)
  expect(announced({ "content-length": "0" })).toBe(false)
  expect(announced({ "content-length": "000" })).toBe(false)
  expect(announced({ "content-length": "07" })).toBe(true)
  expect(announced({ "transfer-encoding": "chunked" })).toBe(true)
})

test("the binary protocol of some SDKs is named, where another type of content is asked for JSON", () => {
  const faultOf = (type: string) => {
    const rawHeaders = ["Host", "localhost", "Content-Type", type, "Content-Length", "9"]
    return guardRequest({ ...requestTo("/a/b/binary"), method: "POST", rawHeaders } as IncomingMessage)
  }
  expect(faultOf("application/x-amf")).toMatchObject({
    code: 90_003,
    message: expect.stringMatching(/^The body is AMF, which the Android, Java and \.NET SDKs .* speak/),
  })
  expect(faultOf("application/xml")?.message).toBe("The Content-Type is not application/json in UTF-8.")
})

test.each([
  ["offers HTTP/2, as Java's does,", ["Upgrade", "h2c"], "in Java with HttpClient.Version.HTTP_1_1"],
  ["asks before a large body, as curl does,", ["Expect", "100-continue"], "with curl by -H 'Expect:'"],
])("a client that %s is told what to set", (_what, header, advice) => {
  const rawHeaders = ["Host", "localhost", ...header]
  const fault = guardRequest({ ...requestTo("/healthz"), rawHeaders } as IncomingMessage)
  expect(fault?.message).toContain(advice)
})
