import {
  BAD_JSON,
  FORBIDDEN,
  get,
  HOST,
  INVALID,
  MALFORMED,
  OK,
  postedRows,
  type RawCase,
  request,
  rows,
  STRANGER,
  send,
  UNKNOWN,
  WRONG_METHOD,
  WRONG_TYPE,
} from "./case.ts"

/** Hostile requests to the management API and the metrics. */
export function adminCases(): RawCase[] {
  const session = `Cookie: __Host-belfry=${"A".repeat(43)}`
  const login = '{"name":"Anna","password":"correct horse battery"}'
  return rows([
    ...postedRows("/admin/v1/session", "a login", [
      ["with __proto__", '{"__proto__":{"name":"a"},"password":"b"}', BAD_JSON],
      ["with the password twice", '{"name":"a","password":"b","password":"c"}', BAD_JSON],
      ["with objects for texts", '{"name":{"$gt":""},"password":{"$gt":""}}', INVALID],
    ]),
    ...postedRows("/admin/v1/setup", "a setup", [
      ["without a token", "{}", STRANGER],
      [
        "with a token that is none",
        '{"token":"x","name":"Eve","password":"correct horse battery"}',
        STRANGER,
      ],
    ]),
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
      WRONG_TYPE,
    ],
    ["a parent segment", get("/admin/v1/../v1/applications"), MALFORMED],
    ["an encoded parent segment", get("/admin/v1/%2e%2e/%2e%2e/metrics"), MALFORMED],
    ["an encoded slash in a name", get("/admin/v1%2fapplications"), UNKNOWN],
    ["an empty segment", get("/admin/v1//applications"), MALFORMED],
    ["a slash at the end", get("/admin/v1/applications/"), UNKNOWN],
    ["other letter case", get("/ADMIN/v1/applications"), UNKNOWN],
    ["another version", get("/admin/v2/applications"), UNKNOWN],
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
    ["/metrics with a slash", get("/metrics/"), UNKNOWN],
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
