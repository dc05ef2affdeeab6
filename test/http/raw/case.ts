import { KEY_URL } from "../toy-server.ts"

/** One hostile (or merely odd) exchange: bytes on a fresh connection, and every answer that may come back. */
export interface RawCase {
  readonly name: string
  /** Text stands for its bytes in latin1. */
  readonly send: string | Buffer
  /** In order; none at all means that the connection is closed without a word. */
  readonly answers: readonly Answer[]
  /** Sends FIN after the bytes. */
  readonly halfClose?: true
}

export interface Answer {
  readonly status: number
  /** The `code` of the error envelope; undefined for a success, and where no body comes. */
  readonly code?: number
  /** The answer to a HEAD request: no body follows its headers. */
  readonly head?: true
}

export const OK: Answer = { status: 200 }
export const MALFORMED: Answer = { status: 400, code: 90001 }
export const BAD_JSON: Answer = { status: 400, code: 90002 }
export const WRONG_TYPE: Answer = { status: 415, code: 90003 }
export const TOO_LARGE: Answer = { status: 413, code: 90004 }
export const INVALID: Answer = { status: 400, code: 90005 }
export const WRONG_METHOD: Answer = { status: 405, code: 90007 }
export const STRANGER: Answer = { status: 401, code: 90010 }
export const FORBIDDEN: Answer = { status: 403, code: 1011 }
export const UNKNOWN: Answer = { status: 404, code: 90006 }
export const TIMEOUT: Answer = { status: 408, code: 90009 }
export const HEADERS_TOO_LARGE: Answer = { status: 431, code: 90001 }
export const KEY_ERROR: Answer = { status: 400, code: 2002 }
export const EXPECTATION: Answer = { status: 417, code: 90001 }

export const ECHO = `${KEY_URL}/messaging/echo`
export const DEVICE = `${KEY_URL}/messaging/registrations`
export const HOST = "Host: localhost"
export const JSON_TYPE = "Content-Type: application/json"

/** A request with CRLF line ends. */
export function request(line: string, headers: readonly string[], body = ""): string {
  return [line, ...headers, "", body].join("\r\n")
}

export function get(target: string, ...headers: string[]): string {
  return request(`GET ${target} HTTP/1.1`, [HOST, ...headers])
}

/** A request with a body of JSON and its length. */
export function send(method: string, target: string, body: string, ...headers: string[]): string {
  return request(
    `${method} ${target} HTTP/1.1`,
    [HOST, JSON_TYPE, `Content-Length: ${body.length}`, ...headers],
    body,
  )
}

/** A POST to the echo route of a body with its length, or with the given framing headers instead. */
export function post(body: string, ...headers: string[]): string {
  return send("POST", ECHO, body, ...headers)
}

export function postFramed(framing: readonly string[], body: string): string {
  return request(`POST ${ECHO} HTTP/1.1`, [HOST, JSON_TYPE, ...framing], body)
}

export function chunked(body: string, ...framing: string[]): string {
  return postFramed(["Transfer-Encoding: chunked", ...framing], body)
}

export type Row = readonly [name: string, send: string | Buffer, ...answers: Answer[]]

export function rows(table: readonly Row[]): RawCase[] {
  return table.map(([name, send, ...answers]) => ({ name, send, answers }))
}

/** Bodies that are posted to one place: `what` it is, how this one is odd, the body, the verdict. */
export function postedRows(
  target: string,
  what: string,
  table: readonly (readonly [how: string, body: string, answer: Answer])[],
): Row[] {
  return table.map(([how, body, answer]) => [`${what} ${how}`, send("POST", target, body), answer])
}
