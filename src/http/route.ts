import type { ErrorName } from "../domain/errors.ts"
import type { Permission } from "../domain/permission.ts"
import type { Principal } from "../policy/principal.ts"
import type { Services } from "../service/services.ts"
import type { Schema } from "./schema.ts"

/**
 * A route is data: what it is called by, what it demands, what it takes and answers, and a handler of a few lines.
 * Routing, OpenAPI and the authorisation tests are made from it; a route without a permission does not start.
 */
export interface Route<Caller extends Principal = Principal> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  /**
   * Backendless: relative to the application (`messaging/registrations/*`), served in both URL forms.
   * Management and operations: absolute (`/admin/v1/applications/:applicationId`).
   */
  readonly path: string
  /** Further paths with the same meaning, left out of the OpenAPI document. */
  readonly aliases?: readonly string[]
  /** Names that are never meant by the parameter at the end of the path, each with what to tell whoever sends it. */
  readonly reserved?: ReadonlyMap<string, string>
  readonly permission: Permission
  /**
   * "ignored": a user token in the request means nothing. For routes by which an app gets a new one, which must work while
   * the SDK still sends one that is over.
   */
  readonly userToken?: "ignored"
  /** One sentence for the OpenAPI document. */
  readonly summary: string
  readonly params?: Schema
  readonly query?: Schema
  /** Request headers with a meaning of their own, by their usual spelling, for the OpenAPI document. */
  readonly headers?: Schema
  /** Documents the body; the dialect decodes it by hand because its values have many spellings. */
  readonly body?: Schema
  /** The setting that limits the body, in bytes. Defaults to `bodyBytes`. */
  readonly bodyLimit?: "bodyBytes" | "publishBodyBytes"
  readonly reply: Schema
  readonly errors: readonly ErrorName[]
  /**
   * For a management route that concerns the server as a whole: "filtered" when it serves callers too who are restricted to
   * certain applications, and leaves everything else out. For them, such a route does not exist otherwise.
   */
  readonly forRestricted?: "filtered"
  /** What the audit log keeps of a successful call. Every management route that changes something has it. */
  readonly audit?: AuditRule
  /** A management route that only asks, and is a POST because what it asks with must not stand in a URL, or is too long. */
  readonly asksOnly?: true
  /** Returns the body of the 200 answer, or a `RawReply`. */
  handle(request: RouteRequest<Caller>): unknown
}

export interface AuditRule {
  /** Noun and verb: `credential.set`. */
  readonly action: string
  /** Which successful calls are kept; all, if it is not there. */
  readonly of?: (request: Pick<RouteRequest, "query">) => boolean
  /** What it was done to; defaults to the path parameters besides the application, joined with spaces. */
  readonly target?: (request: Pick<RouteRequest, "params" | "query" | "body">, result: unknown) => string
  /**
   * The same of a call that is cut short, as far as the request says it; defaults to the path parameters too. It is kept only
   * with a change that was made, so what the request claims was found to be true by then.
   */
  readonly expected?: (request: Pick<RouteRequest, "body">) => string
  /** Who did it, for a route that anyone may call; otherwise it is the caller. */
  readonly actor?: (result: unknown) => Principal
}

export interface RouteRequest<Caller extends Principal = Principal> {
  readonly services: Services
  readonly principal: Caller
  /** Decoded path parameters; the rest of the path is `*`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed and guarded JSON (see json-body.ts); undefined when the request had no body. */
  readonly body: unknown
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What the caller is limited by, see client-address.ts; empty for a connection in memory. */
  readonly address: string
  /** What the browser has as a session of an administrator, whether it is one or not. */
  readonly sessionToken: string | undefined
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal
}

/** An answer that is not JSON: an event stream, text for Prometheus. */
export class RawReply {
  readonly contentType: string
  readonly body: string | AsyncIterable<string>
  /** Further headers, by their lower-case names. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    contentType: string,
    body: string | AsyncIterable<string>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.contentType = contentType
    this.body = body
    this.headers = headers
  }
}

/** A JSON answer that gives the browser a session of an administrator, or takes it away. */
export class SessionReply {
  readonly body: unknown
  /** Undefined: the session is over. */
  readonly token: string | undefined

  constructor(body: unknown, token: string | undefined) {
    this.body = body
    this.token = token
  }
}
