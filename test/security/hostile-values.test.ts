import { readFileSync } from "node:fs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Administration, openAdministration } from "../administrators/administration.ts"
import { openTenant, type Tenant } from "./tenant.ts"

/**
 * Odd values in every parameter and every body of every operation, by callers who may do everything: each is refused with a
 * declared error or means something, and none makes the server fail, hang or change how objects behave.
 */

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, unknown>>
}

const read = (name: string) =>
  JSON.parse(readFileSync(`openapi/${name}.json`, "utf8")) as Document & {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  }
const ADMIN = read("admin")
const BACKENDLESS = read("backendless")

const TEXTS = [
  "",
  "0",
  "-1",
  "1.5",
  "1e400",
  "9007199254740993",
  "99999999999999999999",
  "NaN",
  "Infinity",
  "null",
  "true",
  "undefined",
  "'",
  "''",
  "' or '1'='1",
  '" or 1=1 --',
  "%",
  "_",
  "*",
  "\\",
  "%25",
  "../..",
  "a/b",
  "a,b",
  "::",
  "a::b",
  ";",
  "`id`",
  "$(id)",
  "{{7*7}}",
  "<script>",
  "\u202e",
  "\ufeff",
  "é",
  "e\u0301",
  "😀",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "0x10",
  "1_000",
  "٣",
  " 1",
  "1 ",
  "a".repeat(300),
  "(".repeat(200),
  "'a'".repeat(400),
  "a' and channelName in ('".repeat(50),
  "\r\nSet-Cookie: a=b",
  "=cmd|' /C calc'!A0",
  Buffer.from('{"after":-1}').toString("base64url"),
]
const VALUES: readonly unknown[] = [
  ...TEXTS,
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  [],
  {},
  [[]],
  [null],
  [1, "a", {}],
  { a: { b: {} } },
  { $ne: null },
  { toString: 1 },
  JSON.parse('{"then":"x"}'),
  { length: 1e9 },
  { valueOf: null, toJSON: "x" },
  Array.from({ length: 2_000 }, () => "a"),
]

/** How often each status was answered. */
const tally = new Map<number, number>()

let server: Administration
let tenant: Tenant
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  server = await openAdministration({
    flags: { "rate-per-administrator": "0", "rate-per-key": "0", "rate-per-address": "0" },
  })
  tenant = await openTenant(server, { mark: "HOSTILE", preset: "locked" })
  headers = await server.bearer("administer")
})

afterAll(() => server[Symbol.asyncDispose]())

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )

/** Those whose answers do not end by themselves, and those that would end what the others need. */
const LEFT_OUT =
  /\/events$|^DELETE \/admin\/v1\/(applications\/\{applicationId\}|tokens\/\{token\})$|^DELETE .*\/keys\/|^PUT \/admin\/v1\/applications\/\{applicationId\}$/

function pathOf(path: string, given: Readonly<Record<string, string>> = {}): string {
  const values: Readonly<Record<string, string>> = {
    applicationId: tenant.id,
    deviceId: tenant.deviceId,
    messageId: tenant.messageId,
    channelOrMessageId: "news",
    userId: tenant.users[0]?.id ?? "",
    provider: "apns",
    channel: "news",
    ...given,
  }
  return path.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? "1"))
}

/** Fails on anything but a success or a declared refusal, which says what is wrong in words of its own. */
async function mustBeCalm(about: object, method: string, url: string, body?: unknown, more: object = {}) {
  const {
    status,
    text,
    headers: answered,
  } = await server.ask(method, url, {
    headers: { ...headers, ...more },
    ...(body !== undefined && { body }),
  })
  const seen = { ...about, url: url.slice(0, 200), status, text: text.slice(0, 300) }
  expect(seen).toEqual({
    ...seen,
    status: expect.toSatisfy((one: number) => one === 200 || (one >= 400 && one < 500)),
  })
  tally.set(status, (tally.get(status) ?? 0) + 1)
  expect(Object.keys(answered).filter((name) => /^set-cookie$/i.test(name))).toEqual([])
  expect(server.incidents, JSON.stringify(seen)).toEqual([])
  expect(({} as Record<string, unknown>)["a"]).toBeUndefined()
}

const documents = [
  ["management", ADMIN, ""],
  ["dialect", BACKENDLESS, "key"],
] as const

test.each(documents)("in parameters of the %s", async (_, document, kind) => {
  const prefix = kind === "" ? "" : `/${tenant.id}/${tenant.keys.REST}`
  for (const { path, method, operation } of operationsOf(document)) {
    if (LEFT_OUT.test(`${method} ${path}`)) continue
    for (const parameter of operation.parameters ?? []) {
      for (const value of TEXTS) {
        const about = { operation: `${method} ${path}`, parameter: parameter.name }
        const body = method === "GET" || method === "DELETE" ? undefined : {}
        if (parameter.in === "path")
          await mustBeCalm(about, method, prefix + pathOf(path, { [parameter.name]: value }), body)
        if (parameter.in !== "query") continue
        await mustBeCalm(
          about,
          method,
          `${prefix}${pathOf(path)}?${parameter.name}=${encodeURIComponent(value)}`,
          body,
        )
      }
    }
  }
})

test.each(documents)("in bodies of the %s", async (_, document, kind) => {
  const prefix = kind === "" ? "" : `/${tenant.id}/${tenant.keys.REST}`
  const schemas = kind === "" ? ADMIN.components.schemas : BACKENDLESS.components.schemas
  for (const { path, method, operation } of operationsOf(document)) {
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
    if (schema === undefined || LEFT_OUT.test(`${method} ${path}`)) continue
    const { properties = {} } =
      schema.$ref === undefined ? schema : (schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {})
    const about = { operation: `${method} ${path}` }
    for (const value of VALUES) {
      await mustBeCalm(about, method, prefix + pathOf(path), value)
      for (const property of Object.keys(properties)) {
        // A login costs a slow comparison; administrators' passwords are quick here.
        await mustBeCalm({ ...about, property }, method, prefix + pathOf(path), { [property]: value })
      }
    }
  }
})

test("there were thousands of them, and most were refused", () => {
  const [allowed = 0, refused = 0] = [200, 400].map((status) => tally.get(status))
  expect(allowed).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(5_000)
})
