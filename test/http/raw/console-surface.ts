import {
  get,
  HOST,
  JSON_TYPE,
  MALFORMED,
  OK,
  type RawCase,
  type Row,
  request,
  rows,
  send,
  UNKNOWN,
  WRONG_METHOD,
} from "./case.ts"

/** Hostile requests to the Console's files. */
export function consoleCases(): RawCase[] {
  const escapes = [
    "/console/../etc/passwd",
    "/console/assets/../../package.json",
    "/console/%2e%2e/package.json",
    "/console/assets/%2e%2e/%2e%2e/package.json",
    "/console/assets/.%2e/index.html",
    "/console//etc/passwd",
    "/console/assets//index.html",
    "/console/\\..\\package.json",
    "/console/%00",
    "/console/assets/index.html%00.js",
    "//console/",
    "/console/./index.html",
  ]
  const names = [
    "/console/assets/..%2f..%2fpackage.json",
    "/console/assets/..%5c..%5cpackage.json",
    "/console/assets/%252e%252e/package.json",
    "/console/assets/%252e%252e%252fpackage.json",
    "/console/assets/..;/..;/package.json",
    "/console/assets/",
    "/console/assets/.",
    "/console/assets/__proto__",
    "/console/assets/constructor",
    "/console/assets/index.html",
    "/console/assets/%69ndex.js",
    "/console/assets/file:%2f%2f%2fetc%2fpasswd",
    "/console/assets/../assets",
  ]
  const page = [
    "/console/..%2f..%2fetc%2fpasswd",
    "/console/%252e%252e/",
    "/console/index.html",
    "/console/?file=../../etc/passwd",
    "/console/constructor",
    "/console/..;/admin/v1/applications",
    "/console/%3Cscript%3Ealert(1)%3C/script%3E",
  ]
  return rows([
    ...escapes.map((target): Row => [`${target} is malformed`, get(target), MALFORMED]),
    ...names.map(
      (target): Row => [
        `${target} is no file`,
        get(target),
        target.includes("/.") && !/%2e|%2f|%5c|;/i.test(target) ? MALFORMED : UNKNOWN,
      ],
    ),
    ...page.map((target): Row => [`${target} is the page`, get(target), OK]),
    ["/console leads to the page", get("/console"), { status: 308 }],
    [
      "/console with a query leads to the page, without it",
      get("/console?to=//evil.example"),
      { status: 308 },
    ],
    ["/consolex is no Console", get("/consolex"), UNKNOWN],
    ["/CONSOLE/ is no Console", get("/CONSOLE/"), UNKNOWN],
    ["HEAD of the page", request("HEAD /console/ HTTP/1.1", [HOST]), { status: 200, head: true }],
    ["POST to the page", send("POST", "/console/", "{}"), WRONG_METHOD],
    [
      "DELETE of a file",
      request("DELETE /console/assets/index.js HTTP/1.1", [HOST, JSON_TYPE]),
      WRONG_METHOD,
    ],
    ["PUT of a file", send("PUT", "/console/assets/evil.js", '"evil"'), WRONG_METHOD],
    [
      "a request in the body of a POST to the page",
      send("POST", "/console/", get("/admin/v1/setup")) + get("/healthz"),
      WRONG_METHOD,
      OK,
    ],
    [
      "a request in the body of a GET of the page",
      request("GET /console/ HTTP/1.1", [HOST, `Content-Length: ${get("/healthz").length}`], get("/healthz")),
      MALFORMED,
    ],
    [
      "chunks in a GET of the page",
      request("GET /console/ HTTP/1.1", [HOST, "Transfer-Encoding: chunked"], "0\r\n\r\n"),
      MALFORMED,
    ],
    [
      "two lengths in a POST to the page",
      request("POST /console/ HTTP/1.1", [HOST, "Content-Length: 2", "Content-Length: 30"], "{}") +
        get("/healthz"),
      MALFORMED,
    ],
    [
      "length and chunks in a POST to the page",
      request(
        "POST /console/ HTTP/1.1",
        [HOST, "Content-Length: 5", "Transfer-Encoding: chunked"],
        `0\r\n\r\n${get("/healthz")}`,
      ),
      MALFORMED,
    ],
    ["a range of the page, which is answered whole", get("/console/", "Range: bytes=0-0"), OK],
    ["ten thousand codings of the page", get("/console/", `Accept-Encoding: ${"br;q=0,".repeat(1_500)}`), OK],
    ["the page between two other requests", get("/healthz") + get("/console/") + get("/healthz"), OK, OK, OK],
    ["an absolute target of the page", get("http://localhost/console/"), MALFORMED],
  ])
}
