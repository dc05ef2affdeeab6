import type { IncomingMessage } from "node:http"
import type { Limits } from "../domain/limits.ts"
import type { Permission } from "../domain/permission.ts"
import { authorizeChannels } from "../policy/authorize.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import type { Services } from "../service/services.ts"
import type { FastLane } from "./app.ts"
import { decodeRegistration } from "./backendless/decode.ts"
import { encodeRegistrationResult } from "./backendless/encode.ts"
import type { ErrorReply } from "./errors.ts"
import { type BodyReader, parseJsonBody, readBody } from "./json-body.ts"
import { KeyPaths } from "./key-paths.ts"
import { type Answer, answerTo, fail, NO_HEADERS, plainAnswer } from "./lane-answer.ts"
import type { PlainHandler } from "./plain-lane.ts"
import type { RequestHead } from "./plain-request.ts"

export interface RegistrationLaneOptions {
  readonly services: Services
  readonly limits: Limits
  /** A caller who was authenticated within the last seconds and is accepted; undefined leaves the request to the route. */
  readonly rememberedKey: (keyPath: string, request: RequestHead) => KeyPrincipal | undefined
  /** The same with a user token. Defaults to leaving such requests to the route. */
  readonly rememberedUser?: (holder: KeyPrincipal, token: string) => KeyPrincipal | undefined
  readonly authorize: (principal: Principal, permission: Permission) => void
  /** Counts the request; false leaves it to the route, which looks at the rate limits more closely. Defaults to no limits. */
  readonly mayPass?: (request: RequestHead, principal: KeyPrincipal) => boolean
  readonly reply: (error: unknown) => ErrorReply
}

/**
 * The registration route without the framework, which costs a quarter of a bare node:http server (docs/adr/0003): what the
 * product exists for. It serves the usual case, ids in the path and a caller known from a moment ago, with the same
 * decoder, service and encoder as the route in backendless/routes/registrations.ts; everything else is left to that.
 */
export class RegistrationLane {
  readonly #options: RegistrationLaneOptions
  readonly #keyPaths = new KeyPaths("/messaging/registrations")

  constructor(options: RegistrationLaneOptions) {
    this.#options = options
  }

  /** A request that node:http took apart. */
  readonly take: FastLane = (request, response) => {
    const { authorize, limits, reply } = this.#options
    const principal = this.#callerOf(request)
    if (principal === undefined) return false
    authorize(principal, "device:register")
    const answer = answerTo(response)
    readWhole(request, limits.bodyBytes, (fault, body) => {
      if (fault === undefined) this.#register(principal, body, answer)
      else fail(answer, reply(fault))
    })
    return true
  }

  /** A request that needed nobody to take it apart (plain-lane.ts). */
  readonly takePlain: PlainHandler = (request) => {
    const { authorize, limits, reply } = this.#options
    if (request.body.length > limits.bodyBytes) return undefined
    const principal = this.#callerOf(request)
    if (principal === undefined) return undefined
    return (write) => {
      const answer = plainAnswer(write)
      try {
        authorize(principal, "device:register")
      } catch (error) {
        fail(answer, reply(error))
        return
      }
      this.#register(principal, request.body, answer)
    }
  }

  #register(principal: KeyPrincipal, body: Buffer, answer: Answer): void {
    const { services, limits, reply } = this.#options
    const refuse = (error: unknown) => fail(answer, reply(error))
    try {
      const parsed = parseJsonBody(body, limits)
      const registration = services.devices.decoded((now) => decodeRegistration(parsed, now, limits))
      const register = () =>
        services.devices.register(principal.application.number, registration, principal.claim)
      const { channels } = registration
      const authorized = authorizeChannels(principal, "device:register", channels, services.permissions)
      const registered = authorized === undefined ? register() : authorized.then(register)
      registered.then(
        (device) => answer(200, NO_HEADERS, JSON.stringify(encodeRegistrationResult(device))),
        refuse,
      )
    } catch (error) {
      refuse(error)
    }
  }

  #callerOf(request: RequestHead): KeyPrincipal | undefined {
    const { rememberedKey, rememberedUser, mayPass } = this.#options
    const { url, method, headers } = request
    if (method !== "POST" || url === undefined) return undefined
    // Bodies of no length or of unknown length are the route's.
    if (!(Number(headers["content-length"]) > 0)) return undefined
    const keyPath = this.#keyPaths.of(url)
    const holder = keyPath === undefined ? undefined : rememberedKey(keyPath, request)
    const userToken = headers["user-token"]
    const isUser = userToken !== undefined && holder !== undefined
    const principal = isUser ? rememberedUser?.(holder, userToken as string) : holder
    return principal === undefined || mayPass?.(request, principal) === false ? undefined : principal
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
