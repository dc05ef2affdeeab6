import { expect, test } from "vitest"
import { openAdministration } from "../administrators/administration.ts"
import { EXAMPLES } from "../administrators/changing-calls.ts"

/**
 * What a body holds besides what its route takes is refused, never stored and never passed over: a misspelt restriction must
 * not be none.
 */

test.each(Object.entries(EXAMPLES))("%s takes no property that it does not know", async (name, make) => {
  await using server = await openAdministration({ flags: { sandbox: true } })
  const anna = await server.person("Anna")
  const { id, number } = await server.services.applications.create("App")
  const example = await make({ server, anna, id, number })
  if (example.body === undefined) return
  const [method = "", route = ""] = name.split(" ")
  const parts = [...example.path]
  const path = route.slice("/admin/v1".length).replaceAll(/:[A-Za-z]+|\*$/g, () => String(parts.shift()))
  const body = { ...(example.body as object), surprise: "x" }
  const { status, body: answer } = await anna.ask(method, path, body)
  expect([status, answer["code"], answer["errorData"]]).toEqual([
    400,
    90005,
    expect.objectContaining({ property: "surprise" }),
  ])
})
