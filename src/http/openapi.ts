import { ERRORS, type ErrorName } from "../domain/errors.ts"
import { STATUS } from "./errors.ts"
import type { Route } from "./route.ts"
import type { Schema } from "./schema.ts"

/**
 * OpenAPI 3.1 documents, made from the routes by a pure function: the same input gives the same document, byte for
 * byte, so that the committed files can be compared. The schemas are JSON Schema 2020-12, which 3.1 embeds as it is.
 */

export interface OpenApiOptions {
  readonly surface: "backendless" | "admin"
  readonly title: string
  readonly description: string
  readonly version: string
  /** In the order in which they are to be listed. Of a Backendless route only the main path is documented. */
  readonly routes: readonly Route[]
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Faults that every operation of a surface can answer with, whatever it declares. */
const COMMON_ERRORS: { readonly [Surface in OpenApiOptions["surface"]]: readonly ErrorName[] } = {
  backendless: [
    "malformed_request",
    "no_permission",
    "wrong_application_or_key",
    "bad_user_token",
    "too_many_requests",
    "unavailable",
    "internal_error",
  ],
  admin: [
    "malformed_request",
    "not_authenticated",
    "no_permission",
    "too_many_requests",
    "unavailable",
    "internal_error",
  ],
}

const BODY_ERRORS: readonly ErrorName[] = [
  "malformed_json",
  "unsupported_content_type",
  "body_too_large",
  "request_timeout",
]

export function openApiDocument(options: OpenApiOptions): JsonObject {
  const components = new Components()
  const shared = sharedNames(options.routes)
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of options.routes) {
    const names = shared.get(shapeOf(route)) ?? []
    const path = pathWith(route, names)
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = operation(route, names, options.surface, components)
  }
  return {
    openapi: "3.1.0",
    info: { title: options.title, description: options.description, version: options.version },
    ...surfaceParts(options.surface),
    paths,
    components: {
      schemas: components.schemas(),
      securitySchemes: SECURITY_SCHEMES[options.surface],
    },
  }
}

const SECURITY_SCHEMES: { readonly [Surface in OpenApiOptions["surface"]]: JsonObject } = {
  backendless: {
    userToken: {
      type: "apiKey",
      in: "header",
      name: "user-token",
      description:
        "The token of a logged-in user of the application. The application and its API key are in the URL.",
    },
  },
  admin: {
    administrator: {
      type: "http",
      scheme: "bearer",
      description: "An administrator's token, made with `belfry token create`.",
    },
    session: {
      type: "apiKey",
      in: "cookie",
      name: "__Host-belfry",
      description:
        "The session of a browser. What changes something must come from a page of the server, with the type application/json.",
    },
  },
}

function surfaceParts(surface: OpenApiOptions["surface"]): JsonObject {
  if (surface === "admin")
    return { servers: [{ url: "/" }], security: [{ administrator: [] }, { session: [] }] }
  const id = (description: string) => ({ default: "00000000-0000-0000-0000-000000000000", description })
  return {
    servers: [
      {
        url: "/{applicationId}/{apiKey}",
        description: "The application and its API key in the path.",
        variables: { applicationId: id("The application's id."), apiKey: id("One of its API keys.") },
      },
      {
        url: "/api",
        description:
          "The application and its API key found by the host name; /messaging and /users also without /api.",
      },
    ],
    // The user token is optional everywhere: the empty requirement says so.
    security: [{}, { userToken: [] }],
  }
}

function operation(
  route: Route,
  names: readonly string[],
  surface: OpenApiOptions["surface"],
  components: Components,
): Json {
  const namesInPath = new Map([...pathNames(route).keys()].map((key, index) => [key, names[index] ?? key]))
  const parameters = [
    ...parametersOf(route.params, "path", components, namesInPath),
    ...parametersOf(route.query, "query", components),
    ...parametersOf(route.headers, "header", components),
  ]
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [tagOf(route)],
    "x-permission": route.permission,
    ...((route.permission === "admin:anyone" || route.userToken === "ignored") && { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body, route, components) }),
    responses: { "200": successReply(route.reply, components), ...errorReplies(route, surface, components) },
  }
}

function requestBody(schema: Schema, route: Route, components: Components): JsonObject {
  return {
    required: true,
    content: { "application/json": { schema: components.embed(schema) } },
    ...(route.bodyLimit === undefined ? {} : { "x-body-limit": route.bodyLimit }),
  }
}

/** A reply that is not JSON declares its type as JSON Schema does: with `contentMediaType`. */
function successReply(schema: Schema, components: Components): JsonObject {
  const mediaType = "contentMediaType" in schema ? String(schema.contentMediaType) : "application/json"
  return { description: "Success.", content: { [mediaType]: { schema: components.embed(schema) } } }
}

function errorReplies(route: Route, surface: OpenApiOptions["surface"], components: Components): JsonObject {
  const names = new Set([
    ...route.errors,
    ...(route.body === undefined ? [] : BODY_ERRORS),
    ...COMMON_ERRORS[surface],
  ])
  const byStatus = new Map<number, ErrorName[]>()
  for (const name of names) byStatus.set(STATUS[name], [...(byStatus.get(STATUS[name]) ?? []), name])
  const replies: Record<string, Json> = {}
  for (const [status, namesOfStatus] of [...byStatus].sort(([a], [b]) => a - b)) {
    const sorted = namesOfStatus.sort((a, b) => ERRORS[a].code - ERRORS[b].code)
    replies[status] = {
      description: sorted.map((name) => `${ERRORS[name].code}: ${ERRORS[name].meaning}`).join("\n\n"),
      content: { "application/json": { schema: components.error(sorted.map((name) => ERRORS[name].code)) } },
      "x-errors": sorted.map((name) => ({ code: ERRORS[name].code, name })),
    }
  }
  return replies
}

/** The parameters that a schema describes, and those of the path that it leaves out. */
function parametersOf(
  schema: Schema | undefined,
  place: "path" | "query" | "header",
  components: Components,
  namesInPath: ReadonlyMap<string, string> = new Map(),
): Json[] {
  const described: JsonObject = schema === undefined ? {} : asJson(schema)
  const properties = (described["properties"] ?? {}) as { readonly [name: string]: JsonObject }
  const required = (described["required"] ?? []) as readonly string[]
  const names = place === "path" ? [...namesInPath.keys()] : Object.keys(properties)
  return names.map((name) => {
    const { description, ...property } = properties[name] ?? { type: "string" }
    return {
      name: namesInPath.get(name) ?? name,
      in: place,
      required: place === "path" || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: components.embed(property as Schema),
    }
  })
}

const PARAMETER = /:([A-Za-z][A-Za-z0-9]*)|\*$/g

/** The parameters of a path by the names that handlers know them by, with the names that the document gives them. */
function pathNames(route: Route): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [whole, name] of route.path.matchAll(PARAMETER))
    names.set(name ?? whole, name ?? restName(route))
  return names
}

/** The final `*` needs a name in OpenAPI: the title of its schema. */
function restName(route: Route): string {
  const properties = route.params === undefined ? {} : asJson(route.params)["properties"]
  const rest = (properties as { readonly [name: string]: JsonObject } | undefined)?.["*"]
  return typeof rest?.["title"] === "string" ? rest["title"] : "rest"
}

/** The path with the given names for its parameters, in their order. */
function pathWith(route: Route, names: readonly string[]): string {
  let index = 0
  const path = route.path.replace(PARAMETER, () => `{${names[index++]}}`)
  return path.startsWith("/") ? path : `/${path}`
}

function shapeOf(route: Route): string {
  return pathWith(route, [])
}

/**
 * By the shape of the path: `messaging/:channel` and `messaging/:messageId` are one path to OpenAPI, which forbids to list
 * both, so they become `/messaging/{channelOrMessageId}`.
 */
function sharedNames(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const shared = new Map<string, string[][]>()
  for (const route of routes) {
    const names = [...pathNames(route).values()]
    const others = shared.get(shapeOf(route)) ?? names.map(() => [])
    for (const [index, name] of names.entries()) if (!others[index]?.includes(name)) others[index]?.push(name)
    shared.set(shapeOf(route), others)
  }
  const joined = (names: readonly string[]) =>
    names.map((name, index) => (index === 0 ? name : capital(name))).join("Or")
  return new Map([...shared].map(([shape, names]) => [shape, names.map(joined)]))
}

const VERSION_PREFIX = /^admin\/v[0-9]+\//

/** From the method and the path, which are unique: `getMessagingRegistrationsByDeviceId`. */
function operationId(route: Route): string {
  const words = pathWith(route, [...pathNames(route).values()])
    .slice(1)
    .replace(VERSION_PREFIX, "")
    .split(/[/._-]/)
    .map((word) => (word.startsWith("{") ? `By${capital(word.slice(1, -1))}` : capital(word)))
  return route.method.toLowerCase() + words.join("")
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

/** Nouns under which others live: `messaging/registrations` is about registrations. */
const CONTAINERS: ReadonlySet<string> = new Set(["messaging", "applications"])

function tagOf(route: Route): string {
  const segments = route.path.replace(/^\//, "").replace(VERSION_PREFIX, "").split("/")
  const [first = "server", second] = segments.filter((segment) => /^[a-z]/.test(segment))
  return CONTAINERS.has(first) ? (second ?? first) : first
}

/** Schemas with an `$id` are described once and referred to; all others stand where they are used. */
class Components {
  readonly #schemas = new Map<string, Json>()

  embed(schema: Schema): Json {
    return this.#extract(asJson(schema))
  }

  error(codes: readonly number[]): Json {
    this.#schemas.set("Error", ERROR_SCHEMA)
    return {
      allOf: [{ $ref: "#/components/schemas/Error" }, { properties: { code: { enum: codes } } }],
    }
  }

  schemas(): JsonObject {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #extract(value: Json): Json {
    if (Array.isArray(value)) return value.map((element) => this.#extract(element))
    if (typeof value !== "object" || value === null) return value
    const { $id: id, ...rest } = value as JsonObject
    const inner: Record<string, Json> = {}
    for (const [name, part] of Object.entries(rest)) {
      const isName = name === "$ref" && typeof part === "string" && !part.startsWith("#")
      inner[name] = isName ? `#/components/schemas/${part}` : this.#extract(part)
    }
    if (typeof id !== "string") return inner
    const known = this.#schemas.get(id)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(inner)) {
      throw new Error(`two different schemas have the id ${id}`)
    }
    this.#schemas.set(id, inner)
    return { $ref: `#/components/schemas/${id}` }
  }
}

const ERROR_SCHEMA: JsonObject = {
  type: "object",
  description: "What every error answers with.",
  required: ["code", "message", "errorData"],
  properties: {
    code: { type: "integer", description: "Stable; docs/errors.md explains each." },
    message: { type: "string", description: "For people: what was wrong, where, and what would be right." },
    errorData: {
      type: "object",
      description: "More about the occurrence.",
      required: ["docs"],
      properties: {
        docs: { type: "string", description: "Where the error is explained." },
        property: { type: "string", description: "The property or header that is wrong." },
        limit: { type: "integer", description: "The limit that was exceeded." },
        length: { type: "integer", description: "The length that was found." },
      },
    },
  },
}

function asJson(schema: Schema): JsonObject {
  return JSON.parse(JSON.stringify(schema))
}
