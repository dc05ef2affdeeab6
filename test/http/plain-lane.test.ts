import { expect, test } from "vitest"
import type { PlainAnswer, PlainHandler } from "../../src/http/plain-lane.ts"
import { RequestCounts } from "../../src/http/request-counts.ts"
import { openRegistrationServer } from "../registration-server.ts"
import { type Answer, KeepAliveClient } from "./keep-alive-client.ts"
import { chunked, get, post } from "./raw/case.ts"
import { Talk } from "./raw/talk.ts"
import { bodyOf, REFUSED } from "./registration-cases.ts"
import { API_KEY, APPLICATION_ID, listenToyServer, plainEcho } from "./toy-server.ts"

/** Plain requests are answered before node:http sees them, and nobody can tell but by the time that it takes. */

const NEVER = new AbortController().signal
const ECHO = `/${APPLICATION_ID}/${API_KEY}/messaging/echo`

function echo(client: KeepAliveClient, body: string, headers: Readonly<Record<string, string>> = {}) {
  return client.send({ method: "POST", path: ECHO, body, headers })
}

/** Which of the two answered. */
function laneOf(answer: Answer): "plain" | "node:http" {
  expect(answer.status).toBe(200)
  return JSON.parse(answer.text).lane ?? "node:http"
}

/** Holds back its answers until it is told to give them. */
function heldBack() {
  const held: PlainAnswer[] = []
  const arrived: (() => void)[] = []
  const handle: PlainHandler = () => (answer) => {
    held.push(answer)
    arrived.shift()?.()
  }
  return {
    handle,
    arrival: () => new Promise<void>((resolve) => arrived.push(resolve)),
    answer: (body: string) => held.shift()?.(200, "", body),
  }
}

/** A connection whose next request is the lane's. */
async function warmTalk(port: number): Promise<Talk> {
  const talk = await Talk.open(port)
  talk.say(get("/healthz"))
  await talk.hear('{"status":"ok"}')
  return talk
}

/** A server that is answering the first request of the lane on a connection. */
async function duringAnAnswer() {
  const held = heldBack()
  const server = await listenToyServer({ plainLane: held.handle })
  const talk = await warmTalk(server.port)
  const arrival = held.arrival()
  talk.say(post("[1]"))
  await arrival
  return { server, talk, held }
}

test("the first request of a connection is node:http's, the plain ones behind it the lane's", async () => {
  await using server = await listenToyServer({ plainLane: plainEcho().handle })
  using client = new KeepAliveClient(server.port)
  const first = await echo(client, "[1]")
  const second = await echo(client, "[2]")
  expect([first, second].map(laneOf)).toEqual(["node:http", "plain"])
  const { "content-length": _, date, ...headers } = second.headers
  const { "content-length": __, date: firstDate, ...firstHeaders } = first.headers
  expect(headers).toEqual(firstHeaders)
  expect(Date.parse(date ?? "") - Date.parse(firstDate ?? "")).toBeLessThan(60_000)
})

test("a request that its handler leaves is node:http's, and the next one the lane's again", async () => {
  await using server = await listenToyServer({ plainLane: plainEcho().handle })
  using client = new KeepAliveClient(server.port)
  await echo(client, "[1]")
  expect((await client.send({ method: "GET", path: "/healthz" })).status).toBe(200)
  expect((await echo(client, "{")).status).toBe(400)
  expect(laneOf(await echo(client, "[2]"))).toBe("plain")
})

test("behind what was not plain, all that comes is node:http's", async () => {
  await using server = await listenToyServer({ plainLane: plainEcho().handle })
  using client = new KeepAliveClient(server.port)
  await echo(client, "[1]")
  expect(laneOf(await echo(client, "[2]", { "transfer-encoding": "chunked" }))).toBe("node:http")
  expect(laneOf(await echo(client, "[3]"))).toBe("node:http")
})

test("bytes that come while a request is being answered wait, and are answered in their order", async () => {
  const held = heldBack()
  await using server = await listenToyServer({ plainLane: held.handle })
  const talk = await warmTalk(server.port)
  const first = held.arrival()
  talk.say(post("[1]"))
  await first
  const second = held.arrival()
  talk.say(post("[2]"))
  held.answer('"first"')
  expect(await talk.hear('"first"')).not.toContain('"second"')
  await second
  held.answer('"second"')
  await talk.hear('"second"')
  const third = held.arrival()
  talk.say(post("[3]"))
  await third
  talk.say(chunked("3\r\n[4]\r\n0\r\n\r\n") + get("/healthz"))
  held.answer('"third"')
  await talk.hear('"third"')
  await talk.hear('"body":[4]')
  await talk.hear('{"status":"ok"}')
  talk.hangUp()
})

test("a server that stops waits for what is being answered, and takes nothing more", async () => {
  const { server, talk, held } = await duringAnAnswer()
  let isClosed = false
  const closed = server.close(NEVER).then(() => {
    isClosed = true
  })
  talk.say(post("[2]"))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isClosed).toBe(false)
  held.answer('"first"')
  expect(await talk.hearOut()).toMatch(/^HTTP\/1\.1 200 OK.*"first"HTTP\/1\.1 503 .*connection: close/s)
  await closed
})

test("a client that leaves while it is being answered leaves nothing behind", async () => {
  const { server, talk, held } = await duringAnAnswer()
  talk.say(post("[2]"))
  talk.hangUp()
  await new Promise((resolve) => setTimeout(resolve, 50))
  held.answer('"to nobody"')
  await server.close(NEVER)
})

test("an answer beyond ASCII has its length in bytes", async () => {
  const handle: PlainHandler = () => (answer) => answer(200, "", '"♪"')
  await using server = await listenToyServer({ plainLane: handle })
  using client = new KeepAliveClient(server.port)
  await client.send({ method: "GET", path: "/healthz" })
  expect((await echo(client, "[1]")).text).toBe('"♪"')
})

test("answers of the lane are counted as all others", async () => {
  const requestCounts = new RequestCounts()
  const handle: PlainHandler = () => (answer) => answer(429, "", "{}")
  await using server = await listenToyServer({ plainLane: handle, requestCounts })
  using client = new KeepAliveClient(server.port)
  await client.send({ method: "GET", path: "/healthz" })
  await echo(client, "[1]")
  expect(requestCounts.samples()).toEqual([
    { labels: { surface: "backendless", status: "429" }, value: 1 },
    { labels: { surface: "system", status: "200" }, value: 1 },
  ])
})

test("a registration is answered by the lane as by node:http, whatever is wrong with it", async () => {
  await using server = await openRegistrationServer()
  const path = `${server.keyPath()}/messaging/registrations`
  const bodies = [bodyOf(), bodyOf({ channels: '["a","b"]' }), ...REFUSED.map(({ body }) => body)]
  for (const body of bodies) {
    using lane = new KeepAliveClient(server.port)
    using node = new KeepAliveClient(server.port)
    await lane.send({ method: "POST", path, body: bodyOf() })
    const [byLane, byNode] = [
      await lane.send({ method: "POST", path, body }),
      await node.send({ method: "POST", path, body }),
    ]
    const { date: _, ...laneHeaders } = byLane.headers
    const { date: __, ...nodeHeaders } = byNode.headers
    expect({ ...byLane, headers: laneHeaders }).toEqual({ ...byNode, headers: nodeHeaders })
  }
  expect(server.incidents).toEqual([])
})
