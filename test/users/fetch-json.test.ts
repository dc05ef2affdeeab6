import { once } from "node:events"
import type { ServerResponse } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { describe, expect, test } from "vitest"
import { guardedLookup } from "../../src/provider/endpoint-guard.ts"
import { FakeClock, systemClock } from "../../src/runtime/clock.ts"
import { type FetchJsonOptions, fetchJson } from "../../src/server/fetch-json.ts"
import { LOOPBACK_TLS } from "../provider/loopback-tls.ts"

/** Reading from a URL that an administrator of one application chose (reliability 2.7). */

async function openServer(answer: (response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer(LOOPBACK_TLS, (request, response) => {
    asked.push(request.url ?? "")
    answer(response)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const get = (options: Partial<FetchJsonOptions> = {}, host = "localhost") =>
    fetchJson(`https://${host}:${port}/keys`, {
      clock: systemClock,
      ca: LOOPBACK_TLS.cert,
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4),
      isAllowed: (address) => address === "127.0.0.1",
      ...options,
    })
  return {
    asked,
    get,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

const json = (response: ServerResponse) => response.end('{"keys":[]}')

describe("a key set", () => {
  test("is read as JSON", async () => {
    await using server = await openServer(json)
    expect(await server.get()).toEqual({ keys: [] })
    expect(server.asked).toEqual(["/keys"])
  })

  test("is not read from an address that is not public, however it is written or found", async () => {
    await using server = await openServer(json)
    const asUsual = { lookup: undefined, isAllowed: undefined } as unknown as Partial<FetchJsonOptions>
    for (const host of [
      "localhost",
      "127.0.0.1",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "169.254.169.254",
      "2130706433",
    ]) {
      await expect(server.get(asUsual, host), host).rejects.toThrow(/not public/)
    }
    const inside = guardedLookup((_, done) =>
      done(null, [
        { address: "52.230.1.1", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ]),
    )
    await expect(server.get({ lookup: inside })).rejects.toThrow(/not public/)
    // A resolver that changes its mind after it was asked.
    await expect(server.get({ isAllowed: () => false })).rejects.toThrow(/not public/)
    expect(server.asked).toEqual([])
  })

  test.each([301, 302, 307, 308])("is not looked for where a %i points", async (status) => {
    await using server = await openServer((response) =>
      response.writeHead(status, { location: "/elsewhere" }).end(),
    )
    await expect(server.get()).rejects.toThrow(`answered ${status}`)
    expect(server.asked).toEqual(["/keys"])
  })

  test("is at most 64 KiB of JSON", async () => {
    await using server = await openServer((response) => response.end(`"${"x".repeat(70_000)}"`))
    await expect(server.get()).rejects.toThrow(/larger than/)
    await using other = await openServer((response) => response.end("<html>"))
    await expect(other.get()).rejects.toThrow(/no JSON/)
  })

  test("that does not come within ten seconds is given up, as is one that is cut off", async () => {
    const clock = new FakeClock()
    await using server = await openServer((response) => {
      response.writeHead(200)
      response.write("{")
    })
    const waiting = server.get({ clock })
    const refused = expect(waiting).rejects.toThrow(/ten seconds/)
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await clock.advance(10_000)
    await refused
    await using cutting = await openServer((response) => {
      response.writeHead(200, { "content-length": "100" })
      response.write("{", () => response.destroy())
    })
    await expect(cutting.get()).rejects.toThrow()
  })

  test("comes from who has the certificate of the name", async () => {
    await using server = await openServer(json)
    await expect(server.get({ ca: undefined } as unknown as Partial<FetchJsonOptions>)).rejects.toThrow(
      /certificate/,
    )
    expect(server.asked).toEqual([])
  })
})
