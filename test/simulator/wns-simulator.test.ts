import { once } from "node:events"
import { connect } from "node:tls"
import { describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import { createWnsCredential } from "../../src/simulator/test-credentials.ts"
import { fetchHttp1, type HttpAnswer, type Setup, setup } from "./wire.ts"

const CHANNEL = "/w/?token=AwYAAACxyz%3d"
const TOAST = `<toast launch="x"><visual><binding template="ToastGeneric"><text>Tea &amp; cake</text><text>At four</text></binding></visual></toast>`
const DAY_MS = 86_400_000

interface Grant {
  readonly path?: string
  readonly form?: Readonly<Record<string, string>>
}

function askToken({ simulators }: Setup, { path, form = {} }: Grant = {}): Promise<HttpAnswer> {
  const { tenantId, clientId, clientSecret } = simulators.credentials.wns
  const fields = {
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: "https://wns.windows.com/.default",
    ...form,
  }
  return fetchHttp1(
    simulators.origins.wns + (path ?? `/${tenantId}/oauth2/v2.0/token`),
    simulators.caCertificatePem,
    {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
    },
  )
}

async function accessToken(running: Setup, grant: Grant = {}): Promise<string> {
  return JSON.parse((await askToken(running, grant)).body).access_token
}

interface PushOptions {
  readonly method?: string
  readonly body?: string
  readonly token?: string
  /** Headers with the value undefined are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

async function push(running: Setup, options: PushOptions = {}): Promise<HttpAnswer> {
  const { origins, caCertificatePem } = running.simulators
  const token = options.token ?? (await accessToken(running))
  const body = options.body ?? TOAST
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "text/xml",
    "content-length": String(Buffer.byteLength(body)),
    "x-wns-type": "wns/toast",
    ...options.headers,
  }
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fetchHttp1(origins.wns + CHANNEL, caCertificatePem, {
    method: options.method ?? "POST",
    headers: Object.fromEntries(present),
    body,
  })
}

describe("the WNS simulator, its token endpoints (item 10)", () => {
  test("Azure AD gives the lifetimes as texts", async () => {
    await using running = await setup()
    for (const scope of ["https://wns.windows.com/.default", "https://wns.windows.com/.default/"]) {
      const { status, body } = await askToken(running, { form: { scope } })
      expect(status).toBe(200)
      expect(JSON.parse(body)).toEqual({
        token_type: "Bearer",
        expires_in: "86399",
        ext_expires_in: "86399",
        expires_on: "1800086399",
        not_before: "1800000000",
        access_token: expect.stringMatching(/^EwB/),
      })
    }
  })

  test("login.live.com gives the lifetime as a number", async () => {
    await using running = await setup()
    const { packageSid } = running.simulators.credentials.wns
    const form = { client_id: packageSid, scope: "notify.windows.com" }
    const { status, body } = await askToken(running, { path: "/accesstoken.srf", form })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual({
      token_type: "bearer",
      expires_in: 86_400,
      access_token: expect.stringMatching(/^EwB/),
    })
  })

  test.each([
    [401, {}],
    [401, { wrongSecretStatus: 401 }],
    [400, { wrongSecretStatus: 400 }],
  ] as const)("a wrong secret is %i invalid_client at Azure AD with %j", async (expected, wns) => {
    await using running = await setup({ wns })
    const { status, body } = await askToken(running, { form: { client_secret: "wrong" } })
    expect([status, JSON.parse(body).error]).toEqual([expected, "invalid_client"])
  })

  test("a wrong secret is 400 invalid_client at login.live.com", async () => {
    await using running = await setup()
    const { packageSid } = running.simulators.credentials.wns
    const form = { client_id: packageSid, scope: "notify.windows.com", client_secret: "wrong" }
    const { status, body } = await askToken(running, { path: "/accesstoken.srf", form })
    expect([status, JSON.parse(body).error]).toEqual([400, "invalid_client"])
  })

  test.each([
    ["another scope", { form: { scope: "openid" } }, "invalid_scope"],
    ["another grant type", { form: { grant_type: "password" } }, "unsupported_grant_type"],
    ["an unknown client", { form: { client_id: "nobody" } }, "unauthorized_client"],
    ["another tenant", { path: "/other-tenant/oauth2/v2.0/token" }, "unauthorized_client"],
  ] as const)("refuses %s", async (_name, grant, error) => {
    await using running = await setup()
    const { status, body } = await askToken(running, grant)
    expect([status, JSON.parse(body).error]).toEqual([400, error])
  })
})

describe("the WNS simulator, pushes", () => {
  test("accepts a toast and journals it under the channel's path and query", async () => {
    await using running = await setup()
    const { status, headers, body } = await push(running)
    expect([status, body]).toEqual([200, ""])
    expect(headers).toMatchObject({
      "x-wns-status": "received",
      "x-wns-msg-id": expect.stringMatching(/^[0-9A-F]{16}$/),
      "x-wns-debug-trace": expect.any(String),
    })
    const channel = `https://db5p.notify.windows.com${CHANNEL}`
    expect(running.simulators.journal.read({ token: channel })).toMatchObject([
      { token: CHANNEL, kind: "toast", title: "Tea & cake", body: "At four", platform: "wp" },
    ])
  })

  const ROWS: readonly (readonly [string, PushOptions, number])[] = [
    ["no authorization (item 11)", { headers: { authorization: undefined } }, 401],
    ["an unknown token (item 11)", { token: "unknown" }, 401],
    [
      "chunked transfer (item 30)",
      { headers: { "transfer-encoding": "chunked", "content-length": undefined } },
      400,
    ],
    ["a toast as octets (item 30)", { headers: { "content-type": "application/octet-stream" } }, 400],
    ["raw as XML (item 30)", { headers: { "x-wns-type": "wns/raw" } }, 400],
    [
      "raw as octets",
      { headers: { "x-wns-type": "wns/raw", "content-type": "application/octet-stream" } },
      200,
    ],
    ["a content type with a charset", { headers: { "content-type": "text/xml; charset=utf-8" } }, 200],
    ["an unknown type (item 30)", { headers: { "x-wns-type": "wns/shout" } }, 400],
    ["5000 bytes (item 30)", { body: toastOf(5_000) }, 200],
    ["5001 bytes (item 30)", { body: toastOf(5_001) }, 413],
    ["GET (item 30)", { method: "GET" }, 405],
    ["DELETE (item 30)", { method: "DELETE" }, 405],
    ["SuppressPopup (item 30)", { headers: { "x-wns-suppresspopup": "true" } }, 400],
    ["a tag of 17 characters", { headers: { "x-wns-tag": "abcdefghijklmnopq" } }, 400],
    ["a tag of 16 characters", { headers: { "x-wns-tag": "abcdefghijklmnop" } }, 200],
    ["a TTL that is no number", { headers: { "x-wns-ttl": "soon" } }, 400],
    ["an unknown cache policy", { headers: { "x-wns-cache-policy": "maybe" } }, 400],
  ]

  function toastOf(bytes: number): string {
    return `<toast>${" ".repeat(bytes - 15)}</toast>`
  }

  test.each(ROWS)("answers %s as documented", async (_name, options, status) => {
    await using running = await setup()
    const answer = await push(running, options)
    expect(answer.status).toBe(status)
    expect(running.simulators.counters().wns).toMatchObject({
      accepted: status === 200 ? 1 : 0,
      rejected: status === 200 ? 0 : 1,
    })
  })

  test("a request without Content-Length is 411 (item 30)", async () => {
    await using running = await setup()
    const { origins, caCertificatePem } = running.simulators
    const { port, host } = new URL(origins.wns)
    const token = await accessToken(running)
    const socket = connect({ host: "127.0.0.1", port: Number(port), ca: caCertificatePem })
    await once(socket, "secureConnect")
    socket.end(
      `POST ${CHANNEL} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\nx-wns-type: wns/toast\r\ncontent-type: text/xml\r\n\r\n`,
    )
    const [answer] = await once(socket, "data")
    expect(String(answer)).toMatch(/^HTTP\/1\.1 411 /)
    socket.destroy()
  })

  test("tells the device's status only when asked (item 31)", async () => {
    await using running = await setup()
    const asked = await push(running, { headers: { "x-wns-requestforstatus": "true", "ms-cv": "abc.1" } })
    expect(asked.headers).toMatchObject({ "x-wns-deviceconnectionstatus": "connected", "ms-cv": "abc.1" })
    const unasked = await push(running)
    expect(unasked.headers).not.toHaveProperty("x-wns-deviceconnectionstatus")
    expect(unasked.headers).not.toHaveProperty("ms-cv")
  })

  test("an access token expires on the clock (item 11)", async () => {
    await using running = await setup()
    const token = await accessToken(running)
    await running.clock.advance(86_398_000)
    expect((await push(running, { token })).status).toBe(200)
    await running.clock.advance(1_000)
    expect((await push(running, { token })).status).toBe(401)
  })

  test("speaks HTTP/1.1 only", async () => {
    await using running = await setup()
    const { origins, caCertificatePem } = running.simulators
    const port = Number(new URL(origins.wns).port)
    const socket = connect({ host: "127.0.0.1", port, ca: caCertificatePem, ALPNProtocols: ["h2"] })
    const [error] = await once(socket, "error")
    expect(error.code).toBe("ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL")
  })
})

describe("the WNS simulator, channels", () => {
  function declare({ clock, simulators }: Setup, state: object): void {
    simulators.devices.declare(
      {
        provider: "wns",
        token: `https://db5p.notify.windows.com${CHANNEL}`,
        condition: "valid",
        ...state,
      },
      clock.now(),
    )
  }

  test("the channel of another app is 403, its own app may (item 11)", async () => {
    await using running = await setup()
    const other = createWnsCredential(seededRandom(8))
    running.simulators.trustWnsClient(other)
    declare(running, { application: other.clientId })
    expect((await push(running)).status).toBe(403)
    const token = await accessToken(running, {
      path: `/${other.tenantId}/oauth2/v2.0/token`,
      form: { client_id: other.clientId, client_secret: other.clientSecret },
    })
    expect((await push(running, { token })).status).toBe(200)
  })

  test("a channel expires 30 days after it was last asked for (item 37)", async () => {
    await using running = await setup()
    declare(running, { lastSeen: running.clock.now() })
    await running.clock.advance(30 * DAY_MS - 1)
    expect((await push(running)).status).toBe(200)
    await running.clock.advance(1)
    const expired = await push(running)
    expect([expired.status, expired.statusText]).toEqual([410, "Gone"])
  })

  test("'Domain Blocked' is another 410 (item 37)", async () => {
    await using running = await setup()
    running.simulators.faults.add({ provider: "wns", action: { do: "answer", reason: "DomainBlocked" } })
    const { status, statusText, headers } = await push(running)
    expect([status, statusText]).toEqual([410, "Domain Blocked"])
    expect(headers["x-wns-error-description"]).toBe("Domain Blocked")
  })

  test.each([
    ["unregistered", 410, "dropped"],
    ["expired", 410, "dropped"],
    ["unknown", 404, "dropped"],
    ["throttled", 406, "channelthrottled"],
    ["skipped", 200, "channelthrottled"],
    ["dropped", 200, "dropped"],
  ])("a channel that is %s is answered with %i and %s (item 43)", async (condition, status, wnsStatus) => {
    await using running = await setup()
    declare(running, { condition })
    const answer = await push(running)
    expect([answer.status, answer.headers["x-wns-status"]]).toEqual([status, wnsStatus])
    expect(answer.headers).not.toHaveProperty("retry-after")
    expect(running.simulators.journal.read()).toEqual([])
  })

  test("throttling tells how long, when declared (item 43)", async () => {
    await using running = await setup()
    declare(running, { condition: "throttled", retryAfterSeconds: 90 })
    expect((await push(running)).headers).toMatchObject({ "retry-after": "90" })
    declare(running, { condition: "skipped", retryAfterSeconds: 90 })
    expect((await push(running)).headers).toMatchObject({ "x-wns-continue-after": "90" })
  })

  test("the same channel is valid again after a new request for it (item 39)", async () => {
    await using running = await setup()
    const until = running.clock.now() + 1_000
    declare(running, { condition: "expired", until })
    expect((await push(running)).status).toBe(410)
    await running.clock.advance(1_000)
    expect((await push(running)).status).toBe(200)
  })
})
