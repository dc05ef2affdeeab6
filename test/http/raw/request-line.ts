import { METHODS } from "node:http"
import {
  DEVICE,
  get,
  HEADERS_TOO_LARGE,
  HOST,
  JSON_TYPE,
  KEY_ERROR,
  MALFORMED,
  OK,
  type Row,
  request,
  rows,
  UNKNOWN,
  WRONG_METHOD,
} from "./case.ts"

/** Methods, targets, versions, and protocols that are not HTTP/1.1 at all. */

const H = [HOST]
const line = (text: string) => request(text, H)

export const versions = rows([
  ["a plain GET", line("GET /healthz HTTP/1.1"), OK],
  ["HTTP/1.0 with a Host", line("GET /healthz HTTP/1.0"), OK],
  ["HTTP/1.0 without a Host", "GET /healthz HTTP/1.0\r\n\r\n", MALFORMED],
  ["HTTP/1.1 without a Host", "GET /healthz HTTP/1.1\r\n\r\n", MALFORMED],
  ["HTTP/0.9 without a version", "GET /healthz\r\n\r\n", MALFORMED],
  ["HTTP/0.9 with a version", line("GET /healthz HTTP/0.9"), MALFORMED],
  ["HTTP/1.2", line("GET /healthz HTTP/1.2"), MALFORMED],
  ["HTTP/1.10", line("GET /healthz HTTP/1.10"), MALFORMED],
  ["HTTP/2.0 in HTTP/1 syntax", line("GET /healthz HTTP/2.0"), MALFORMED],
  ["HTTP/3.0", line("GET /healthz HTTP/3.0"), MALFORMED],
  ["HTTP/1 without a minor version", line("GET /healthz HTTP/1"), MALFORMED],
  ["HTTP in lower case", line("GET /healthz http/1.1"), MALFORMED],
  ["another protocol's name", line("GET /healthz HTTQ/1.1"), MALFORMED],
  ["a letter before HTTP", line("GET /healthz XHTTP/1.1"), MALFORMED],
  ["a sign in the version", line("GET /healthz HTTP/+1.1"), MALFORMED],
  ["a letter after the version", line("GET /healthz HTTP/1.1x"), MALFORMED],
  ["a space after the version", line("GET /healthz HTTP/1.1 "), MALFORMED],
  ["RTSP", line("DESCRIBE rtsp://localhost/healthz RTSP/1.0"), MALFORMED],
  ["Icecast", line("SOURCE /healthz ICE/1.0"), MALFORMED],
])

/** All that node:http knows but those that are served, answered without a body, or refused as no request. */
const UNUSED_METHODS = METHODS.filter(
  (method) => !["GET", "HEAD", "TRACE", "CONNECT", "SOURCE"].includes(method),
)

export const methods = rows([
  ["a method in lower case", line("get /healthz HTTP/1.1"), MALFORMED],
  ["a method that nobody knows", line("FETCH /healthz HTTP/1.1"), MALFORMED],
  ["a method with a NUL", line("G\0ET /healthz HTTP/1.1"), MALFORMED],
  ["a method of 9000 letters", line(`${"G".repeat(9000)} /healthz HTTP/1.1`), MALFORMED],
  ["TRACE", line("TRACE /healthz HTTP/1.1"), MALFORMED],
  ["CONNECT to another host", line("CONNECT evil.example:443 HTTP/1.1"), MALFORMED],
  ["CONNECT with a path", line("CONNECT /healthz HTTP/1.1"), MALFORMED],
  ["OPTIONS for the whole server", line("OPTIONS * HTTP/1.1"), MALFORMED],
  ...UNUSED_METHODS.map((method): Row => [method, line(`${method} /healthz HTTP/1.1`), WRONG_METHOD]),
  ["a QUERY of nothing", line("QUERY /nowhere HTTP/1.1"), UNKNOWN],
  [
    "a QUERY with a body",
    request("QUERY /healthz HTTP/1.1", [HOST, JSON_TYPE, "Content-Length: 2"], "{}"),
    WRONG_METHOD,
  ],
  ["two spaces after the method", line("GET  /healthz HTTP/1.1"), OK],
  ["a tab after the method", line("GET\t/healthz HTTP/1.1"), MALFORMED],
  ["a space before the method", line(" GET /healthz HTTP/1.1"), MALFORMED],
  ["an empty line before the request", `\r\n${line("GET /healthz HTTP/1.1")}`, OK],
  ["nothing but empty lines and rubbish", "\r\n\r\n\r\n\0", MALFORMED],
])

export const targets = rows([
  ["an absolute target of another host", get("http://evil.example/healthz"), MALFORMED],
  ["an absolute target of this host", get("http://localhost/healthz"), MALFORMED],
  ["an absolute target with https", get("https://localhost/healthz"), MALFORMED],
  ["an authority as target", get("evil.example:80"), MALFORMED],
  ["no target", line("GET HTTP/1.1"), MALFORMED],
  ["a target without its slash", get("healthz"), MALFORMED],
  ["a target that begins with //", get("//evil.example/healthz"), MALFORMED],
  ["an empty segment", get("/admin//v1"), MALFORMED],
  ["a parent segment", get("/../../etc/passwd"), MALFORMED],
  ["a parent segment at the end", get("/healthz/.."), MALFORMED],
  ["a parent segment before the query", get("/healthz/..?a=1"), MALFORMED],
  ["a segment for the same level", get("/./healthz"), MALFORMED],
  ["an encoded parent segment", get("/%2e%2e/healthz"), MALFORMED],
  ["a half encoded parent segment", get("/.%2E/healthz"), MALFORMED],
  ["an encoded segment for the same level", get("/a/%2E"), MALFORMED],
  ["three dots, which mean nothing", get("/.../healthz"), UNKNOWN],
  ["a parent segment with a parameter", get("/..;/healthz"), UNKNOWN],
  ["a twice encoded parent segment, which is a name", get("/%252e%252e/healthz"), UNKNOWN],
  ["an encoded NUL in the path", get("/healthz%00"), MALFORMED],
  ["an encoded NUL in the query", get("/healthz?a=%00"), MALFORMED],
  ["half a percent encoding", get("/healthz%2"), MALFORMED],
  ["a percent encoding of no hex digits", get("/health%zz"), MALFORMED],
  ["a percent sign alone in the query", get("/healthz?a=100%"), MALFORMED],
  ["a backslash", get("/..\\healthz"), MALFORMED],
  ["a fragment", get("/healthz#top"), MALFORMED],
  ["a raw byte above ASCII", get("/health\xe9"), MALFORMED],
  ["raw UTF-8", get("/health\xc3\xa9"), MALFORMED],
  ["DEL in the path", get("/health\x7fz"), MALFORMED],
  ["a control character in the path", get("/health\x01z"), MALFORMED],
  ["a tab in the path", get("/health\tz"), MALFORMED],
  ["a space in the path", get("/health z"), MALFORMED],
  ["an encoded path that is not UTF-8", get(`${DEVICE}/%ff`), MALFORMED],
  ["an encoded path of half a surrogate pair", get(`${DEVICE}/%ed%a0%80`), MALFORMED],
  ["an encoded slash in a device id", get(`${DEVICE}/a%2Fb`), OK],
  ["a bare slash in a device id", get(`${DEVICE}/a/b`), OK],
  ["an empty device id", get(`${DEVICE}/`), UNKNOWN],
  ["dots in the query", get("/healthz?path=../../etc"), OK],
  ["an empty query", get("/healthz?"), OK],
  ["a query parameter twice", get(`${DEVICE}/a?b=1&b=2`), MALFORMED],
  ["a query that is not UTF-8", get(`${DEVICE}/a?b=%ff`), MALFORMED],
  ["the application id `admin`", get("/admin/v1/messaging/registrations/a"), UNKNOWN],
  ["the application id `__proto__`", get("/__proto__/x/messaging/registrations/a"), KEY_ERROR],
  ["a target of 8000 characters", get(`/healthz?${"a".repeat(7991)}`), OK],
  ["a target of 8001 characters", get(`/healthz?${"a".repeat(7992)}`), { status: 414, code: 90001 }],
  ["a target of 20 000 characters", get(`/healthz?${"a".repeat(20_000)}`), HEADERS_TOO_LARGE],
])

/** The beginning of a TLS 1.3 ClientHello. */
const CLIENT_HELLO = Buffer.from("16030100c8010000c40303".concat("5a".repeat(194)), "hex")
const PROXY_V2 = Buffer.from("0d0a0d0a000d0a515549540a2111000c7f0000017f00000104d20050", "hex")

export const otherProtocols = rows([
  ["the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", MALFORMED],
  ["a TLS ClientHello", CLIENT_HELLO, MALFORMED],
  ["a TLS alert", Buffer.from("15030100020228", "hex"), MALFORMED],
  ["an SSH banner", "SSH-2.0-OpenSSH_9.6\r\n", MALFORMED],
  ["SMTP", "EHLO mail.example\r\n", MALFORMED],
  ["Redis", "*1\r\n$4\r\nPING\r\n", MALFORMED],
  [
    "a PROXY header in text",
    `PROXY TCP4 10.0.0.1 10.0.0.2 5000 80\r\n${line("GET /healthz HTTP/1.1")}`,
    MALFORMED,
  ],
  ["a PROXY header in binary", PROXY_V2, MALFORMED],
  ["NUL bytes", "\0\0\0\0\0\0\0\0", MALFORMED],
  ["bytes of 0xff", "\xff\xff\xff\xff", MALFORMED],
  ["a response instead of a request", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", MALFORMED],
])
