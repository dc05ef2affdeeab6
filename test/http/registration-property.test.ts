import { randomInt } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ERRORS, type ErrorName } from "../../src/domain/errors.ts"
import { STATUS } from "../../src/http/errors.ts"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { type Answer, KeepAliveClient } from "./keep-alive-client.ts"
import { anyBody, type GeneratedBody } from "./registration-bodies.ts"

const BODIES = 20_000
const CONNECTIONS = 16
const BATCH = 20 * CONNECTIONS
/** Give the seed of a failure in this variable to see it again. */
const SEED = Number(process.env["BELFRY_TEST_SEED"] ?? randomInt(2 ** 31))

/** Reliability T-14: whatever body is sent, the answer is one of those declared, and what it says is true. */
describe("any body at all", () => {
  it(`is registered or refused in a declared way: ${BODIES} bodies, seed ${SEED}`, async () => {
    await using server = await openRegistrationServer({ threaded: true })
    await using sender = new Sender(server)
    await fc.assert(
      fc.asyncProperty(fc.array(anyBody, { minLength: BATCH, maxLength: BATCH }), async (bodies) => {
        await sender.sendAll(bodies)
      }),
      // A batch that failed leaves its devices behind, so a smaller one proves nothing: no shrinking.
      { numRuns: Math.ceil(BODIES / BATCH), seed: SEED, endOnFailure: true },
    )
    expect((await server.stored()).devices).toBe(sender.registered.size)
    expect(server.incidents).toEqual([])
    // A generator that made nothing but noise, or nothing that is refused, would prove little.
    expect(sender.registered.size).toBeGreaterThan(BODIES / 10)
    expect(sender.seen).toEqual(new Set(["accepted", ...EXPECTED_REFUSALS]))
  }, 240_000)
})

const EXPECTED_REFUSALS: readonly ErrorName[] = [
  "invalid_property",
  "property_too_long",
  "invalid_expiration",
  "malformed_json",
  "body_too_large",
]

const NAME_OF_CODE = new Map(Object.entries(ERRORS).map(([name, { code }]) => [code, name as ErrorName]))
const REGISTRATION_ID = /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}::/

class Sender implements AsyncDisposable {
  /** The device ids of all accepted registrations. */
  readonly registered = new Set<string>()
  readonly seen = new Set<string>()
  readonly #server: RegistrationServer
  readonly #clients: readonly KeepAliveClient[]
  #sent = 0

  constructor(server: RegistrationServer) {
    this.#server = server
    this.#clients = Array.from({ length: CONNECTIONS }, () => new KeepAliveClient(server.port))
  }

  async sendAll(bodies: readonly GeneratedBody[]): Promise<void> {
    const waiting = [...bodies]
    await Promise.all(
      this.#clients.map(async (client) => {
        for (let body = waiting.pop(); body !== undefined; body = waiting.pop())
          await this.#send(client, body)
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client[Symbol.dispose]()
  }

  async #send(client: KeepAliveClient, { text, isValid }: GeneratedBody): Promise<void> {
    // Most in the plain form, which the fast lane serves; some in the one that the framework's route serves.
    const operation = ++this.#sent % 4 === 0 ? "registration" : "registrations"
    const path = `${this.#server.keyPath()}/messaging/${operation}`
    const answer = await client.send({ method: "POST", path, body: text })
    if (answer.status !== 200) {
      expect(isValid, `a valid body was refused: ${text} with ${answer.text}`).toBe(false)
      return this.#checkRefusal(answer, text)
    }
    const { registrationId } = JSON.parse(answer.text)
    expect(registrationId).toMatch(REGISTRATION_ID)
    // As it was sent: UTF-8 has no half of a surrogate pair, and a replacement character stands for it.
    const { deviceId, deviceToken } = JSON.parse(text.toWellFormed())
    const stored = deviceId.normalize("NFC")
    this.registered.add(stored)
    this.seen.add("accepted")
    if (this.#sent % 8 === 0) await this.#confirm(client, stored, registrationId)
    expect(typeof deviceToken).toBe("string")
  }

  #checkRefusal({ status, text }: Answer, body: string): void {
    const fault = JSON.parse(text)
    const name = NAME_OF_CODE.get(fault.code)
    if (name === undefined) throw new Error(`the answer to ${body} has no declared code: ${text}`)
    expect(status, `${body} was answered ${text}`).toBe(STATUS[name])
    expect(status).toBeLessThan(500)
    expect(fault).toEqual({ code: fault.code, message: expect.any(String), errorData: expect.any(Object) })
    expect(fault.message.length).toBeGreaterThan(10)
    expect(fault.errorData.docs).toBe(`docs/errors.md#${name}`)
    this.seen.add(name)
  }

  /** Another request may have renewed the device since, so of its channels only those named now are certain. */
  async #confirm(client: KeepAliveClient, deviceId: string, registrationId: string): Promise<void> {
    const path = `${this.#server.keyPath()}/messaging/registrations/${encodeURIComponent(deviceId)}`
    const { status, text } = await client.send({ method: "GET", path })
    expect([deviceId, status]).toEqual([deviceId, 200])
    const [registration] = JSON.parse(text)
    expect(registration.deviceId).toBe(deviceId)
    const named = registrationId.split(",").map((part) => part.slice(part.indexOf("::") + 2))
    expect(registration.channels).toEqual(expect.arrayContaining(named))
  }
}
