import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net"
import { createServer as createTlsServer } from "node:tls"
import { describe, expect, it } from "vitest"
import { guardedLookup, isGlobalUnicast } from "../../src/provider/endpoint-guard.ts"
import type { RequestTemplate } from "../../src/provider/http2/client.ts"
import { Http1Client, type Http1ClientOptions } from "../../src/provider/wns/http1-client.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { startThread } from "../../src/runtime/start-thread.ts"
import { Arrivals } from "./arrivals.ts"
import { RecordingSink } from "./client-harness.ts"
import { LOOPBACK_TLS } from "./loopback-tls.ts"
import type { ResettingServer } from "./resetting-server.ts"
import { openHttp1Server } from "./scripted-http1-server.ts"
import { UNUSED_ORIGIN } from "./unused-origin.ts"

const TEMPLATE: RequestTemplate = {
  kind: "path",
  headers: [{ name: "x-wns-type", value: "wns/raw" }],
  pathPrefix: "",
  body: Buffer.from("body"),
}

function setup(more: Partial<Http1ClientOptions> = {}) {
  const clock = new FakeClock()
  const sink = new RecordingSink()
  const client = new Http1Client(
    {
      inFlightMax: 10,
      ca: LOOPBACK_TLS.cert,
      isAllowed: () => true,
      clock,
      random: seededRandom(3),
      ...more,
    },
    sink,
  )
  const submit = (url: string, ticket: number) => client.submit(TEMPLATE, [url], [ticket])
  return {
    clock,
    sink,
    client,
    submit,
    [Symbol.asyncDispose]: () => client.close(AbortSignal.abort()),
  }
}

describe("HTTP/1.1 client: what was never processed", () => {
  it("is a request without a connection, and others to the same host wait until there may be one again", async () => {
    const origin = UNUSED_ORIGIN
    await using harness = setup({ onlyOrigin: origin })
    harness.submit(origin, 1)
    expect(await harness.sink.result(1)).toEqual({
      kind: "unanswered",
      processed: "not_processed",
      reason: "no connection: ECONNREFUSED",
    })
    const outage = harness.client.outage()
    expect(outage?.afterMs).toBeGreaterThanOrEqual(1000)
    harness.submit(origin, 2)
    expect(await harness.sink.result(2)).toMatchObject({
      processed: "not_processed",
      afterMs: outage?.afterMs,
    })
    const changes = harness.sink.changes
    await harness.clock.advance(outage?.afterMs ?? 0)
    expect(harness.sink.changes).toBe(changes + 1)
    expect(harness.client.outage()).toBeUndefined()
  })

  it("is a request to a host that does not finish the handshake", async () => {
    await using server = await openTcpServer()
    await using harness = setup()
    harness.submit(`https://127.0.0.1:${server.port}/`, 1)
    await server.connections.next()
    await harness.clock.advance(10_000)
    expect(await harness.sink.result(1)).toMatchObject({
      processed: "not_processed",
      reason: "no connection: connect time-out",
    })
  })

  it("is a request to a host with another name on its certificate", async () => {
    await using server = await openHttp1Server()
    await using harness = setup({ lookup: toLoopback })
    harness.submit(`https://db5p.notify.windows.com:${new URL(server.origin).port}/`, 1)
    expect(await harness.sink.result(1)).toMatchObject({
      processed: "not_processed",
      reason: "no connection: ERR_TLS_CERT_ALTNAME_INVALID",
    })
    expect(server.requests.count).toBe(0)
  })
})

describe("HTTP/1.1 client: a kept connection that is already gone", () => {
  it("shows by a failed write that the request was never processed", async () => {
    const worker = startThread(new URL("./resetting-server.ts", import.meta.url), {
      workerData: LOOPBACK_TLS,
    })
    const { port, isReset } = await new Promise<ResettingServer>((resolve) => worker.once("message", resolve))
    await using harness = setup()
    harness.submit(`https://127.0.0.1:${port}/`, 1)
    expect(await harness.sink.result(1)).toMatchObject({ status: 200 })
    // This thread stands still until the peer has reset the connection, so that node cannot know of it yet.
    worker.postMessage("reset")
    expect(Atomics.wait(isReset, 0, 0, 60_000)).not.toBe("timed-out")
    harness.submit(`https://127.0.0.1:${port}/`, 2)
    expect(await harness.sink.result(2)).toMatchObject({
      kind: "unanswered",
      processed: "not_processed",
      reason: expect.stringMatching(/^write E/),
    })
    await worker.terminate()
  })
})

describe("HTTP/1.1 client: what may have been processed", () => {
  it("is a request whose connection ends without an answer", async () => {
    await using server = await openHttp1Server()
    await using harness = setup()
    harness.submit(server.origin, 1)
    const request = await server.requests.next()
    request.socket.destroy()
    expect(await harness.sink.result(1)).toMatchObject({ kind: "unanswered", processed: "unknown" })
  })

  it("is a request on a kept connection that the peer was just closing", async () => {
    // Raw, to close at the very moment when the second request arrives.
    await using server = await openRawServer((socket, requestNumber) => {
      if (requestNumber === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      else socket.end()
    })
    await using harness = setup()
    harness.submit(server.origin, 1)
    expect(await harness.sink.result(1)).toMatchObject({ status: 200 })
    harness.submit(server.origin, 2)
    expect(await harness.sink.result(2)).toMatchObject({ kind: "unanswered", processed: "unknown" })
    expect(server.connections).toBe(1)
  })

  it("is a request that is not answered in time", async () => {
    await using server = await openHttp1Server()
    await using harness = setup()
    harness.submit(server.origin, 1)
    await server.requests.next()
    // Standing still is no time for an answer, unless it goes on.
    harness.clock.standStill(15_000)
    await harness.clock.advance(0)
    expect(server.requests.count).toBe(1)
    await harness.clock.advance(1_000)
    expect(await harness.sink.result(1)).toEqual({
      kind: "unanswered",
      processed: "unknown",
      reason: "request time-out",
    })
  })

  it("is a request whose answer is no HTTP", async () => {
    await using server = await openRawServer((socket) => socket.end("nonsense\r\n\r\n"))
    await using harness = setup()
    harness.submit(server.origin, 1)
    expect(await harness.sink.result(1)).toMatchObject({ kind: "unanswered", processed: "unknown" })
  })

  it("is a request that is answered with headers without end", async () => {
    await using server = await openRawServer((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(40_000)}\r\n\r\n`),
    )
    await using harness = setup()
    harness.submit(server.origin, 1)
    expect(await harness.sink.result(1)).toMatchObject({ kind: "unanswered", processed: "unknown" })
  })
})

describe("HTTP/1.1 client: answers", () => {
  it("have a length, a reason phrase and headers", async () => {
    await using server = await openHttp1Server()
    await using harness = setup()
    harness.submit(`${server.origin}/w/?token=1`, 1)
    const request = await server.requests.next()
    expect(request.headers).toMatchObject({ "content-length": "4", "x-wns-type": "wns/raw" })
    request.respond(410, { "apns-id": "any" }, "gone", "Domain Blocked")
    expect(await harness.sink.result(1)).toMatchObject({
      status: 410,
      body: "gone",
      isComplete: true,
      apnsId: "any",
    })
  })

  it("are cut when they are too long", async () => {
    await using server = await openHttp1Server()
    await using harness = setup()
    harness.submit(server.origin, 1)
    ;(await server.requests.next()).respond(500, {}, "x".repeat(1_000_000))
    expect(await harness.sink.result(1)).toMatchObject({
      status: 500,
      isComplete: false,
      body: "x".repeat(4096),
    })
  })

  it("keep their status when the body breaks off", async () => {
    await using server = await openRawServer((socket) =>
      socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nhalf", () => socket.destroy()),
    )
    await using harness = setup()
    harness.submit(server.origin, 1)
    expect(await harness.sink.result(1)).toMatchObject({ status: 404, isComplete: false })
  })

  it("are complete when they end with their connection", async () => {
    await using server = await openRawServer((socket) =>
      socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall"),
    )
    await using harness = setup()
    harness.submit(server.origin, 1)
    expect(await harness.sink.result(1)).toMatchObject({ status: 200, body: "all", isComplete: true })
  })

  it("that redirect are not followed", async () => {
    await using server = await openHttp1Server()
    await using harness = setup()
    harness.submit(server.origin, 1)
    ;(await server.requests.next()).respond(307, { location: `${server.origin}/elsewhere` })
    expect(await harness.sink.result(1)).toMatchObject({ status: 307 })
    expect(server.requests.count).toBe(1)
  })
})

describe("HTTP/1.1 client: forbidden addresses", () => {
  it("are not connected to when a name resolves to them", async () => {
    await using server = await openTcpServer()
    const lookup = guardedLookup((_, done) => done(null, [{ address: "127.0.0.1", family: 4 }]))
    await using harness = setup({ lookup, isAllowed: (address) => isGlobalUnicast(address ?? "") })
    harness.submit(`https://db5p.notify.windows.com:${server.port}/`, 1)
    expect(await harness.sink.result(1)).toMatchObject({
      processed: "not_processed",
      reason: "no connection: FORBIDDEN_ADDRESS",
    })
    expect(server.connections.count).toBe(0)
  })

  it("get nothing even when a lookup let them slip through", async () => {
    await using server = await openTcpServer()
    await using harness = setup({
      lookup: toLoopback,
      isAllowed: (address) => isGlobalUnicast(address ?? ""),
    })
    harness.submit(`https://db5p.notify.windows.com:${server.port}/`, 1)
    expect(await harness.sink.result(1)).toMatchObject({
      processed: "not_processed",
      reason: "no connection: FORBIDDEN_ADDRESS",
    })
  })
})

/** A lookup that takes every name for this machine. */
const toLoopback: Http1ClientOptions["lookup"] = (_, options, callback) => {
  if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }])
  else callback(null, "127.0.0.1", 4)
}

async function openTcpServer() {
  const connections = new Arrivals<Socket>()
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    socket.on("error", () => {})
    sockets.push(socket)
    connections.add(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A TLS server that answers each read with whatever bytes the test likes. */
async function openRawServer(answer: (socket: Socket, requestNumber: number) => void) {
  const sockets: Socket[] = []
  const server = createTlsServer({ ...LOOPBACK_TLS }, (socket) => {
    sockets.push(socket)
    let requests = 0
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      if (!chunk.includes("POST ")) return
      requests += 1
      answer(socket, requests)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return sockets.length
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
