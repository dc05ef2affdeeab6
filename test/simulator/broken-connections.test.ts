import { once } from "node:events"
import { Agent } from "node:https"
import { describe, expect, test } from "vitest"
import { exchange, FcmClient } from "./fcm-client.ts"
import { ApnsClient, fetchHttp1, nextEntry, type Setup, setup, strike, until } from "./wire.ts"

const OTHER = "cd".repeat(32)

function closing(session: ApnsClient["session"]): Promise<void> {
  return new Promise((resolve) => session.once("close", resolve))
}

describe("broken streams and connections over HTTP/2", () => {
  test("RST_STREAM strikes single streams (item 50)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    await client.push()
    strike(running, { do: "reset_stream", code: "INTERNAL_ERROR" }, { when: { nth: 2 } })
    const answers = await Promise.all([client.push(), client.push(), client.push()])
    expect(answers.map(({ status, resetCode }) => status ?? `reset ${resetCode}`)).toEqual([
      200,
      "reset 2",
      200,
    ])
    expect(running.simulators.counters().apns.accepted).toBe(3)
  })

  test("RST_STREAM can come after the push was processed", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "reset_stream", code: "CANCEL", processed: true })
    expect(await client.push()).toMatchObject({ status: undefined, resetCode: 8 })
    expect(running.simulators.counters().apns.accepted).toBe(1)
  })

  test("REFUSED_STREAM means not processed (item 46)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "refuse_stream" })
    expect(await client.push()).toMatchObject({ status: undefined, resetCode: 7 })
    expect(running.simulators.counters().apns.accepted).toBe(0)
  })

  test.each([
    ["before headers: nothing was done", "before_headers", undefined, 0],
    ["after the headers", "after_headers", 200, 1],
    ["after the push was processed: accepted, and the client saw nothing", "after_processed", undefined, 1],
  ] as const)("TCP RST %s (item 49)", async (_name, when, status, accepted) => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    const failed = closing(client.session)
    strike(running, { do: "reset", when }, { provider: "fcm" })
    const answer = await client.send()
    await failed
    expect(answer.status).toBe(status)
    expect(answer.body).toBe("")
    expect(running.simulators.counters().fcm.accepted).toBe(accepted)
  })

  test.each([
    [false, 0],
    [true, 1],
  ])("FIN with streams open (item 49), processed: %s", async (processed, accepted) => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "fin", processed })
    const closed = closing(client.session)
    const answer = await client.push()
    await closed
    expect(answer.status).toBeUndefined()
    expect(running.simulators.counters().apns.accepted).toBe(accepted)
  })

  test("the journal knows of the push that the client could not see answered (item 49)", async () => {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    strike(running, { do: "reset", when: "after_processed" })
    const arrived = nextEntry(running.simulators)
    await client.push({ token: OTHER })
    expect((await arrived).token).toBe(OTHER)
  })
})

describe("broken connections over HTTP/1.1", () => {
  async function push(running: Setup, agent?: Agent) {
    const { simulators } = running
    const { tenantId, clientId, clientSecret } = simulators.credentials.wns
    const token = await fetchHttp1(
      `${simulators.origins.wns}/${tenantId}/oauth2/v2.0/token`,
      simulators.caCertificatePem,
      {
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: clientId,
          client_secret: clientSecret,
          scope: "https://wns.windows.com/.default",
        }).toString(),
      },
    )
    return fetchHttp1(`${simulators.origins.wns}/channel`, simulators.caCertificatePem, {
      headers: {
        authorization: `Bearer ${JSON.parse(token.body).access_token}`,
        "content-type": "application/octet-stream",
        "content-length": "2",
        "x-wns-type": "wns/raw",
      },
      body: "hi",
      ...(agent && { agent }),
    })
  }

  test.each([
    [{ do: "reset", when: "before_headers" }, 0],
    [{ do: "reset", when: "after_headers" }, 1],
    [{ do: "reset", when: "after_processed" }, 1],
    [{ do: "reset_stream", code: "INTERNAL_ERROR" }, 0],
  ] as const)("%j resets the connection; accepted: %i (item 49)", async (action, accepted) => {
    await using running = await setup()
    strike(running, action, { provider: "wns" })
    await expect(push(running)).rejects.toMatchObject({ code: "ECONNRESET" })
    expect(running.simulators.counters().wns.accepted).toBe(accepted)
  })

  test("FIN instead of an answer (item 49)", async () => {
    await using running = await setup()
    strike(running, { do: "fin" }, { provider: "wns" })
    await expect(push(running)).rejects.toMatchObject({ message: "socket hang up" })
  })

  test("keep-alive is closed between two requests without notice (item 58)", async () => {
    await using running = await setup()
    using agent = new (class extends Agent {
      [Symbol.dispose]() {
        this.destroy()
      }
    })({ keepAlive: true, maxSockets: 1 })
    strike(running, { do: "close_keep_alive" }, { provider: "wns", when: { nth: 2 } })
    const sockets: string[] = []
    for (let sent = 0; sent < 3; sent += 1) {
      const { status, headers } = await push(running, agent)
      sockets.push(`${status} ${headers["connection"]}`)
      if (sent === 1) await closedSockets(agent)
    }
    expect(sockets).toEqual(["200 keep-alive", "200 keep-alive", "200 keep-alive"])
  })

  /** Waits until the server has closed all idle connections of the agent. */
  async function closedSockets(agent: Agent): Promise<void> {
    const idle = Object.values(agent.freeSockets).flat()
    expect(idle).toHaveLength(1)
    await Promise.all(idle.map((socket) => socket && !socket.destroyed && once(socket, "close")))
  }
})

describe("faults of the token endpoints (item 57)", () => {
  test("the token endpoint fails while sends go on", async () => {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    strike(
      running,
      { do: "answer", status: 503, body: "down" },
      { provider: "fcm", endpoint: "token", times: 1 },
    )
    const failed = await exchange(running)
    expect([failed.status, failed.body]).toEqual([503, "down"])
    expect((await client.send()).status).toBe(200)
    strike(running, { do: "reset", when: "before_headers" }, { provider: "fcm", endpoint: "token", times: 1 })
    await expect(exchange(running)).rejects.toMatchObject({ code: "ECONNRESET" })
    expect((await exchange(running)).status).toBe(200)
    expect(running.simulators.counters().fcm.rejected).toBe(0)
  })

  test("the token endpoint is slow", async () => {
    await using running = await setup()
    const { clock, simulators } = running
    strike(running, { do: "delay", ms: 20_000 }, { provider: "fcm", endpoint: "token" })
    const answer = exchange(running)
    await until(() => simulators.counters().fcm.accessTokensIssued === 1)
    await clock.advance(20_000)
    expect((await answer).status).toBe(200)
  })

  test("the token endpoint hands out a token that has expired already", async () => {
    await using running = await setup()
    strike(running, { do: "expired_access_token" }, { provider: "fcm", endpoint: "token", times: 1 })
    await using stale = await FcmClient.open(running)
    expect((await stale.send()).status).toBe(401)
    await using fresh = await FcmClient.open(running)
    expect((await fresh.send()).status).toBe(200)
  })
})
