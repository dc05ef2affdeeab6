import { afterEach, expect, test, vi } from "vitest"
import { RateLimits } from "../../src/http/rate-limits.ts"
import { openRegistrationServer } from "../registration-server.ts"
import { type Answer, KeepAliveClient } from "./keep-alive-client.ts"
import { bodyOf } from "./registration-cases.ts"

/** Keys with addresses over real connections: which way such a request goes, and what comes back. */

afterEach(() => vi.restoreAllMocks())

const INSIDE = "203.0.113.7"
const OUTSIDE = "198.51.100.1"

function withoutDate({ headers: { date: _, ...headers }, ...answer }: Answer) {
  return { ...answer, headers }
}

async function behindProxy(addresses: readonly string[]) {
  const server = await openRegistrationServer({ flags: { "http-trusted-proxies": "127.0.0.0/8" } })
  const { key } = await server.services.keys.create(server.applicationId, { kind: "REST", addresses })
  const client = new KeepAliveClient(server.port)
  const register = (from: string, one = key) =>
    client.send({
      method: "POST",
      path: `/${server.applicationId}/${one}/messaging/registrations`,
      headers: from === "" ? {} : { "x-forwarded-for": from },
      body: bodyOf(),
    })
  return {
    server,
    register,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

test("a key with addresses has the lane of registrations where it is accepted; elsewhere it is the route's to refuse", async () => {
  await using world = await behindProxy(["203.0.113.0/24"])
  const { register, server } = world
  // The route asks for the limit of the address by itself, the lane for all limits at once.
  const byRoute = vi.spyOn(RateLimits.prototype, "takeAddress")
  expect((await register(INSIDE)).status).toBe(200)
  expect(byRoute).toHaveBeenCalledTimes(1)
  expect((await register(INSIDE)).status).toBe(200)
  expect(byRoute).toHaveBeenCalledTimes(1)
  const elsewhere = await register(OUTSIDE)
  expect(byRoute).toHaveBeenCalledTimes(2)
  const wrong = await register(OUTSIDE, "00000000-0000-4000-8000-000000000000")
  expect(elsewhere.status).toBe(400)
  expect(JSON.parse(elsewhere.text)).toMatchObject({ code: 2002 })
  expect(withoutDate(elsewhere)).toEqual(withoutDate(wrong))
  expect((await register(INSIDE)).status).toBe(200)
  expect(byRoute).toHaveBeenCalledTimes(3)
  expect(server.incidents).toEqual([])
})

test("without a proxy in between, it is the connection that comes from an address", async () => {
  await using here = await behindProxy(["127.0.0.1"])
  expect((await here.register("")).status).toBe(200)
  await using elsewhere = await behindProxy([INSIDE])
  for (let round = 0; round < 2; round++) expect((await elsewhere.register("")).status).toBe(400)
})
