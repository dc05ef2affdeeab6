import { expect, test } from "vitest"
import { openAdministration } from "./administration.ts"

test("the audit log is filtered by who did it and by what was done, page by page", async () => {
  await using server = await openAdministration()
  const anna = await server.person("Anna")
  const bob = await server.person("Bob")
  for (const name of ["One", "Two", "Three"]) await anna.ask("POST", "/applications", { name })
  await bob.ask("POST", "/tokens", { scope: "read" })
  const first = await anna.ask("GET", "/audit?actor=anna&action=application&limit=2")
  expect(actionsOf(first.body)).toEqual([
    "administrator Anna application.create",
    "administrator Anna application.create",
  ])
  const second = await anna.ask(
    "GET",
    `/audit?actor=anna&action=application&limit=2&cursor=${first.body["next"]}`,
  )
  expect(actionsOf(second.body)).toEqual(["administrator Anna application.create"])
  expect(second.body["next"]).toBeNull()
  expect(actionsOf((await anna.ask("GET", "/audit?action=token.create")).body)).toEqual([
    "administrator Bob token.create",
  ])
})

test("the audit log is verified on demand, by whoever administers the whole server only", async () => {
  await using server = await openAdministration()
  const anna = await server.person("Anna")
  await anna.ask("POST", "/applications", { name: "App" })
  const { status, body } = await anna.ask("GET", "/audit/verification")
  const [last] = (await server.services.audit.page({}, undefined, 1)).entries
  expect({ status, body }).toEqual({
    status: 200,
    body: { isWhole: true, entries: last?.number, broken: null, hash: last?.hash },
  })
  const { id } = await server.services.applications.create("Own")
  expect((await (await server.person("Carol", "operate")).ask("GET", "/audit/verification")).status).toBe(403)
  const dave = await server.person("Dave", "administer", [id])
  expect((await dave.ask("GET", "/audit/verification")).status).toBe(404)
})

test("a credential that is wrong is refused at the property that is wrong", async () => {
  await using server = await openAdministration()
  const anna = await server.person("Anna")
  const { id } = await server.services.applications.create("App")
  const refused = async (provider: string, body: object) => {
    const reply = await anna.ask("PUT", `/applications/${id}/credentials/${provider}`, body)
    return { status: reply.status, ...(reply.body["errorData"] as object) }
  }
  const p8 = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
  expect(await refused("fcm", { fields: p8 })).toMatchObject({ status: 422, property: "fields" })
  expect(await refused("apns", { fields: { key: "{}" } })).toMatchObject({ status: 422, property: "key" })
  expect(await refused("wns", { fields: {} })).toMatchObject({ status: 422, property: "tenantId" })
})

function actionsOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = body["entries"] as readonly { readonly actor: string; readonly action: string }[]
  return entries.map(({ actor, action }) => `${actor} ${action}`)
}
