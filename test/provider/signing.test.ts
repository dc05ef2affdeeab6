import { verify } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { AuthorizationState } from "../../src/provider/authorization.ts"
import { ApnsTokens, signJwt } from "../../src/provider/signing.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { APNS_KEY, RSA_KEY } from "./test-credentials.ts"

const MINUTE_MS = 60_000

describe("signed tokens", () => {
  it("have a 64 byte ES256 signature, as JOSE wants it", () => {
    const [header = "", claims = "", signature = ""] = signJwt(
      APNS_KEY.privateKey,
      { kid: "k" },
      { a: 1 },
    ).split(".")
    const bytes = Buffer.from(signature, "base64url")
    expect(bytes).toHaveLength(64)
    const key = { key: APNS_KEY.publicKey, dsaEncoding: "ieee-p1363" as const }
    expect(verify("sha256", Buffer.from(`${header}.${claims}`), key, bytes)).toBe(true)
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ alg: "ES256", kid: "k" })
  })

  it("are RS256 with an RSA key", () => {
    const [header = "", claims = "", signature = ""] = signJwt(
      RSA_KEY.privateKey,
      { typ: "JWT" },
      { a: "ä" },
    ).split(".")
    const input = Buffer.from(`${header}.${claims}`)
    expect(verify("sha256", input, RSA_KEY.publicKey, Buffer.from(signature, "base64url"))).toBe(true)
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({ a: "ä" })
  })
})

describe("APNs provider tokens", () => {
  const setup = () => {
    const clock = new FakeClock()
    const key = { key: APNS_KEY.privateKey, keyId: "ABCDE12345", teamId: "TEAM123456" }
    return { clock, tokens: new ApnsTokens(key, clock) }
  }
  const versionOf = (state: AuthorizationState) => (state.kind === "ready" ? state.authorization.version : 0)

  it("are kept for 50 minutes", async () => {
    const { clock, tokens } = setup()
    const first = tokens.current()
    await clock.advance(50 * MINUTE_MS - 1)
    expect(tokens.current()).toBe(first)
    await clock.advance(1)
    expect(versionOf(tokens.current())).toBe(2)
  })

  it("are not replaced within 20 minutes, whatever Apple says of them", async () => {
    const { clock, tokens } = setup()
    const version = versionOf(tokens.current())
    await clock.advance(20 * MINUTE_MS - 1)
    expect(tokens.refused(version)).toBe("hopeless")
    expect(versionOf(tokens.current())).toBe(version)
    await clock.advance(1)
    expect(tokens.refused(version)).toBe("renewed")
    expect(versionOf(tokens.current())).toBe(version + 1)
  })

  it("are replaced once, however many pushes were refused with the old one", async () => {
    const { clock, tokens } = setup()
    const version = versionOf(tokens.current())
    await clock.advance(30 * MINUTE_MS)
    expect(tokens.refused(version)).toBe("renewed")
    expect(tokens.refused(version)).toBe("stale")
    expect(tokens.refused(version)).toBe("stale")
    expect(versionOf(tokens.current())).toBe(version + 1)
  })

  /** Tokens by a wall clock that is set with `now`, beside a monotonic one that stands still. */
  const setClock = () => {
    const time = { now: 1_800_000_000_000 }
    const clock = {
      ...new FakeClock(),
      now: () => time.now,
      monotonic: () => 0,
      sleep: async () => {},
      after: () => () => {},
    }
    const key = { key: APNS_KEY.privateKey, keyId: "ABCDE12345", teamId: "TEAM123456" }
    return { time, tokens: new ApnsTokens(key, clock) }
  }

  it("are renewed when the machine slept, though its monotonic clock stood still", () => {
    const { time, tokens } = setClock()
    const version = versionOf(tokens.current())
    time.now += 51 * MINUTE_MS
    expect(versionOf(tokens.current())).toBe(version + 1)
  })

  it("are renewed at once when the clock is set back before Apple has accepted one, and kept otherwise", () => {
    const { time, tokens } = setClock()
    const version = versionOf(tokens.current())
    time.now -= 120 * MINUTE_MS
    expect(versionOf(tokens.current())).toBe(version + 1)
    tokens.served(version)
    time.now -= MINUTE_MS
    expect(versionOf(tokens.current())).toBe(version + 2)
    tokens.served(version + 2)
    time.now -= MINUTE_MS
    expect(versionOf(tokens.current())).toBe(version + 2)
  })
})
