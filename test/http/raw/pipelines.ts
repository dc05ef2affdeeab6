import {
  type Answer,
  BAD_JSON,
  chunked,
  ECHO,
  get,
  HOST,
  JSON_TYPE,
  MALFORMED,
  OK,
  post,
  postFramed,
  request,
  rows,
  TIMEOUT,
  TOO_LARGE,
  UNKNOWN,
  WRONG_TYPE,
} from "./case.ts"

/** Several requests on one connection: one answer each, in order, and none for what follows a refusal. */

const GET = get("/healthz")
const RUBBISH = "\0rubbish\r\n\r\n"
const HEAD: Answer = { status: 200, head: true }
const unauthorised = (framing: string, body: string) =>
  request("DELETE /admin/v1/status/a HTTP/1.1", [HOST, JSON_TYPE, framing], body)

export const pipelines = rows([
  ["two requests at once", GET + GET, OK, OK],
  ["fifty requests at once", GET.repeat(50), ...Array.from({ length: 50 }, () => OK)],
  ["a body, then a request", post('{"a":1}') + GET, OK, OK],
  ["chunks, then a request", chunked("2\r\n{}\r\n0\r\n\r\n") + GET, OK, OK],
  ["empty lines between requests", `${GET}\r\n\r\n${GET}`, OK, OK],
  ["rubbish behind a request", GET + RUBBISH, OK, MALFORMED],
  ["rubbish behind two requests", GET + post("{}") + RUBBISH, OK, OK, MALFORMED],
  ["a request behind rubbish", RUBBISH + GET, MALFORMED],
  ["a request behind a refused one", get("//") + GET, MALFORMED],
  ["a refused request behind a good one", post("{}") + get("//") + GET, OK, MALFORMED],
  ["a request behind two Hosts", get("/healthz", "Host: evil") + GET, MALFORMED],
  [
    "a request in the body of a GET",
    request("GET /healthz HTTP/1.1", [HOST, `Content-Length: ${GET.length}`], GET),
    MALFORMED,
  ],
  [
    "a request behind a body that is too short for its length",
    postFramed(["Content-Length: 1"], "{}") + GET,
    BAD_JSON,
    MALFORMED,
  ],
  [
    "a request behind an unknown path with a body",
    request("POST /nowhere HTTP/1.1", [HOST, JSON_TYPE, "Content-Length: 2"], "{}") + GET,
    UNKNOWN,
    OK,
  ],
  ["a request behind a body that is not JSON", post("{") + GET, BAD_JSON, OK],
  [
    "a request behind a body of the wrong type",
    request(`POST ${ECHO} HTTP/1.1`, [HOST, "Content-Type: text/plain", "Content-Length: 2"], "{}") + GET,
    WRONG_TYPE,
  ],
  ["a request behind a body above the limit", post("a".repeat(70_000)) + GET, TOO_LARGE, OK],
  [
    "a request behind an unauthorised one with a body",
    unauthorised("Content-Length: 2", "{}") + GET,
    { status: 401, code: 90010 },
    OK,
  ],
  ["broken chunks behind a good request", GET + chunked("zz\r\n") + GET, OK, MALFORMED],
  [
    "a body that never ends behind a good request",
    GET + postFramed(["Content-Length: 9"], "{}"),
    OK,
    TIMEOUT,
  ],
  ["a body above the limit that never ends", postFramed(["Content-Length: 90000"], "{}"), TOO_LARGE],
  ["HEAD, then GET", request("HEAD /healthz HTTP/1.1", [HOST]) + GET, HEAD, OK],
  ["a refused HEAD", request("HEAD //healthz HTTP/1.1", [HOST]), { status: 400, head: true }],
  ["a request behind Connection: close", get("/healthz", "Connection: close") + GET, OK],
  ["rubbish behind Connection: close", get("/healthz", "Connection: close") + RUBBISH, OK],
  ["a request behind HTTP/1.0", request("GET /healthz HTTP/1.0", [HOST]) + GET, OK],
  ["HTTP/1.0 kept alive", request("GET /healthz HTTP/1.0", [HOST, "Connection: keep-alive"]) + GET, OK, OK],
  [
    "CONNECT behind a good request",
    GET + request("CONNECT a.example:443 HTTP/1.1", [HOST]) + GET,
    OK,
    MALFORMED,
  ],
  ["the HTTP/2 preface behind a good request", `${GET}PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`, OK, MALFORMED],
  [
    "Expect: 100-continue behind a good request",
    GET + post("{}", "Expect: 100-continue") + GET,
    OK,
    { status: 417, code: 90001 },
  ],
])
