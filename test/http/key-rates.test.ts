import { expect, test } from "vitest"
import { openRegistrationServer } from "../registration-server.ts"
import { KeepAliveClient } from "./keep-alive-client.ts"
import { bodyOf } from "./registration-cases.ts"

/** A key with a limit of its own over real connections: ten times that many requests at once, then a word on when to come back. */

test("the limit of a key holds on a kept connection, and no other key feels it", async () => {
  await using server = await openRegistrationServer()
  const { key } = await server.services.keys.create(server.applicationId, {
    kind: "REST",
    requestsPerSecond: 3,
  })
  using client = new KeepAliveClient(server.port)
  const register = (path: string) =>
    client.send({ method: "POST", path: `${path}/messaging/registrations`, body: bodyOf() })
  const slow = `/${server.applicationId}/${key}`
  for (let index = 0; index < 30; index++) expect((await register(slow)).status).toBe(200)
  const refused = await register(slow)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1)
  expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(10)
  for (let index = 0; index < 40; index++) expect((await register(server.keyPath())).status).toBe(200)
})
