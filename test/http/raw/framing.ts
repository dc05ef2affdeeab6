import {
  chunked,
  DEVICE,
  ECHO,
  get,
  HEADERS_TOO_LARGE,
  HOST,
  JSON_TYPE,
  MALFORMED,
  OK,
  postFramed,
  type RawCase,
  request,
  rows,
  TIMEOUT,
  TOO_LARGE,
} from "./case.ts"

/** Where a body ends: the games with Content-Length and Transfer-Encoding that request smuggling is made of. */

const length = (value: string, body = "{}") => postFramed([`Content-Length: ${value}`], body)
const encoding = (value: string, body = "2\r\n{}\r\n0\r\n\r\n") =>
  postFramed([`Transfer-Encoding: ${value}`], body)

export const lengths = rows([
  ["a length", length("2"), OK],
  ["a length with zeros before it", length("0002"), OK],
  ["a length with spaces around it", length("  2  "), OK],
  ["a length of zero", length("0", ""), OK],
  ["two equal lengths", postFramed(["Content-Length: 2", "Content-Length: 2"], "{}"), MALFORMED],
  ["two different lengths", postFramed(["Content-Length: 2", "Content-Length: 5"], "{}abc"), MALFORMED],
  ["a list of equal lengths", length("2, 2"), MALFORMED],
  ["a length with a sign", length("+2"), MALFORMED],
  ["a negative length", length("-2"), MALFORMED],
  ["a length in hexadecimal", length("0x2"), MALFORMED],
  ["a length with an exponent", length("2e0"), MALFORMED],
  ["a fraction", length("2.0"), MALFORMED],
  ["two numbers", length("2 2"), MALFORMED],
  ["a number and a letter", length("2a"), MALFORMED],
  ["an empty length", length(""), MALFORMED],
  ["a length beyond 64 bits", length("99999999999999999999999"), MALFORMED],
  ["a length with a vertical tab", length("2\x0b"), MALFORMED],
  ["a length with a no-break space", length("\xa02"), MALFORMED],
  ["a space before the colon of a length", postFramed(["Content-Length : 2"], "{}"), MALFORMED],
  ["a folded length", postFramed(["Content-Length:", " 2"], "{}"), MALFORMED],
  ["a length that hides behind a bare LF", postFramed(["X-A: a\nContent-Length: 2"], "{}"), MALFORMED],
  ["a length that never arrives", length("10"), TIMEOUT],
  ["a length above the limit", length("70000", ""), TOO_LARGE],
  ["a GET with a length of zero", get("/healthz", "Content-Length: 0"), OK],
  [
    "a GET with a body",
    request("GET /healthz HTTP/1.1", [HOST, JSON_TYPE, "Content-Length: 2"], "{}"),
    MALFORMED,
  ],
  [
    "a GET with a chunked body",
    request("GET /healthz HTTP/1.1", [HOST, JSON_TYPE, "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    MALFORMED,
  ],
  [
    "a DELETE with a body",
    request(`DELETE ${DEVICE}/a HTTP/1.1`, [HOST, JSON_TYPE, "Content-Length: 2"], "{}"),
    OK,
  ],
  ["a POST without a length", request(`POST ${ECHO} HTTP/1.1`, [HOST, JSON_TYPE]), OK],
])

const both = ["Content-Length: 2", "Transfer-Encoding: chunked"]

export const encodings = rows([
  ["a chunked body", encoding("chunked"), OK],
  ["a length, then an encoding", postFramed(both, "0\r\n\r\n"), MALFORMED],
  ["an encoding, then a length", postFramed(both.toReversed(), "0\r\n\r\n"), MALFORMED],
  [
    "a length of zero and an encoding",
    postFramed(["Content-Length: 0", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    MALFORMED,
  ],
  ["chunked twice in one header", encoding("chunked, chunked"), MALFORMED],
  [
    "chunked twice in two headers",
    postFramed(["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    MALFORMED,
  ],
  ["chunked, then identity", encoding("chunked, identity"), MALFORMED],
  ["identity, then chunked", encoding("identity, chunked"), MALFORMED],
  ["gzip, then chunked", encoding("gzip, chunked"), MALFORMED],
  ["identity alone", encoding("identity"), MALFORMED],
  [
    "identity with a length",
    postFramed(["Transfer-Encoding: identity", "Content-Length: 2"], "{}"),
    MALFORMED,
  ],
  ["an unknown encoding", encoding("xchunked"), MALFORMED],
  ["chunked in capitals", encoding("CHUNKED"), MALFORMED],
  ["chunked in quotes", encoding('"chunked"'), MALFORMED],
  ["chunked with a vertical tab", encoding("\x0bchunked"), MALFORMED],
  ["chunked with a parameter", encoding("chunked;a=b"), MALFORMED],
  ["chunked behind a comma", encoding(",chunked"), MALFORMED],
  ["chunked on a folded line", postFramed(["Transfer-Encoding:", " chunked"], "0\r\n\r\n"), MALFORMED],
  ["a space before the colon", postFramed(["Transfer-Encoding : chunked"], "0\r\n\r\n"), MALFORMED],
  ["an empty encoding", encoding(""), MALFORMED],
  [
    "an encoding in HTTP/1.0",
    request(`POST ${ECHO} HTTP/1.0`, [HOST, JSON_TYPE, "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    MALFORMED,
  ],
  [
    "a name that only looks like it",
    postFramed(["Transfer_Encoding: chunked", "Content-Length: 2"], "{}"),
    OK,
  ],
])

export const chunks = rows([
  ["two chunks", chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), OK],
  ["a size in capitals with zeros", chunked("0002\r\n{}\r\n000\r\n\r\n"), OK],
  ["a chunk extension", chunked("2;a=b\r\n{}\r\n0\r\n\r\n"), OK],
  ["a chunk extension in quotes", chunked('2;a="b;c"\r\n{}\r\n0\r\n\r\n'), OK],
  ["a chunk extension of 20 000 bytes", chunked(`2;a=${"b".repeat(20_000)}\r\n{}\r\n0\r\n\r\n`), MALFORMED],
  ["a chunk extension with a bare LF", chunked("2;a\nb\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a trailer", chunked("2\r\n{}\r\n0\r\nX-A: a\r\n\r\n"), OK],
  [
    "a trailer that would be a second length",
    chunked("2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"),
    MALFORMED,
  ],
  [
    "a trailer of 20 000 bytes",
    chunked(`2\r\n{}\r\n0\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`),
    HEADERS_TOO_LARGE,
  ],
  ["a trailer without a colon", chunked("2\r\n{}\r\n0\r\nRubbish\r\n\r\n"), MALFORMED],
  ["no chunk size", chunked("\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size that is no number", chunked("zz\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a negative chunk size", chunked("-2\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size with a prefix", chunked("0x2\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size with a space before it", chunked(" 2\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size with a space behind it", chunked("2 \r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size beyond 64 bits", chunked("10000000000000002\r\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk that is longer than its size", chunked("2\r\n{}abc\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk size that ends with LF", chunked("2\n{}\r\n0\r\n\r\n"), MALFORMED],
  ["a chunk that ends with LF", chunked("2\r\n{}\n0\r\n\r\n"), MALFORMED],
  ["a chunk size that ends with CR", chunked("2\r{}\r\n0\r\n\r\n"), MALFORMED],
  ["a missing last chunk", chunked("2\r\n{}\r\n"), TIMEOUT],
  ["a last chunk without its end", chunked("2\r\n{}\r\n0\r\n"), TIMEOUT],
  [
    "chunks above the limit",
    chunked(`${"8000\r\n".concat("a".repeat(0x8000), "\r\n").repeat(3)}0\r\n\r\n`),
    TOO_LARGE,
  ],
])

/** The client goes away in the middle: an answer is allowed, none is needed, two are wrong. */
export const cutShort: RawCase[] = [
  { name: "the client leaves in the request line", send: "GET /hea", answers: [MALFORMED], halfClose: true },
  {
    name: "the client leaves in a header",
    send: `GET /healthz HTTP/1.1\r\n${HOST}\r\nX-A: a`,
    answers: [MALFORMED],
    halfClose: true,
  },
  {
    name: "the client leaves before the body",
    send: length("10", ""),
    answers: [MALFORMED],
    halfClose: true,
  },
  { name: "the client leaves in the body", send: length("10", "{}"), answers: [MALFORMED], halfClose: true },
  { name: "the client leaves in a chunk", send: chunked("5\r\n{}"), answers: [MALFORMED], halfClose: true },
  { name: "the client leaves without a word", send: "", answers: [], halfClose: true },
]
