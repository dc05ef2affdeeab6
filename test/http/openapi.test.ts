import { describe, expect, test } from "vitest"
import { ERRORS } from "../../src/domain/errors.ts"
import { type Json, type JsonObject, openApiDocument } from "../../src/http/openapi.ts"
import type { Route } from "../../src/http/route.ts"
import { Type } from "../../src/http/schema.ts"
import { adminErase, adminStatus, cancel, echo, publish, retrieve, text } from "./toy-server.ts"

/** The documents that clients are generated from. */

const about = { title: "Toy", description: "A toy.", version: "1.2.3" }
const documentOf = (routes: readonly Route<never>[], surface: "backendless" | "admin" = "backendless") =>
  openApiDocument({ ...about, surface, routes: routes as readonly Route[] })

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, name) => (inner as JsonObject | undefined)?.[name], value)
}

const backendless = documentOf([echo, retrieve, cancel, publish])
const admin = documentOf([adminStatus, adminErase], "admin")

describe("the document of the Backendless surface", () => {
  test("offers both forms of its URLs, and a user token that may be left out", () => {
    expect(backendless).toMatchObject({
      openapi: "3.1.0",
      info: about,
      servers: [{ url: "/{applicationId}/{apiKey}" }, { url: "/api" }],
      security: [{}, { userToken: [] }],
    })
  })

  test("lists each main path, not its aliases, and names the rest of a path by its title", () => {
    expect(Object.keys(backendless["paths"] as JsonObject)).toEqual([
      "/messaging/echo",
      "/messaging/registrations/{deviceId}",
      "/messaging/{channel}",
    ])
  })

  test("describes an operation completely", () => {
    const operation = at(backendless, "paths", "/messaging/registrations/{deviceId}", "get")
    expect(operation).toMatchObject({
      operationId: "getMessagingRegistrationsByDeviceId",
      summary: retrieve.summary,
      tags: ["registrations"],
      "x-permission": "device:retrieve",
      parameters: [
        {
          name: "deviceId",
          in: "path",
          required: true,
          description: "The device.",
          schema: { type: "string" },
        },
        { name: "verbose", in: "query", required: false, schema: { type: "string" } },
      ],
    })
    expect(operation).not.toHaveProperty("requestBody")
  })

  test("groups the errors of an operation by status, with their codes", () => {
    const responses = at(
      backendless,
      "paths",
      "/messaging/registrations/{deviceId}",
      "get",
      "responses",
    ) as JsonObject
    expect(Object.keys(responses)).toEqual(["200", "400", "403", "429", "500", "503"])
    expect(responses["400"]).toMatchObject({
      "x-errors": [
        { code: 2002, name: "wrong_application_or_key" },
        { code: 3064, name: "bad_user_token" },
        { code: 5000, name: "unknown_device" },
        { code: 90_001, name: "malformed_request" },
      ],
      content: {
        "application/json": {
          schema: {
            allOf: [
              { $ref: "#/components/schemas/Error" },
              { properties: { code: { enum: [2002, 3064, 5000, 90_001] } } },
            ],
          },
        },
      },
    })
    expect(at(responses, "403", "description")).toBe(`1011: ${ERRORS.no_permission.meaning}`)
  })

  test("adds what can be wrong with a body to operations that take one", () => {
    const operation = at(backendless, "paths", "/messaging/{channel}", "post")
    expect(operation).toMatchObject({ requestBody: { required: true, "x-body-limit": "publishBodyBytes" } })
    expect(Object.keys(at(operation, "responses") as JsonObject)).toEqual(
      expect.arrayContaining(["408", "413", "415"]),
    )
  })
})

describe("the document of the management surface", () => {
  test("needs an administrator everywhere", () => {
    expect(admin).toMatchObject({
      security: [{ administrator: [] }, { session: [] }],
      components: { securitySchemes: { administrator: { type: "http", scheme: "bearer" } } },
    })
    const operation = at(admin, "paths", "/admin/v1/status/{name}", "delete")
    expect(operation).toMatchObject({ operationId: "deleteStatusByName", tags: ["status"] })
    expect(Object.keys(at(operation, "responses") as JsonObject)).toContain("401")
  })
})

test("paths that differ only in the names of their parameters are one path", () => {
  const cancelMessage: Route<never> = { ...publish, method: "DELETE", path: "messaging/:messageId" }
  const document = documentOf([publish, cancelMessage])
  expect(Object.keys(document["paths"] as JsonObject)).toEqual(["/messaging/{channelOrMessageId}"])
  const parameters = [{ name: "channelOrMessageId", in: "path", required: true, schema: { type: "string" } }]
  expect(at(document, "paths", "/messaging/{channelOrMessageId}")).toMatchObject({
    post: { operationId: "postMessagingByChannel", parameters },
    delete: { operationId: "deleteMessagingByMessageId", parameters },
  })
})

describe("schemas", () => {
  const device = Type.Object({ deviceId: Type.String() }, { $id: "Device" })
  const route: Route<never> = { ...echo, body: device, reply: Type.Array(device) }

  test("with an id are described once and referred to", () => {
    const document = documentOf([route])
    const ref = { $ref: "#/components/schemas/Device" }
    const operation = at(document, "paths", "/messaging/echo", "post")
    expect(at(operation, "requestBody", "content", "application/json", "schema")).toEqual(ref)
    expect(at(operation, "responses", "200", "content", "application/json", "schema")).toEqual({
      type: "array",
      items: ref,
    })
    expect(at(document, "components", "schemas", "Device")).toEqual({
      type: "object",
      required: ["deviceId"],
      properties: { deviceId: { type: "string" } },
    })
  })

  test("that differ may not share an id", () => {
    const other = Type.Object({}, { $id: "Device" })
    expect(() => documentOf([{ ...route, reply: other }])).toThrow("two different schemas have the id Device")
  })

  test("of text say which type it is", () => {
    const document = documentOf([{ ...text, path: "/admin/v1/events" }], "admin")
    const reply = at(document, "paths", "/admin/v1/events", "get", "responses", "200", "content")
    expect(Object.keys(reply as JsonObject)).toEqual(["text/plain"])
  })
})

describe("every document", () => {
  for (const [name, document] of Object.entries({ backendless, admin })) {
    test(`is complete in itself: ${name}`, () => {
      const everything = JSON.stringify(document)
      for (const [, reference] of everything.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
        expect(at(document, "components", "schemas", reference as string)).toBeDefined()
      }
    })

    test(`names each operation once and declares each parameter of a path: ${name}`, () => {
      const ids = new Set<string>()
      for (const [path, operations] of Object.entries(document["paths"] as JsonObject)) {
        for (const operation of Object.values(operations as JsonObject) as JsonObject[]) {
          const id = operation["operationId"] as string
          expect(ids.has(id)).toBe(false)
          ids.add(id)
          const declared = ((operation["parameters"] ?? []) as JsonObject[]).filter(
            (one) => one["in"] === "path",
          )
          const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter)
          expect(declared.map((one) => one["name"])).toEqual(inPath)
        }
      }
    })
  }

  test("is the same each time", () => {
    expect(JSON.stringify(documentOf([echo, retrieve, cancel, publish]))).toBe(JSON.stringify(backendless))
  })
})
