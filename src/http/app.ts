import type { IncomingMessage, ServerResponse } from "node:http"
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify"
import { checkedChannelName } from "../domain/channel.ts"
import { DomainError } from "../domain/errors.ts"
import type { Limits } from "../domain/limits.ts"
import type { Permission } from "../domain/permission.ts"
import type { AdministratorPrincipal, KeyPrincipal, Principal } from "../policy/principal.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Services } from "../service/services.ts"
import { handleWithTrail } from "./audit-trail.ts"
import { watchCaller } from "./caller-watch.ts"
import { ClientAddresses } from "./client-address.ts"
import {
  ANSWER_HEADERS,
  type ConnectionLimits,
  Connections,
  DEFAULT_CONNECTION_LIMITS,
} from "./connections.ts"
import { type ErrorReply, errorReply, incidentReporter } from "./errors.ts"
import { type Authenticate, Identification } from "./identification.ts"
import { type InjectedReply, type InjectedRequest, injectRequest } from "./inject.ts"
import { parseJsonBody, readBody } from "./json-body.ts"
import type { PlainHandler } from "./plain-lane.ts"
import { RateLimits, UNLIMITED } from "./rate-limits.ts"
import type { RequestCounts } from "./request-counts.ts"
import { announcesBody, guardRequest, TARGET_LENGTH_MAX } from "./request-guard.ts"
import { checkRestriction, noSuchRoute } from "./restriction.ts"
import { RawReply, type Route, SessionReply } from "./route.ts"
import { parseQuery, RouteCall, writeRawReply } from "./route-call.ts"
import { isSpeltOut, type MountedRoute, methodsOf, RouteTable, reservedIn } from "./route-table.ts"
import { sessionCookie } from "./session-cookie.ts"

/** The HTTP server: both surfaces and the operational routes on one hardened node:http server under Fastify (D2). */

/**
 * Gets each well-formed request before Fastify does. Returns true when it answers the request itself, later or at once;
 * its answers carry ANSWER_HEADERS like all others.
 */
export type FastLane = (request: IncomingMessage, response: ServerResponse) => boolean

export type { Authenticate } from "./identification.ts"

export interface HttpServerOptions {
  readonly services: Services
  readonly limits: Limits
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly authenticate: Authenticate
  /** Throws `no_permission` when the caller may not do what the route demands, on the channel if the path names one. */
  readonly authorize: (principal: Principal, permission: Permission, channel?: string) => void
  /** Relative paths, each served with the ids in the path and by host name. */
  readonly backendless: readonly Route<KeyPrincipal>[]
  /** Absolute paths under /admin/. */
  readonly admin: readonly Route<AdministratorPrincipal>[]
  /** Absolute paths elsewhere. */
  readonly system: readonly Route[]
  readonly fastLane?: FastLane
  /** Gets plain requests on connections that are free, before node:http does. Defaults to leaving it all of them. */
  readonly plainLane?: PlainHandler
  /** Defaults to no limits. */
  readonly rateLimits?: RateLimits
  /** Defaults to the addresses of the connections. */
  readonly addresses?: ClientAddresses
  /** Counts the answers. */
  readonly requestCounts?: RequestCounts
  /** Port 0 takes a free one. Without `listen` the server is reachable by `inject` only. */
  readonly listen?: { readonly host: string; readonly port: number }
  /** What differs from DEFAULT_CONNECTION_LIMITS. */
  readonly connections?: Partial<ConnectionLimits>
}

export interface HttpServer extends AsyncDisposable {
  /** Where it listens; undefined without `listen`. */
  readonly address: { readonly host: string; readonly port: number } | undefined
  /** Sends a request over a connection in memory: the same parser, guard and routes as over a socket. */
  inject(request: InjectedRequest): Promise<InjectedReply>
  /**
   * Stops: no new connections, `unavailable` for new requests, running ones finish until the signal aborts, then every
   * connection is cut. Disposing stops without waiting.
   */
  close(signal: AbortSignal): Promise<void>
}

/** Rejects when a route lacks a permission, when two routes collide, or when the address cannot be bound. */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = new HttpApp(options)
  return await app.open()
}

/** Any web page may use the Backendless surface, and no other (contract 1.2). */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
}

/** For browsers, which ask before they send `user-token` or JSON to another origin. */
const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = {
  ...CORS_HEADERS,
  "cache-control": "no-store",
  "access-control-allow-methods": "GET, POST, PUT, DELETE",
  "access-control-allow-headers":
    "content-type, user-token, application-id, secret-key, application-type, api-version, idempotency-key",
  "access-control-max-age": "7200",
}

/** No route has a schema for Fastify: without these it would load its compilers, a hundred modules and 3 MB. */
const NO_COMPILERS = {
  compilersFactory: {
    buildValidator: () => () => () => true,
    buildSerializer: () => () => JSON.stringify,
  },
} as unknown as NonNullable<FastifyServerOptions["schemaController"]>

class HttpApp {
  readonly #options: HttpServerOptions
  readonly #table: RouteTable
  readonly #connections: Connections
  readonly #identification: Identification
  readonly #rateLimits: RateLimits
  readonly #addresses: ClientAddresses
  readonly #fastify: FastifyInstance
  readonly #report: (error: unknown) => ErrorReply
  #route: (request: IncomingMessage, response: ServerResponse) => void = () => {}

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.#rateLimits = options.rateLimits ?? new RateLimits(UNLIMITED, [])
    this.#addresses = options.addresses ?? new ClientAddresses(new Set())
    this.#identification = new Identification(options.authenticate, this.#addresses)
    this.#table = new RouteTable({
      backendless: options.backendless as readonly Route[],
      admin: options.admin as readonly Route[],
      system: options.system,
    })
    const incident = incidentReporter(options.log, options.random)
    this.#report = (error) => errorReply(error, incident)
    this.#connections = new Connections({
      limits: { ...DEFAULT_CONNECTION_LIMITS, ...options.connections },
      clock: options.clock,
      log: options.log,
      reply: this.#report,
      handle: (request, response) => this.#handle(request, response),
      handlePlain: options.plainLane,
      answered: (request, status) => options.requestCounts?.count(request, status),
    })
    this.#fastify = this.#mount()
  }

  async open(): Promise<HttpServer> {
    await this.#fastify.ready()
    const { listen } = this.#options
    const bound = listen === undefined ? undefined : await this.#connections.listen(listen.host, listen.port)
    const close = async (signal: AbortSignal) => {
      await this.#connections.close(signal)
      await this.#fastify.close()
    }
    return {
      address: bound && { host: bound.address, port: bound.port },
      inject: (request) => injectRequest(this.#connections.server, request),
      close,
      [Symbol.asyncDispose]: () => close(AbortSignal.abort()),
    }
  }

  #mount(): FastifyInstance {
    const fastify = Fastify({
      schemaController: NO_COMPILERS,
      serverFactory: (route) => {
        this.#route = route
        return this.#connections.server
      },
      clientErrorHandler: (error, socket) => this.#connections.parsingFailed(error, socket),
      frameworkErrors: (error, request, reply) => {
        reply.headers(this.#surfaceHeaders(request.raw))
        this.#fail(reply, error)
      },
      exposeHeadRoutes: false,
      // Connections does this before the request comes here, in the right envelope.
      return503OnClosing: false,
      routerOptions: { maxParamLength: TARGET_LENGTH_MAX, querystringParser: () => ({}) },
    })
    // Bodies are read after the caller is known (`#serve`), so no parser of Fastify may touch them.
    fastify.removeAllContentTypeParsers()
    fastify.addContentTypeParser("*", (_request, _payload, done) => done(null))
    fastify.setErrorHandler((error, request, reply) => {
      // Of a QUERY, which nothing is served with, Fastify demands a Content-Type before it asks what the path is.
      if (codeOf(error) === "FST_ERR_ROUTE_MISSING_CONTENT_TYPE") this.#answerUnknown(request, reply)
      else this.#fail(reply, error)
    })
    fastify.setNotFoundHandler((request, reply) => this.#answerUnknown(request, reply))
    for (const mounted of this.#table.mounted) {
      fastify.route({
        method: [...methodsOf(mounted)],
        url: mounted.url,
        handler: (request, reply) => this.#serve(mounted, request, reply),
      })
    }
    return fastify
  }

  /** Every request, before routing. */
  #handle(request: IncomingMessage, response: ServerResponse): void {
    const fault = guardRequest(request)
    if (fault !== undefined) {
      this.#connections.refuse(request, response, fault, this.#surfaceHeaders(request))
      return
    }
    this.#connections.inTurn(this.#begin, request, response)
  }

  readonly #begin = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      if (this.#options.fastLane?.(request, response) !== true) this.#route(request, response)
    } catch (error) {
      this.#failLane(request, response, error)
    }
  }

  #failLane(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const { status, headers, body } = this.#report(error)
    if (response.headersSent) {
      response.destroy()
      return
    }
    const text = JSON.stringify(body)
    const length = { "content-length": Buffer.byteLength(text) }
    response.writeHead(status, { ...this.#surfaceHeaders(request), ...ANSWER_HEADERS, ...headers, ...length })
    response.end(text)
  }

  async #serve(mounted: MountedRoute, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const params = request.params as Readonly<Record<string, string>>
    if (mounted.identifiedBy === "key" && this.#table.isReserved(params["applicationId"] ?? "")) {
      return this.#answerUnknown(request, reply)
    }
    // The router finds empty names at the end of a path; nothing has one.
    if (Object.values(params).includes("") || !isSpeltOut(mounted, pathOf(request.raw)))
      return this.#answerUnknown(request, reply)
    const reserved = reservedIn(mounted, params)
    if (reserved !== undefined) return this.#answerUnknown(request, reply, reserved)
    if (mounted.surface === "backendless") reply.headers(CORS_HEADERS)
    this.#connections.inFlight.enter()
    try {
      const revocation = mounted.surface === "admin" ? new AbortController() : undefined
      const call = await this.#prepare(mounted, params, request.raw, reply.raw, revocation?.signal)
      const result = await handleWithTrail(mounted.route, call)
      if (result instanceof RawReply) return await this.#sendRaw(result, reply, call, revocation)
      if (result instanceof SessionReply) reply.header("set-cookie", sessionCookie(result.token))
      const body = result instanceof SessionReply ? result.body : result
      reply.headers(ANSWER_HEADERS).send(JSON.stringify(body ?? {}))
    } catch (error) {
      this.#fail(reply, this.#endedEarly(error, reply.raw))
    } finally {
      this.#connections.inFlight.leave()
    }
  }

  /** Authenticates, authorises, and only then reads the body. */
  async #prepare(
    mounted: MountedRoute,
    params: Readonly<Record<string, string>>,
    request: IncomingMessage,
    response: ServerResponse,
    revoked: AbortSignal | undefined,
  ): Promise<RouteCall> {
    const { route, surface } = mounted
    const address = this.#addresses.of(request)
    // Probes of orchestrators must not fail because somebody behind the same address is too fast.
    const isProbe = surface === "system" && route.permission === "open"
    if (!isProbe) await this.#rateLimits.takeAddress(address)
    const principal = await this.#identification.identify(mounted, params, request)
    if (principal !== undefined) {
      await this.#rateLimits.takeCaller(principal)
      checkRestriction(principal, route, params)
      this.#options.authorize(principal, route.permission, channelIn(params, this.#options.limits))
    }
    const query = parseQuery(request.url ?? "")
    const { services, limits } = this.#options
    const body = announcesBody(request)
      ? await readJson(request, limits[route.bodyLimit ?? "bodyBytes"], limits)
      : undefined
    const { stopSignal } = this.#connections
    const about = { principal, address, params, query, body }
    return new RouteCall({ services, ...about, request, response, stopSignal, revoked })
  }

  async #sendRaw(
    result: RawReply,
    reply: FastifyReply,
    { signal }: RouteCall,
    revocation: AbortController | undefined,
  ): Promise<void> {
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value ?? "")
    const stopWatching = this.#watch(reply.request.raw, revocation)
    try {
      await writeRawReply(result, reply.raw, signal)
    } catch (error) {
      // The status has been sent: all that is left is to say nothing more.
      if (!signal.aborted) this.#report(error)
      reply.raw.destroy()
    } finally {
      stopWatching()
    }
  }

  #watch(request: IncomingMessage, revocation: AbortController | undefined): () => void {
    if (revocation === undefined) return () => {}
    const recognise = () => this.#identification.administrator(request, { isUse: false })
    return watchCaller(this.#options.clock, recognise, () => revocation.abort())
  }

  /** A handler that gave up because its signal aborted has not failed. */
  #endedEarly(error: unknown, response: ServerResponse): unknown {
    const isAbort = error instanceof Error && error.name === "AbortError"
    const isOver = this.#connections.stopSignal.aborted || response.closed
    if (!isAbort || !isOver) return error
    return new DomainError("unavailable", "The server is stopping.", { retryAfterMs: 1000 })
  }

  #answerUnknown(request: FastifyRequest, reply: FastifyReply, why?: string): void {
    const isBackendless = this.#table.isBackendless(pathOf(request.raw))
    if (isBackendless && request.method === "OPTIONS") {
      reply.code(204).headers(PREFLIGHT_HEADERS).send()
      return
    }
    if (isBackendless) reply.headers(CORS_HEADERS)
    const allow = this.#table.methodsAt(pathOf(request.raw))
    const error =
      allow.length === 0
        ? noSuchRoute(why)
        : new DomainError("method_not_allowed", why ?? `This path takes ${allow.join(", ")}.`, { allow })
    this.#fail(reply, error)
  }

  /** Without the CORS headers, a browser would hide from the page what was wrong. */
  #surfaceHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
    return this.#table.isBackendless(pathOf(request)) ? CORS_HEADERS : {}
  }

  #fail(reply: FastifyReply, error: unknown): void {
    const { status, headers, body } = this.#report(frameworkFault(error))
    reply.code(status).headers(ANSWER_HEADERS).headers(headers).send(JSON.stringify(body))
  }
}

/** The channel that the path names; undefined as well for a text that is the name of none. */
function channelIn({ channel }: Readonly<Record<string, string>>, limits: Limits): string | undefined {
  if (channel === undefined) return undefined
  try {
    return checkedChannelName(channel, "channel", limits)
  } catch {
    return undefined
  }
}

function readJson(request: IncomingMessage, bytesMax: number, limits: Limits): Promise<unknown> {
  return new Promise((resolve, reject) => {
    readBody(request, bytesMax, (fault, body) => {
      if (fault !== undefined) return reject(fault)
      try {
        resolve(parseJsonBody(body, limits))
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** Fastify's own complaints: about a path that is not UTF-8, and about a Content-Type that is none, even without a body. */
function frameworkFault(error: unknown): unknown {
  switch (codeOf(error)) {
    case "FST_ERR_BAD_URL":
      return new DomainError("malformed_request", "Malformed request: the path is not percent-encoded UTF-8.")
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return new DomainError("unsupported_content_type", "The Content-Type is no media type.", {
        property: "content-type",
      })
    default:
      return error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? ""
}
