import {
  type Answer,
  BAD_JSON,
  get,
  HOST,
  INVALID,
  KEY_ERROR,
  MALFORMED,
  OK,
  postedRows,
  type RawCase,
  request,
  rows,
  send,
  UNKNOWN,
  WRONG_METHOD,
  WRONG_TYPE,
} from "./case.ts"

const BAD_TOKEN: Answer = { status: 400, code: 3064 }

/** Hostile requests to the calls of users. `base` is `/<application-id>/<api-key>`. */
export function userCases(base: string): RawCase[] {
  const login = `${base}/users/login`
  const register = `${base}/users/register`
  const body = '{"login":"a@example.com","password":"b"}'
  return rows([
    ...postedRows(login, "a login", [
      ["that nobody has", body, { status: 401, code: 3003 }],
      ["that is an array", "[]", INVALID],
      ["that is null", "null", INVALID],
      ["of operators", '{"login":{"$ne":null},"password":{"$ne":null}}', INVALID],
      ["with the password twice", '{"login":"a","password":"b","password":"c"}', BAD_JSON],
      ["with __proto__", '{"login":"a","password":"b","__proto__":{"x":1}}', BAD_JSON],
      ["with NUL in the password", '{"login":"a","password":"b\\u0000"}', INVALID],
      ["with half a character", '{"login":"\\ud800","password":"b"}', BAD_JSON],
      ["by object id", '{"objectId":"x"}', { status: 400, code: 2014 }],
    ]),
    ...postedRows(register, "a registration", [
      ["of an id", '{"email":"a@example.com","password":"b","id":1}', { status: 400, code: 3039 }],
      ["without a password", '{"email":"a@example.com"}', { status: 400, code: 3011 }],
      ["without an identity", '{"password":"b"}', { status: 400, code: 3013 }],
      [
        "with an address of two lines",
        '{"email":"a@example.com\\nBcc: b@example.com","password":"b"}',
        INVALID,
      ],
      ["with the constructor", '{"email":"a@example.com","password":"b","constructor":{}}', BAD_JSON],
    ]),
    ["a login without a body", request(`POST ${login} HTTP/1.1`, [HOST, "Content-Length: 0"]), INVALID],
    [
      "a login of the wrong type",
      request(`POST ${login} HTTP/1.1`, [HOST, "Content-Type: text/plain", "Content-Length: 2"], "{}"),
      WRONG_TYPE,
    ],
    ["a login by GET", get(`${login}?login=a&password=b`), WRONG_METHOD],
    ["a login with a slash at the end", send("POST", `${login}/`, body), UNKNOWN],
    ["a login with an encoded slash", send("POST", `${base}/users%2flogin`, body), UNKNOWN],
    ["a login with a parent segment", send("POST", `${base}/users/x/../login`, body), MALFORMED],
    ["a login of another letter case", send("POST", `${base}/Users/Login`, body), UNKNOWN],
    ["a login with a key that is none", send("POST", "/a/b/users/login", body), KEY_ERROR],
    [
      "a login at the host name of the application",
      send("POST", "/api/users/login", body),
      { status: 401, code: 3003 },
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
    ["a token to check that is none at all", get(`${base}/users/isvalidusertoken/`), UNKNOWN],
    ["a logout without a login", get(`${base}/users/logout`), OK],
    ["a logout by POST", send("POST", `${base}/users/logout`, "{}"), WRONG_METHOD],
    [
      "a request in the body of a login",
      send("POST", login, get("/healthz")) + get("/healthz"),
      BAD_JSON,
      OK,
    ],
    [
      "the application's id twice",
      get(`${base.split("/").slice(0, 2).join("/")}${base}/users/userroles`),
      UNKNOWN,
    ],
    ["an encoded key", get(`${base.replace(/-/g, "%2d")}/users/userroles`), OK],
    ["a twice encoded key", get(`${base.replace(/-/g, "%252d")}/users/userroles`), KEY_ERROR],
  ])
}
