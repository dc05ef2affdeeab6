import { once } from "node:events"
import { describe, expect, test } from "vitest"
import { FRAME, type Frame, FrameClient } from "./frame-client.ts"
import { ALERT, ApnsClient, nextEntry, openHttp2, providerToken, type Setup, setup, TOKEN } from "./wire.ts"

const REFUSED_STREAM = 7
const ENHANCE_YOUR_CALM = 11

/** Signed once for each running simulator: a second token within 20 minutes would be refused. */
const authorizations = new WeakMap<Setup, string>()

function openFrames(running: Setup): Promise<FrameClient> {
  const { clock, simulators } = running
  authorizations.set(running, providerToken(simulators.credentials.apns, clock.now()))
  return FrameClient.open(simulators.origins.apns, simulators.caCertificatePem)
}

/** Sends a push on a stream of the bare client. */
function pushOn(client: FrameClient, running: Setup, streamId: number, token = TOKEN): void {
  const headers = {
    ":method": "POST",
    ":scheme": "https",
    ":path": `/3/device/${token}`,
    ":authority": "localhost",
    authorization: authorizations.get(running) ?? "",
    "apns-topic": "com.example.app",
  }
  client.request(streamId, headers, ALERT)
}

const on = (streamId: number) => (frame: Frame) => frame.streamId === streamId

async function resetCode(client: FrameClient, streamId: number): Promise<number> {
  return (await client.frame(FRAME.rstStream, on(streamId))).payload.readUInt32BE()
}

function goAwayIn({ payload }: Frame): { lastStreamId: number; code: number; reason: unknown } {
  const text = payload.subarray(8).toString()
  return {
    lastStreamId: payload.readUInt32BE(),
    code: payload.readUInt32BE(4),
    reason: text === "" ? undefined : JSON.parse(text).reason,
  }
}

describe("the APNs simulator, the stream limit (item 45)", () => {
  test("is 1 until the first valid provider token, then 1000", async () => {
    await using running = await setup()
    const { session } = await ApnsClient.open(running)
    expect(session.remoteSettings.maxConcurrentStreams).toBe(1)
    session.destroy()
    await using client = await ApnsClient.open(running)
    await client.push({ headers: { authorization: "bearer nonsense" } })
    expect(client.session.remoteSettings.maxConcurrentStreams).toBe(1)
    const raised = once(client.session, "remoteSettings")
    expect(await client.reason()).toBe("200")
    await raised
    expect(client.session.remoteSettings.maxConcurrentStreams).toBe(1_000)
  })

  test("can be set, can drop after a refusal, and recovers with the next accepted push", async () => {
    await using running = await setup({ apns: { streamLimit: 500, streamLimitAfterRejection: 1 } })
    await using client = await openFrames(running)
    await client.frame(FRAME.settings)
    client.acknowledgeSettings()
    pushOn(client, running, 1)
    await client.streamLimit(500)
    pushOn(client, running, 3, "not-a-token")
    await client.frame(FRAME.headers, on(3))
    pushOn(client, running, 5)
    await client.frame(FRAME.headers, on(5))
    pushOn(client, running, 7)
    await client.frame(FRAME.headers, on(7))
    expect(client.streamLimits()).toEqual([1, 500, 1, 500])
  })

  test("does not drop after 410", async () => {
    await using running = await setup({ apns: { streamLimitAfterRejection: 1 } })
    running.simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "unregistered" },
      running.clock.now(),
    )
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.frame(FRAME.headers, on(1))
    pushOn(client, running, 3)
    await client.frame(FRAME.headers, on(3))
    expect(client.streamLimits()).toEqual([1, 1_000])
  })

  test("can be scripted from 1000 to 1 in the middle of a burst: the rest is refused, not lost", async () => {
    await using running = await setup()
    const { simulators } = running
    await using client = await ApnsClient.open(running)
    await client.push()
    simulators.faults.add({
      provider: "apns",
      when: { nth: 10 },
      action: { do: "stream_limit", limit: 1 },
    })
    const limits: unknown[] = []
    client.session.on("remoteSettings", (settings) => limits.push(settings.maxConcurrentStreams))
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.push()))
    const accepted = answers.filter(({ status }) => status === 200).length
    const refused = answers.filter(({ resetCode }) => resetCode === REFUSED_STREAM).length
    expect(accepted).toBeGreaterThanOrEqual(10)
    expect(accepted + refused).toBe(50)
    expect(limits).toEqual([1])
    expect(simulators.counters().apns.accepted).toBe(accepted + 1)
  })

  test("can be scripted to 0: new streams are refused", async () => {
    await using running = await setup()
    running.simulators.faults.add({ provider: "apns", times: 1, action: { do: "stream_limit", limit: 0 } })
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.streamLimit(0)
    pushOn(client, running, 3)
    expect(await resetCode(client, 3)).toBe(REFUSED_STREAM)
  })
})

describe("the APNs simulator, clients that overshoot (item 46)", () => {
  test("streams above the limit are refused one by one before the limit is acknowledged", async () => {
    await using running = await setup({ apns: { overshootsMax: 2 } })
    running.simulators.faults.add({ provider: "apns", action: { do: "delay", ms: 10 } })
    await using client = await openFrames(running)
    for (let streamId = 1; streamId <= 19; streamId += 2) pushOn(client, running, streamId)
    const codes = await Promise.all([3, 5, 7, 9, 11, 13, 15, 17, 19].map((id) => resetCode(client, id)))
    expect(new Set(codes)).toEqual(new Set([REFUSED_STREAM]))
    expect(running.simulators.counters().apns.production.streamsRefused).toBe(9)
    expect(client.frames.some(({ type }) => type === FRAME.goaway)).toBe(false)
  })

  test("repeated overshoot of an acknowledged limit ends in GOAWAY and the end of the connection", async () => {
    await using running = await setup({ apns: { overshootsMax: 3, streamLimit: 1 } })
    running.simulators.faults.add({ provider: "apns", action: { do: "delay", ms: 10 } })
    await using client = await openFrames(running)
    await client.frame(FRAME.settings)
    client.acknowledgeSettings()
    const accepted = nextEntry(running.simulators)
    pushOn(client, running, 1)
    await accepted
    for (let streamId = 3; streamId <= 7; streamId += 2) pushOn(client, running, streamId)
    expect(goAwayIn(await client.frame(FRAME.goaway))).toEqual({
      lastStreamId: 1,
      code: ENHANCE_YOUR_CALM,
      reason: "Maximum active streams violated",
    })
    expect(await client.ended).toBe("fin")
  })
})

describe("the APNs simulator, the end of connections", () => {
  test("many BadDeviceTokens on one connection end in GOAWAY; 410s do not count (item 48)", async () => {
    await using running = await setup({ apns: { badDeviceTokensMax: 3 } })
    running.simulators.devices.declare(
      { provider: "apns", token: TOKEN, condition: "unregistered" },
      running.clock.now(),
    )
    await using client = await ApnsClient.open(running)
    const goneAway = once(client.session, "goaway")
    for (const token of [TOKEN, "zz", TOKEN, "zz", TOKEN]) await client.push({ token })
    expect(client.session.closed).toBe(false)
    await client.push({ token: "zz" })
    const [code, , opaqueData] = await goneAway
    expect(code).toBe(0)
    expect(JSON.parse(String(opaqueData))).toEqual({ reason: "BadDeviceToken" })
  })

  test("more connections than allowed in a minute are refused (item 55)", async () => {
    await using running = await setup({ apns: { connectionsPerMinute: 2 } })
    const { clock, simulators } = running
    const open = () => openHttp2(simulators.origins.apns, simulators.caCertificatePem)
    const sessions = [await open(), await open()]
    await expect(open()).rejects.toMatchObject({ code: "ECONNRESET" })
    await clock.advance(60_000)
    sessions.push(await open())
    expect(simulators.counters().apns.production).toMatchObject({ connections: 4, connectionsRefused: 1 })
    for (const session of sessions) session.destroy()
  })

  test("GOAWAY in the middle of a burst tells which streams were processed (item 47)", async () => {
    await using running = await setup()
    const { simulators } = running
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.streamLimit(1_000)
    client.acknowledgeSettings()
    simulators.faults.add({
      provider: "apns",
      when: { nth: 4 },
      action: { do: "goaway", lastStream: "before", reason: "Shutdown" },
    })
    for (let streamId = 3; streamId <= 21; streamId += 2) pushOn(client, running, streamId)
    const goAway = goAwayIn(await client.frame(FRAME.goaway))
    expect(goAway).toEqual({ lastStreamId: 7, code: 0, reason: "Shutdown" })
    await Promise.all([3, 5, 7].map((streamId) => client.frame(FRAME.headers, on(streamId))))
    // A reply to PING comes after everything that was going to come for the streams.
    client.send(FRAME.ping, 0, 0, Buffer.alloc(8))
    await client.frame(FRAME.ping)
    expect(client.frames.filter(({ type }) => type === FRAME.headers)).toHaveLength(4)
    expect(simulators.counters().apns.accepted).toBe(4)
  })

  test("GOAWAY with ENHANCE_YOUR_CALM kills the streams in flight at a node:http2 client (item 47)", async () => {
    await using running = await setup()
    const { simulators } = running
    await using client = await ApnsClient.open(running)
    simulators.faults.add({
      provider: "apns",
      when: { nth: 2 },
      action: { do: "goaway", code: "ENHANCE_YOUR_CALM", lastStream: "zero" },
    })
    await client.push()
    const goneAway = once(client.session, "goaway")
    const { status, resetCode } = await client.push()
    expect(status).toBeUndefined()
    expect(resetCode).not.toBe(0)
    expect((await goneAway)[0]).toBe(ENHANCE_YOUR_CALM)
  })

  test("GOAWAY can name stream 0, the highest stream, come repeatedly, and leave the connection open", async () => {
    await using running = await setup()
    running.simulators.faults.add({
      provider: "apns",
      when: { nth: 1 },
      action: { do: "goaway", lastStream: "max", times: 2 },
    })
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.frame(FRAME.headers, on(1))
    await client.streamLimit(1_000)
    pushOn(client, running, 3)
    await client.frame(FRAME.headers, on(3))
    running.simulators.faults.add({ provider: "apns", action: { do: "goaway", lastStream: "zero" } })
    pushOn(client, running, 5)
    await client.frame(FRAME.goaway, (frame) => goAwayIn(frame).lastStreamId === 0)
    const goAways = client.frames.filter(({ type }) => type === FRAME.goaway).map(goAwayIn)
    expect(goAways.map(({ lastStreamId }) => lastStreamId)).toEqual([0x7fff_ffff, 0x7fff_ffff, 0])
    expect(running.simulators.counters().apns.accepted).toBe(2)
  })

  test.each([
    ["fin", "fin"],
    ["reset", "reset"],
  ] as const)("GOAWAY can be followed by %s", async (afterwards, end) => {
    await using running = await setup()
    running.simulators.faults.add({ provider: "apns", action: { do: "goaway", afterwards } })
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.frame(FRAME.headers, on(1))
    await client.frame(FRAME.goaway)
    expect(await client.ended).toBe(end)
  })

  test("Shutdown is a 503 and a GOAWAY together (item 59)", async () => {
    await using running = await setup()
    running.simulators.faults.add({
      provider: "apns",
      action: { do: "goaway", reason: "Shutdown", answer: { reason: "Shutdown" } },
    })
    await using client = await ApnsClient.open(running)
    const goneAway = once(client.session, "goaway")
    expect(await client.reason()).toBe("503 Shutdown")
    expect(JSON.parse(String((await goneAway)[2]))).toEqual({ reason: "Shutdown" })
    expect(running.simulators.counters().apns.accepted).toBe(0)
  })

  test("a black hole reads everything, answers nothing, not even PING, and TCP stays up (item 51)", async () => {
    await using running = await setup()
    const { simulators } = running
    simulators.faults.add({ provider: "apns", action: { do: "black_hole", processed: true } })
    await using silent = await openFrames(running)
    await silent.frame(FRAME.settings)
    const swallowed = nextEntry(simulators)
    pushOn(silent, running, 1)
    await swallowed
    silent.send(FRAME.ping, 0, 0, Buffer.alloc(8, 1))
    simulators.faults.clear()
    // Another connection gets its PING answered meanwhile.
    await using lively = await openFrames(running)
    lively.send(FRAME.ping, 0, 0, Buffer.alloc(8, 2))
    expect((await lively.frame(FRAME.ping)).payload).toEqual(Buffer.alloc(8, 2))
    expect(silent.frames.some(({ type }) => type === FRAME.ping || type === FRAME.headers)).toBe(false)
    expect(simulators.counters().apns.production.connectionsOpen).toBe(2)
  })

  test.each([
    [{ do: "fin" }, "fin"],
    [{ do: "reset", when: "before_headers" }, "reset"],
  ] as const)("nothing that was read behind a push that met %j is processed", async (action, end) => {
    await using running = await setup()
    const { simulators } = running
    await using client = await openFrames(running)
    pushOn(client, running, 1)
    await client.streamLimit(1_000)
    simulators.faults.add({ provider: "apns", when: { nth: 3 }, action })
    client.together(() => {
      for (let streamId = 3; streamId <= 21; streamId += 2) pushOn(client, running, streamId)
    })
    expect(await client.ended).toBe(end)
    expect(simulators.counters().apns.accepted).toBe(3)
  })

  test("a black hole at the accepting of connections answers no handshake (item 51)", async () => {
    await using running = await setup()
    const { simulators, clock } = running
    simulators.faults.add({
      provider: "apns",
      endpoint: "connection",
      when: { nth: 1 },
      action: { do: "black_hole" },
    })
    let hasConnected = false
    const silent = openFrames(running).then((client) => {
      hasConnected = true
      return client
    })
    silent.catch(() => {})
    await using client = await ApnsClient.open(running)
    await clock.advance(1_000)
    expect(await client.reason()).toBe("200")
    expect(hasConnected).toBe(false)
    expect(simulators.counters().apns.production.connectionsOpen).toBe(2)
  })

  test.each([["reset"], ["fin"]] as const)("a connection can be refused with %s", async (action) => {
    await using running = await setup()
    const { simulators } = running
    simulators.faults.add({
      provider: "apns",
      endpoint: "connection",
      times: 1,
      action: action === "reset" ? { do: "reset", when: "before_headers" } : { do: "fin" },
    })
    const open = () => openHttp2(simulators.origins.apns, simulators.caCertificatePem)
    await expect(open()).rejects.toMatchObject({ code: "ECONNRESET" })
    const session = await open()
    session.destroy()
  })
})
