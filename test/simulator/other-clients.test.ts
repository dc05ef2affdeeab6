import http2, { type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2"
import { globalAgent } from "node:https"
import { connect as connectTls } from "node:tls"
import apn from "@parse/node-apn"
import { cert, deleteApp, initializeApp } from "firebase-admin/app"
import { getMessaging, type Messaging } from "firebase-admin/messaging"
import { afterEach, describe, expect, test, vi } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import { openSimulators, type Simulators } from "../../src/simulator/simulator.ts"

const TOKENS = ["ab".repeat(32), "cd".repeat(32)]

/** These clients know no clock but the system's. */
function open(): Promise<Simulators> {
  return openSimulators({ clock: systemClock, random: seededRandom(11) })
}

function portOf(origin: string): number {
  return Number(new URL(origin).port)
}

describe("@parse/node-apn", () => {
  function provider({ origins, credentials, caCertificatePem }: Simulators): apn.Provider {
    const { privateKey, keyId, teamId } = credentials.apns
    return new apn.Provider({
      token: { key: privateKey, keyId, teamId },
      address: "127.0.0.1",
      port: portOf(origins.apns),
      ca: [caCertificatePem],
      connectionRetryLimit: 1,
    })
  }

  test("delivers to the APNs simulator and understands its refusals", async () => {
    await using simulators = await open()
    simulators.devices.declare(
      { provider: "apns", token: TOKENS[1]!, condition: "unregistered", since: 5 },
      5,
    )
    const sender = provider(simulators)
    try {
      const note = new apn.Notification()
      note.topic = "com.example.app"
      note.pushType = "alert"
      note.alert = { title: "Lunch", body: "The soup is ready" }
      note.badge = 2
      // One after the other: it does not wait for the limit of one stream to be raised.
      const first = await sender.send(note, TOKENS[0]!)
      const second = await sender.send(note, TOKENS[1]!)
      expect(first).toMatchObject({ sent: [{ device: TOKENS[0] }], failed: [] })
      expect(second.failed).toMatchObject([
        { device: TOKENS[1], status: 410, response: { reason: "Unregistered", timestamp: 5 } },
      ])
      expect(simulators.journal.read()).toMatchObject([
        { token: TOKENS[0], title: "Lunch", body: "The soup is ready", badge: 2, kind: "alert" },
      ])
      expect(simulators.counters().apns).toMatchObject({ accepted: 1, rejected: 1 })
    } finally {
      await sender.shutdown()
    }
  })
})

describe("firebase-admin", () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** Its hosts are constants: connections are led to the simulator, trusting its authority. */
  async function withMessaging(simulators: Simulators, use: (messaging: Messaging) => Promise<void>) {
    const target = {
      host: "127.0.0.1",
      port: portOf(simulators.origins.fcm),
      ca: simulators.caCertificatePem,
      servername: "localhost",
    }
    // Its token exchange uses no agent but the global one, whatever agent it is given.
    vi.spyOn(globalAgent, "createConnection").mockImplementation(() => connectTls(target))
    const connect = http2.connect
    vi.spyOn(http2, "connect").mockImplementation(((_url: string, options: object) =>
      withScheme(connect(simulators.origins.fcm, { ...options, ca: target.ca }))) as typeof connect)
    const account = { ...simulators.credentials.fcm }
    const app = initializeApp({ credential: cert(account as object) }, "simulated")
    try {
      await use(getMessaging(app))
    } finally {
      await deleteApp(app)
      globalAgent.destroy()
    }
  }

  /** It sends the scheme with a colon, "https:", which node:http2 servers refuse with PROTOCOL_ERROR. */
  function withScheme(session: ClientHttp2Session): ClientHttp2Session {
    const request = session.request.bind(session)
    session.request = ((headers: OutgoingHttpHeaders) =>
      request({ ...headers, ":scheme": "https" })) as typeof session.request
    return session
  }

  test("delivers to the FCM simulator with sendEach and understands its refusals", async () => {
    await using simulators = await open()
    simulators.devices.declare({ provider: "fcm", token: "gone", condition: "unregistered" }, 0)
    simulators.devices.declare({ provider: "fcm", token: "foreign", condition: "valid", application: "x" }, 0)
    await withMessaging(simulators, async (messaging) => {
      const { successCount, failureCount, responses } = await messaging.sendEach(
        ["alive", "gone", "foreign", "not a token"].map((token) => ({
          token,
          notification: { title: "Lunch", body: "The soup is ready" },
          data: { messageId: "m1" },
          android: { ttl: 3_600_000, priority: "high" as const },
        })),
      )
      expect([successCount, failureCount]).toEqual([1, 3])
      expect(responses.map(({ messageId, error }) => error?.code ?? messageId)).toEqual([
        expect.stringMatching(/^projects\/belfry-simulator\/messages\//),
        "messaging/registration-token-not-registered",
        "messaging/mismatched-credential",
        "messaging/invalid-argument",
      ])
    })
    expect(simulators.journal.read()).toMatchObject([
      { token: "alive", kind: "alert", title: "Lunch", body: "The soup is ready", messageId: "m1" },
    ])
    expect(simulators.counters().fcm).toMatchObject({ accepted: 1, rejected: 3, accessTokensIssued: 1 })
  })

  test("delivers a single message over HTTP/1.1", async () => {
    await using simulators = await open()
    await withMessaging(simulators, async (messaging) => {
      const name = await messaging.send({ token: "alive", data: { message: "Hello" } })
      expect(name).toMatch(/^projects\/belfry-simulator\/messages\//)
    })
    expect(simulators.journal.read()).toMatchObject([{ token: "alive", kind: "data", body: "Hello" }])
  })
})
