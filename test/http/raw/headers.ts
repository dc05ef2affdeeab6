import {
  DEVICE,
  ECHO,
  EXPECTATION,
  get,
  HEADERS_TOO_LARGE,
  HOST,
  JSON_TYPE,
  MALFORMED,
  OK,
  post,
  request,
  rows,
  TIMEOUT,
  WRONG_TYPE,
} from "./case.ts"

/** Header fields: their syntax, their number, and the few whose meaning matters here. */

const GET = "GET /healthz HTTP/1.1"
const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: a`)

export const hosts = rows([
  ["two different Hosts", get("/healthz", "Host: evil.example"), MALFORMED],
  ["two equal Hosts", get("/healthz", HOST), MALFORMED],
  ["two Hosts in different case", get("/healthz", "hOST: evil.example"), MALFORMED],
  ["a Host far behind the others", request(GET, [HOST, ...many(97), "Host: evil.example"]), MALFORMED],
  ["an empty Host", request(GET, ["Host:"]), MALFORMED],
  ["a Host with a space", request(GET, ["Host: a b"]), MALFORMED],
  ["two Hosts in one header", request(GET, ["Host: a, b"]), MALFORMED],
  ["a Host with a path", request(GET, ["Host: localhost/evil"]), MALFORMED],
  ["a Host with a user", request(GET, ["Host: evil@localhost"]), MALFORMED],
  ["a Host with an encoded character", request(GET, ["Host: local%68ost"]), MALFORMED],
  ["a Host above ASCII", request(GET, ["Host: h\xf6st"]), MALFORMED],
  ["a Host with an IPv6 address", request(GET, ["Host: [::1]:9000"]), OK],
  ["a Host that is ignored for another header", get("/healthz", "X-Forwarded-Host: evil.example"), OK],
])

export const syntax = rows([
  ["a header without a colon", get("/healthz", "Rubbish"), MALFORMED],
  ["a header without a name", get("/healthz", ": value"), MALFORMED],
  ["a header without a value", get("/healthz", "X-Empty:"), OK],
  ["a space before the colon", get("/healthz", "X-A : a"), MALFORMED],
  ["a tab before the colon", get("/healthz", "X-A\t: a"), MALFORMED],
  ["a space in a name", get("/healthz", "X A: a"), MALFORMED],
  ["a parenthesis in a name", get("/healthz", "X(A): a"), MALFORMED],
  ["a name above ASCII", get("/healthz", "X-\xc4: a"), MALFORMED],
  ["a NUL in a name", get("/healthz", "X-\0A: a"), MALFORMED],
  ["a folded header", get("/healthz", "X-A: a", " b"), MALFORMED],
  ["a header folded with a tab", get("/healthz", "X-A: a", "\tb"), MALFORMED],
  ["a folded Host", request(GET, ["Host:", " localhost"]), MALFORMED],
  ["a space before the first header", request(GET, [` ${HOST}`]), MALFORMED],
  ["a NUL in a value", get("/healthz", "X-A: a\0b"), MALFORMED],
  ["a control character in a value", get("/healthz", "X-A: a\x01b"), MALFORMED],
  ["a bare CR in a value", get("/healthz", "X-A: a\rb"), MALFORMED],
  ["a bare CR that hides a header", get("/healthz", "X-A: a\rContent-Length: 5"), MALFORMED],
  ["a bare LF in a value", get("/healthz", "X-A: a\nX-B: b"), MALFORMED],
  ["LF line ends", `${GET}\n${HOST}\n\n`, MALFORMED],
  ["CR line ends", `${GET}\r${HOST}\r\r`, MALFORMED],
  ["CR CR LF", `${GET}\r\r\n${HOST}\r\r\n\r\r\n`, MALFORMED],
  ["an LF before the last empty line", `${GET}\r\n${HOST}\n\r\n`, MALFORMED],
  ["a value above ASCII, which is old but allowed", get("/healthz", "X-A: caf\xe9"), OK],
  ["a tab in a value", get("/healthz", "X-A: a\tb"), OK],
  ["headers that never end", `${GET}\r\n${HOST}\r\n`, TIMEOUT],
  ["a request line that never ends", "GET /heal", TIMEOUT],
  ["no byte at all", "", TIMEOUT],
])

export const sizes = rows([
  ["99 headers", request(GET, [HOST, ...many(98)]), OK],
  ["100 headers", request(GET, [HOST, ...many(99)]), HEADERS_TOO_LARGE],
  ["1000 headers", request(GET, [HOST, ...many(1000)]), HEADERS_TOO_LARGE],
  [
    "a second Host beyond the headers that are kept",
    request(GET, [HOST, ...many(150), "Host: evil"]),
    HEADERS_TOO_LARGE,
  ],
  ["a header of 15 000 bytes", get("/healthz", `X-A: ${"a".repeat(15_000)}`), OK],
  ["a header of 17 000 bytes", get("/healthz", `X-A: ${"a".repeat(17_000)}`), HEADERS_TOO_LARGE],
  ["a header name of 17 000 bytes", get("/healthz", `X-${"a".repeat(17_000)}: a`), HEADERS_TOO_LARGE],
  ["a header that never ends", `${GET}\r\n${HOST}\r\nX-A: ${"a".repeat(200_000)}`, HEADERS_TOO_LARGE],
])

export const meaning = rows([
  ["two user tokens", get("/healthz", "user-token: a", "User-Token: b"), MALFORMED],
  ["two Authorizations", get("/healthz", "Authorization: Bearer a", "Authorization: Bearer b"), MALFORMED],
  ["two Origins", get("/healthz", "Origin: https://a.example", "Origin: https://b.example"), MALFORMED],
  ["Expect: 100-continue", post("{}", "Expect: 100-continue"), EXPECTATION],
  ["Expect: 100-continue without a body", get("/healthz", "Expect: 100-continue"), EXPECTATION],
  ["an unknown expectation", post("{}", "Expect: a miracle"), EXPECTATION],
  ["Expect in HTTP/1.0", request("GET /healthz HTTP/1.0", [HOST, "Expect: 100-continue"]), EXPECTATION],
  ["Upgrade to HTTP/2", get("/healthz", "Connection: Upgrade", "Upgrade: h2c"), MALFORMED],
  ["Upgrade to WebSocket", get("/healthz", "Connection: Upgrade", "Upgrade: websocket"), MALFORMED],
  ["Upgrade without Connection", get("/healthz", "Upgrade: h2c"), MALFORMED],
  ["Connection: Upgrade without Upgrade", get("/healthz", "Connection: Upgrade"), OK],
  ["a compressed body", post("{}", "Content-Encoding: gzip"), WRONG_TYPE],
  ["a body declared not to be compressed", post("{}", "Content-Encoding: identity"), WRONG_TYPE],
  ["a method override", get("/healthz", "X-HTTP-Method-Override: DELETE"), OK],
  ["an Accept for something else", get("/healthz", "Accept: text/html;q=0.1"), OK],
])

const typed = (...types: string[]) =>
  request(
    `POST ${ECHO} HTTP/1.1`,
    [HOST, ...types.map((type) => `Content-Type: ${type}`), "Content-Length: 2"],
    "{}",
  )

const remove = (type: string) => request(`DELETE ${DEVICE}/a HTTP/1.1`, [HOST, `Content-Type: ${type}`])

export const contentTypes = rows([
  ["no Content-Type", typed(), WRONG_TYPE],
  ["an empty Content-Type", typed(""), WRONG_TYPE],
  ["two Content-Types", typed("application/json", "text/plain"), MALFORMED],
  ["two equal Content-Types", typed("application/json", "application/json"), MALFORMED],
  ["text/plain, which a form on any web page can send", typed("text/plain"), WRONG_TYPE],
  ["a form", typed("application/x-www-form-urlencoded"), WRONG_TYPE],
  ["a multipart form", typed("multipart/form-data; boundary=a"), WRONG_TYPE],
  ["JSON in another character set", typed("application/json; charset=iso-8859-1"), WRONG_TYPE],
  ["JSON with another parameter", typed("application/json; version=1"), WRONG_TYPE],
  ["a list of types", typed("application/json, text/plain"), WRONG_TYPE],
  ["a relative of JSON", typed("application/merge-patch+json"), WRONG_TYPE],
  ["a longer name", typed("application/jsonp"), WRONG_TYPE],
  ["JSON in UTF-8", typed("application/json; charset=utf-8"), OK],
  ["JSON in UTF-8, in quotes and capitals", typed('Application/JSON;Charset="UTF-8"'), OK],
  ["a type but no body", get("/healthz", JSON_TYPE), OK],
  ["another type but no body", get("/healthz", "Content-Type: text/plain"), OK],
  ["another type but no body to delete with", remove("text/plain"), OK],
  ["no type at all but no body either", remove("a/b/c"), WRONG_TYPE],
])
