import type { IncomingMessage, ServerResponse } from "node:http"
import type { Limits } from "../domain/limits.ts"
import type { Permission } from "../domain/permission.ts"
import { authorizeChannels } from "../policy/authorize.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import type { Services } from "../service/services.ts"
import { CORS_HEADERS, type FastLane } from "./app.ts"
import { decodeRegistration } from "./backendless/decode.ts"
import { encodeRegistrationResult } from "./backendless/encode.ts"
import { ANSWER_HEADERS } from "./connections.ts"
import type { ErrorReply } from "./errors.ts"
import { type BodyReader, parseJsonBody, readBody } from "./json-body.ts"

export interface RegistrationLaneOptions {
  readonly services: Services
  readonly limits: Limits
  /** The caller if it was authenticated within the last seconds; undefined leaves the request to the route. */
  readonly rememberedKey: (applicationId: string, apiKey: string) => KeyPrincipal | undefined
  /** The same with a user token. Defaults to leaving such requests to the route. */
  readonly rememberedUser?: (holder: KeyPrincipal, token: string) => KeyPrincipal | undefined
  readonly authorize: (principal: Principal, permission: Permission) => void
  /** Counts the request; false leaves it to the route, which looks at the rate limits more closely. Defaults to no limits. */
  readonly mayPass?: (request: IncomingMessage, principal: KeyPrincipal) => boolean
  readonly reply: (error: unknown) => ErrorReply
}

const PATH_END = "/messaging/registrations"
const ANSWER_HEADER_LIST = Object.entries({ ...ANSWER_HEADERS, ...CORS_HEADERS }).flat()

/**
 * The registration route without the framework, which costs a quarter of a bare node:http server (baselines 1): what the
 * product exists for. It serves the plain case, ids in the path and a caller known from a moment ago, with the same
 * decoder, service and encoder as the route in backendless/routes/registrations.ts; everything else is left to that.
 */
export function registrationLane(options: RegistrationLaneOptions): FastLane {
  const { services, limits } = options
  return (request, response) => {
    const principal = callerOf(request, options)
    if (principal === undefined || options.mayPass?.(request, principal) === false) return false
    options.authorize(principal, "device:register")
    readWhole(request, limits.bodyBytes, (fault, body) => {
      if (fault !== undefined) return fail(response, options.reply(fault))
      try {
        const parsed = parseJsonBody(body, limits)
        const registration = services.devices.decoded((now) => decodeRegistration(parsed, now, limits))
        const register = () =>
          services.devices.register(principal.application.number, registration, principal.claim)
        const { channels } = registration
        const authorized = authorizeChannels(principal, "device:register", channels, services.permissions)
        const registered = authorized === undefined ? register() : authorized.then(register)
        registered.then(
          (device) => succeed(response, JSON.stringify(encodeRegistrationResult(device))),
          (error: unknown) => fail(response, options.reply(error)),
        )
      } catch (error) {
        fail(response, options.reply(error))
      }
    })
    return true
  }
}

/**
 * The body of a request with a Content-Length: node:http hands out no more than that. When the connection ends before
 * the body does, nobody is left to be answered.
 */
function readWhole(request: IncomingMessage, bytesMax: number, done: BodyReader): void {
  if (Number(request.headers["content-length"]) > bytesMax) {
    readBody(request, bytesMax, done)
    return
  }
  const chunks: Buffer[] = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () =>
    done(undefined, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
  )
}

function callerOf(request: IncomingMessage, options: RegistrationLaneOptions): KeyPrincipal | undefined {
  const { url, method, headers } = request
  if (method !== "POST" || url === undefined || !url.endsWith(PATH_END)) return undefined
  // Bodies of no length or of unknown length are the route's.
  if (!(Number(headers["content-length"]) > 0)) return undefined
  const keyStart = url.indexOf("/", 1) + 1
  const keyEnd = url.length - PATH_END.length
  if (keyStart === 0 || keyStart > keyEnd || url.indexOf("/", keyStart) !== keyEnd) return undefined
  const holder = options.rememberedKey(url.slice(1, keyStart - 1), url.slice(keyStart, keyEnd))
  const userToken = headers["user-token"]
  if (userToken === undefined || holder === undefined) return holder
  return options.rememberedUser?.(holder, userToken as string)
}

function succeed(response: ServerResponse, body: string): void {
  if (response.headersSent) return
  const length = Buffer.byteLength(body)
  response.writeHead(200, answerHeaders(length))
  // Plain ASCII, as nearly always: written without being encoded.
  response.end(body, length === body.length ? "latin1" : "utf8")
}

const HEADERS_REMEMBERED = 512
const answerHeadersByLength: (readonly string[])[] = []

function answerHeaders(length: number): string[] {
  const remembered = answerHeadersByLength[length]
  if (remembered !== undefined) return remembered as string[]
  const headers = [...ANSWER_HEADER_LIST, "content-length", String(length)]
  if (length < HEADERS_REMEMBERED) answerHeadersByLength[length] = headers
  return headers
}

function fail(response: ServerResponse, { status, headers, body }: ErrorReply): void {
  if (response.headersSent) return
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  response.writeHead(status, [
    ...ANSWER_HEADER_LIST,
    ...Object.entries(headers).flat(),
    "content-length",
    length,
  ])
  response.end(text)
}
