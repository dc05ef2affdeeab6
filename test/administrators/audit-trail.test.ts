import { expect, test } from "vitest"
import type { AuditEntry } from "../../src/domain/audit.ts"
import { managementRoutes } from "../../src/http/documents.ts"
import { WNS_INPUT } from "../provider/test-credentials.ts"
import { type Administration, openAdministration, PASSWORD } from "./administration.ts"
import { EXAMPLES, NEW_PASSWORD, type Stage } from "./changing-calls.ts"

/** Every route that changes something leaves exactly one entry: made from the list of routes, so that none is forgotten. */

const CHANGING = managementRoutes("0.0.0").filter(({ method, asksOnly }) => method !== "GET" && !asksOnly)
/** Nothing of these may ever be read in the log. */
const SECRETS = [PASSWORD, NEW_PASSWORD, WNS_INPUT.clientSecret]

test("there is an example for every route that changes something, and for no other", () => {
  const routes = CHANGING.map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys(EXAMPLES).sort()).toEqual(routes.sort())
})

test.each(CHANGING)("$method $path leaves one entry: who, what, where and to which thing", async (route) => {
  await using server = await openAdministration({ flags: { sandbox: true } })
  const stage = await prepared(server)
  const name = `${route.method} ${route.path}`
  const example = await EXAMPLES[name]?.(stage)
  if (example === undefined) throw new Error(`${name} has no example`)
  const before = await entriesOf(server)
  const parts = [...example.path]
  const path = route.path.slice("/admin/v1".length).replaceAll(/:[A-Za-z]+|\*$/g, () => String(parts.shift()))
  const reply = await stage.anna.ask(route.method, path, example.body)
  expect({ status: reply.status, text: reply.status === 200 ? "" : reply.text }).toEqual({
    status: 200,
    text: "",
  })

  const added = (await entriesOf(server)).slice(0, -before.length || undefined)
  const isOfApplication = route.path.includes(":applicationId")
  expect(added).toHaveLength(1)
  expect(added[0]).toMatchObject({
    actor: example.actor ?? "administrator Anna",
    action: route.audit?.action,
    at: server.clock.now(),
    application: isOfApplication ? stage.id : undefined,
    target: example.target.replace(/<(\w+)>/, (_, property: string) => String(reply.body[property])),
  })
  const written = JSON.stringify(added)
  expect(
    [...SECRETS, String(reply.body["token"] ?? "no token")].filter((secret) => written.includes(secret)),
  ).toEqual([])
  expect(await server.services.audit.verify()).toMatchObject({ broken: undefined })
})

/** Those whose example finds nothing to change in the store. */
const UNCHANGING = [
  "POST /admin/v1/applications/:applicationId/credentials/:provider/check",
  "DELETE /admin/v1/administrators/:administrator/sessions",
  "PUT /admin/v1/applications/:applicationId/users/:userId/roles",
]

test.each(CHANGING)(
  "$method $path is never without a trace, should the server end before its entry",
  async (route) => {
    await using server = await openAdministration({ flags: { sandbox: true } })
    const stage = await prepared(server)
    const name = `${route.method} ${route.path}`
    const example = await EXAMPLES[name]?.(stage)
    if (example === undefined) throw new Error(`${name} has no example`)
    const before = await entriesOf(server)
    Object.assign(server.store.audit, { append: () => Promise.reject(new Error("the server ended")) })
    const parts = [...example.path]
    const path = route.path
      .slice("/admin/v1".length)
      .replaceAll(/:[A-Za-z]+|\*$/g, () => String(parts.shift()))
    expect(await stage.anna.ask(route.method, path, example.body)).toMatchObject({ status: 500 })
    const begunAt = server.clock.now()

    await server.clock.advance(60_001)
    await server.services.audit.settle()
    const added = (await entriesOf(server)).slice(0, -before.length || undefined)
    if (UNCHANGING.includes(name)) return expect(added).toEqual([])
    expect(added).toMatchObject([
      {
        actor: example.actor === undefined && !route.audit?.actor ? "administrator Anna" : "unknown",
        action: route.audit?.action,
        application: route.path.includes(":applicationId") ? stage.id : undefined,
        target:
          example.expected ??
          example.path
            .slice(route.path.includes(":applicationId") ? 1 : 0)
            .map((part) => decodeURIComponent(String(part)))
            .join(" "),
        details: { interrupted: true, begunAt },
      },
    ])
  },
)

test("what is refused leaves no entry", async () => {
  await using server = await openAdministration()
  const { anna, id } = await prepared(server)
  const before = await entriesOf(server)
  const reader = await server.person("Reader", "read")
  const entriesOfLogins = await entriesOf(server)
  expect(entriesOfLogins.length).toBe(before.length + 1)
  const refusals = [
    await reader.ask("POST", "/applications", { name: "New" }),
    await anna.ask("POST", "/applications", { name: "" }),
    await anna.ask("DELETE", "/tokens/77"),
    await anna.ask("DELETE", `/applications/${id}/channels/none`),
    await server.browser().ask("DELETE", `/applications/${id}`),
    await server.browser().logIn("Anna", "wrong password"),
  ]
  expect(refusals.map(({ status }) => status)).toEqual([403, 400, 404, 404, 401, 401])
  expect(await entriesOf(server)).toEqual(entriesOfLogins)
})

async function prepared(server: Administration): Promise<Stage> {
  const anna = await server.person("Anna")
  const application = await server.services.applications.create("App")
  return { server, anna, id: application.id, number: application.number }
}

async function entriesOf(server: Administration): Promise<readonly AuditEntry[]> {
  return (await server.services.audit.page({}, undefined, 1000)).entries
}
