import type { ServerResponse } from "node:http"
import { CORS_HEADERS } from "./app.ts"
import { ANSWER_HEADERS } from "./connections.ts"
import type { ErrorReply } from "./errors.ts"
import type { PlainAnswer } from "./plain-lane.ts"

/** How lanes of the Backendless surface answer, over a response of node:http or without one. */

/** Writes an answer, with headers besides those of every answer of a lane. */
export type Answer = (status: number, headers: Readonly<Record<string, string>>, body: string) => void

export const NO_HEADERS: Readonly<Record<string, string>> = {}

const LANE_HEADERS = Object.entries({ ...ANSWER_HEADERS, ...CORS_HEADERS })
const LANE_HEADER_LIST = LANE_HEADERS.flat()
const LANE_FIELDS = LANE_HEADERS.map(([name, value]) => `${name}: ${value}\r\n`).join("")

export function fail(answer: Answer, { status, headers, body }: ErrorReply): void {
  answer(status, headers, JSON.stringify(body))
}

export function plainAnswer(write: PlainAnswer): Answer {
  return (status, headers, body) => write(status, fieldsOf(headers), body)
}

function fieldsOf(headers: Readonly<Record<string, string>>): string {
  if (headers === NO_HEADERS) return LANE_FIELDS
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return LANE_FIELDS + lines.join("")
}

export function answerTo(response: ServerResponse): Answer {
  return (status, headers, body) => {
    if (response.headersSent) return
    const length = Buffer.byteLength(body)
    response.writeHead(status, [
      ...LANE_HEADER_LIST,
      ...Object.entries(headers).flat(),
      "content-length",
      String(length),
    ])
    // Plain ASCII, as nearly always: written without being encoded.
    response.end(body, length === body.length ? "latin1" : "utf8")
  }
}
