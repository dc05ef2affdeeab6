import { type Answer, get, HOST, JSON_TYPE, type RawCase, type Row, request, rows } from "./case.ts"

/** Hostile requests to the real surfaces: users, management and Console. `base` is `/<application-id>/<api-key>`. */

const answer = (status: number, code?: number): Answer => ({ status, ...(code !== undefined && { code }) })
const OK = answer(200)
const MALFORMED = answer(400, 90_001)
const NO_ROUTE = answer(404, 90_006)
const STRANGER = answer(401, 90_010)
const WRONG_KEY = answer(400, 2002)
const WRONG_METHOD = answer(405, 90_007)
const FORBIDDEN = answer(403, 1011)
const BAD_TOKEN = answer(400, 3064)

const send = (method: string, target: string, body: string, ...headers: string[]) =>
  request(
    `${method} ${target} HTTP/1.1`,
    [HOST, JSON_TYPE, `Content-Length: ${body.length}`, ...headers],
    body,
  )

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
        target.includes("/.") && !/%2e|%2f|%5c|;/i.test(target) ? MALFORMED : NO_ROUTE,
      ],
    ),
    ...page.map((target): Row => [`${target} is the page`, get(target), OK]),
    ["/console leads to the page", get("/console"), answer(308)],
    ["/console with a query leads to the page, without it", get("/console?to=//evil.example"), answer(308)],
    ["/consolex is no Console", get("/consolex"), NO_ROUTE],
    ["/CONSOLE/ is no Console", get("/CONSOLE/"), NO_ROUTE],
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

export function adminCases(): RawCase[] {
  const session = `Cookie: __Host-belfry=${"A".repeat(43)}`
  const login = '{"name":"Anna","password":"correct horse battery"}'
  return rows([
    ["no credentials", get("/admin/v1/applications"), STRANGER],
    ["a token in the query", get(`/admin/v1/applications?access_token=bat_${"A".repeat(43)}`), STRANGER],
    ["a token in lower case scheme", get("/admin/v1/applications", "authorization: bearer x"), STRANGER],
    [
      "two tokens in one header",
      get("/admin/v1/applications", "Authorization: Bearer a, Bearer b"),
      STRANGER,
    ],
    ["two Authorizations", get("/admin/v1/applications", "Authorization: a", "Authorization: b"), MALFORMED],
    [
      "a token of 14 000 characters",
      get("/admin/v1/tokens", `Authorization: Bearer ${"a".repeat(14_000)}`),
      STRANGER,
    ],
    ["a token with spaces", get("/admin/v1/tokens", "Authorization: Bearer    a b c"), STRANGER],
    ["a session that is none", get("/admin/v1/applications", session), STRANGER],
    ["two sessions in one Cookie", get("/admin/v1/applications", `${session}; __Host-belfry=x`), STRANGER],
    ["a session in quotes", get("/admin/v1/applications", 'Cookie: __Host-belfry="x"'), STRANGER],
    ["a cookie of rubbish", get("/admin/v1/applications", "Cookie: ;;;=;=a;__Host-belfry=;a=%00"), STRANGER],
    ["a cookie of 15 000 characters", get("/admin/v1/tokens", `Cookie: a=${"a;".repeat(7_500)}`), STRANGER],
    [
      "a change from another site",
      send("POST", "/admin/v1/tokens", "{}", session, "Sec-Fetch-Site: cross-site"),
      FORBIDDEN,
    ],
    [
      "a change from the origin null",
      send("POST", "/admin/v1/tokens", "{}", session, "Origin: null"),
      FORBIDDEN,
    ],
    [
      "a login from another site",
      send("POST", "/admin/v1/session", login, "Origin: https://evil.example"),
      FORBIDDEN,
    ],
    [
      "a login from an origin that begins like ours",
      send("POST", "/admin/v1/session", login, "Origin: http://localhost.evil.example"),
      FORBIDDEN,
    ],
    [
      "a login of the wrong type",
      request(
        "POST /admin/v1/session HTTP/1.1",
        [HOST, "Content-Type: text/plain", "Content-Length: 2"],
        "{}",
      ),
      answer(415, 90_003),
    ],
    [
      "a login with __proto__",
      send("POST", "/admin/v1/session", '{"__proto__":{"name":"a"},"password":"b"}'),
      answer(400, 90_002),
    ],
    [
      "a login with the password twice",
      send("POST", "/admin/v1/session", '{"name":"a","password":"b","password":"c"}'),
      answer(400, 90_002),
    ],
    [
      "a login with objects for texts",
      send("POST", "/admin/v1/session", '{"name":{"$gt":""},"password":{"$gt":""}}'),
      answer(400, 90_005),
    ],
    ["a setup without a token", send("POST", "/admin/v1/setup", "{}"), STRANGER],
    [
      "a setup with a token that is none",
      send("POST", "/admin/v1/setup", '{"token":"x","name":"Eve","password":"correct horse battery"}'),
      answer(401, 90_010),
    ],
    ["a parent segment", get("/admin/v1/../v1/applications"), MALFORMED],
    ["an encoded parent segment", get("/admin/v1/%2e%2e/%2e%2e/metrics"), MALFORMED],
    ["an encoded slash in a name", get("/admin/v1%2fapplications"), NO_ROUTE],
    ["an empty segment", get("/admin/v1//applications"), MALFORMED],
    ["a slash at the end", get("/admin/v1/applications/"), NO_ROUTE],
    ["other letter case", get("/ADMIN/v1/applications"), NO_ROUTE],
    ["another version", get("/admin/v2/applications"), NO_ROUTE],
    ["an unknown method", request("PATCH /admin/v1/applications HTTP/1.1", [HOST]), WRONG_METHOD],
    [
      "a preflight, which is not for other pages",
      request("OPTIONS /admin/v1/applications HTTP/1.1", [
        HOST,
        "Origin: https://evil.example",
        "Access-Control-Request-Method: GET",
      ]),
      WRONG_METHOD,
    ],
    ["HEAD of a list", request("HEAD /admin/v1/applications HTTP/1.1", [HOST]), { status: 405, head: true }],
    [
      "a method override",
      send(
        "POST",
        "/admin/v1/session",
        login,
        "X-HTTP-Method-Override: DELETE",
        "Origin: https://evil.example",
      ),
      FORBIDDEN,
    ],
    [
      "a body that nobody may send",
      send("POST", "/admin/v1/applications", `{"name":"${"a".repeat(60_000)}"}`),
      STRANGER,
    ],
    [
      "a request behind a refused one",
      send("POST", "/admin/v1/tokens", "{}") + get("/healthz"),
      STRANGER,
      OK,
    ],
    ["/metrics without a token", get("/metrics"), STRANGER],
    ["/metrics with a slash", get("/metrics/"), NO_ROUTE],
    ["/metrics by another method", send("POST", "/metrics", "{}"), WRONG_METHOD],
    [
      "a rewritten URL in a header",
      get("/healthz", "X-Original-URL: /admin/v1/applications", "X-Rewrite-URL: /metrics"),
      OK,
    ],
    [
      "an address in a header that is not believed",
      get("/admin/v1/applications", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: ::1"),
      STRANGER,
    ],
  ])
}

export function userCases(base: string): RawCase[] {
  const login = `${base}/users/login`
  const register = `${base}/users/register`
  const body = '{"login":"a@example.com","password":"b"}'
  return rows([
    ["a login that nobody has", send("POST", login, body), answer(401, 3003)],
    [
      "a login without a body",
      request(`POST ${login} HTTP/1.1`, [HOST, "Content-Length: 0"]),
      answer(400, 90_005),
    ],
    [
      "a login of the wrong type",
      request(`POST ${login} HTTP/1.1`, [HOST, "Content-Type: text/plain", "Content-Length: 2"], "{}"),
      answer(415, 90_003),
    ],
    ["a login that is an array", send("POST", login, "[]"), answer(400, 90_005)],
    ["a login that is null", send("POST", login, "null"), answer(400, 90_005)],
    [
      "a login of operators",
      send("POST", login, '{"login":{"$ne":null},"password":{"$ne":null}}'),
      answer(400, 90_005),
    ],
    [
      "a login with the password twice",
      send("POST", login, '{"login":"a","password":"b","password":"c"}'),
      answer(400, 90_002),
    ],
    [
      "a login with __proto__",
      send("POST", login, '{"login":"a","password":"b","__proto__":{"x":1}}'),
      answer(400, 90_002),
    ],
    [
      "a login with NUL in the password",
      send("POST", login, '{"login":"a","password":"b\\u0000"}'),
      answer(400, 90_005),
    ],
    [
      "a login with half a character",
      send("POST", login, '{"login":"\\ud800","password":"b"}'),
      answer(400, 90_002),
    ],
    ["a login by object id", send("POST", login, '{"objectId":"x"}'), answer(400, 2014)],
    ["a login by GET", get(`${login}?login=a&password=b`), WRONG_METHOD],
    ["a login with a slash at the end", send("POST", `${login}/`, body), NO_ROUTE],
    ["a login with an encoded slash", send("POST", `${base}/users%2flogin`, body), NO_ROUTE],
    ["a login with a parent segment", send("POST", `${base}/users/x/../login`, body), MALFORMED],
    ["a login of another letter case", send("POST", `${base}/Users/Login`, body), NO_ROUTE],
    ["a login with a key that is none", send("POST", "/a/b/users/login", body), WRONG_KEY],
    [
      "a login at the host name of the application",
      send("POST", "/api/users/login", body),
      answer(401, 3003),
    ],
    [
      "a registration of an id",
      send("POST", register, '{"email":"a@example.com","password":"b","id":1}'),
      answer(400, 3039),
    ],
    [
      "a registration without a password",
      send("POST", register, '{"email":"a@example.com"}'),
      answer(400, 3011),
    ],
    ["a registration without an identity", send("POST", register, '{"password":"b"}'), answer(400, 3013)],
    [
      "a registration with an address of two lines",
      send("POST", register, '{"email":"a@example.com\\nBcc: b@example.com","password":"b"}'),
      answer(400, 90_005),
    ],
    [
      "a registration with the constructor",
      send("POST", register, '{"email":"a@example.com","password":"b","constructor":{}}'),
      answer(400, 90_002),
    ],
    ["a user token that is none", get(`${base}/users/userroles`, "user-token: x"), BAD_TOKEN],
    [
      "a user token of 14 000 characters",
      get(`${base}/users/userroles`, `user-token: ${"a".repeat(14_000)}`),
      BAD_TOKEN,
    ],
    ["two user tokens", get(`${base}/users/userroles`, "user-token: a", "user-token: b"), MALFORMED],
    ["a user token above ASCII", get(`${base}/users/userroles`, "user-token: \xe9"), BAD_TOKEN],
    [
      "a JWT without an issuer",
      get(`${base}/users/userroles`, "user-token: eyJhbGciOiJub25lIn0.e30."),
      BAD_TOKEN,
    ],
    ["a session as a user token", get(`${base}/users/userroles`, "Cookie: user-token=x"), OK],
    ["a token to check with encoded slashes", get(`${base}/users/isvalidusertoken/..%2f..%2fuserroles`), OK],
    ["a token to check of one encoded character", get(`${base}/users/isvalidusertoken/%f0%9f%94%94`), OK],
    ["a token to check that is no UTF-8", get(`${base}/users/isvalidusertoken/%ff`), MALFORMED],
    ["a token to check that is none at all", get(`${base}/users/isvalidusertoken/`), NO_ROUTE],
    ["a logout without a login", get(`${base}/users/logout`), OK],
    ["a logout by POST", send("POST", `${base}/users/logout`, "{}"), WRONG_METHOD],
    [
      "a request in the body of a login",
      send("POST", login, get("/healthz")) + get("/healthz"),
      answer(400, 90_002),
      OK,
    ],
    [
      "the application's id twice",
      get(`${base.split("/").slice(0, 2).join("/")}${base}/users/userroles`),
      NO_ROUTE,
    ],
    ["an encoded key", get(`${base.replace(/-/g, "%2d")}/users/userroles`), OK],
    ["a twice encoded key", get(`${base.replace(/-/g, "%252d")}/users/userroles`), WRONG_KEY],
  ])
}
