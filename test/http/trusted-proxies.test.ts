import { expect, test } from "vitest"
import { openRegistrationServer } from "../registration-server.ts"
import { KeepAliveClient } from "./keep-alive-client.ts"
import { bodyOf } from "./registration-cases.ts"

/** Who counts as whom behind proxies, over real connections: seen by the limit of an address, ten requests in its window. */

const LIMIT = 10

async function behindProxies(trusted: string) {
  const flags = { "http-trusted-proxies": trusted, "rate-per-address": "1" }
  const server = await openRegistrationServer({ flags })
  const client = new KeepAliveClient(server.port)
  const path = `${server.keyPath()}/messaging/registrations`
  const register = async (claims: string) =>
    (await client.send({ method: "POST", path, body: bodyOf(), headers: { "x-forwarded-for": claims } }))
      .status
  const count = async (claims: (index: number) => string, times: number) => {
    let answered = 0
    for (let index = 0; index < times; index++) if ((await register(claims(index))) === 200) answered++
    return answered
  }
  return {
    count,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

test("a proxy of a range says who its clients are, also through another proxy, and each counts by itself", async () => {
  await using proxies = await behindProxies("127.0.0.0/8, 10.0.0.0/8, 2001:db8:ffff::/48")
  expect(await proxies.count(() => "198.51.100.1", LIMIT + 2)).toBe(LIMIT)
  expect(await proxies.count(() => "198.51.100.2, 10.9.9.9", LIMIT + 2)).toBe(LIMIT)
  expect(await proxies.count(() => "198.51.100.3, 2001:db8:ffff::9, 10.9.9.9", LIMIT + 2)).toBe(LIMIT)
})

test("what a client writes into the header itself is not believed", async () => {
  await using proxies = await behindProxies("127.0.0.1/32")
  expect(await proxies.count((index) => `203.0.113.${index}, 198.51.100.1`, LIMIT + 2)).toBe(LIMIT)
})

test("who is no trusted proxy is not believed at all", async () => {
  // Loopback, which these connections come from, has no limit of its own.
  await using proxies = await behindProxies("10.0.0.0/8")
  expect(await proxies.count(() => "198.51.100.1", 3 * LIMIT)).toBe(3 * LIMIT)
})
