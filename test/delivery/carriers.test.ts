import { expect, test } from "vitest"
import type { Provider } from "../../src/provider/provider.ts"
import { FakeClock } from "../../src/runtime/clock.ts"
import { silentLog } from "../../src/runtime/log.ts"
import { CarrierPool } from "../../src/server/carriers.ts"
import type { Credentials } from "../../src/service/credentials.ts"
import type { CredentialStore, StoredCredential } from "../../src/store/store.ts"

test("a credential that cannot be opened is none, and the one that it replaced sends nothing more", async () => {
  const clock = new FakeClock()
  let stored = credential(1)
  let isReadable = true
  const pool = poolOn(
    clock,
    { find: async () => stored },
    {
      read: () => {
        if (!isReadable) throw new Error("it cannot be opened")
        return { fields: {} }
      },
    },
  )
  expect((await pool.find(1, "ios"))?.key).toBe("credential 1")

  await clock.advance(1_000)
  stored = credential(2)
  isReadable = false
  await expect(pool.find(1, "ios")).rejects.toThrow("it cannot be opened")
  await expect(pool.find(1, "ios")).rejects.toThrow("it cannot be opened")
  isReadable = true
  expect((await pool.find(1, "ios"))?.key).toBe("credential 2")
})

test("a pause that cannot be stored lasts until the store can be read, and no longer", async () => {
  const pause = () => Promise.reject(new Error("it cannot be written"))
  const pool = poolOn(new FakeClock(), { find: async () => credential(1), pause })
  const carrier = await pool.find(1, "ios")
  const paused = carrier?.pause("InvalidProviderToken")
  expect(carrier?.paused()).toBe("InvalidProviderToken")
  await expect(paused).rejects.toThrow("it cannot be written")
  expect((await pool.find(1, "ios"))?.paused()).toBeUndefined()
})

test("the provider of a credential that was resumed remembers nothing of what was refused", async () => {
  let stored = credential(1)
  const pause = async (_number: number, pausedReason: string) => {
    stored = { ...stored, pausedAt: 1, pausedReason }
    return true
  }
  const open = () => ({ close: async () => {} }) as Partial<Provider> as Provider
  const pool = poolOn(new FakeClock(), { find: async () => stored, pause }, { open })
  const refused = await pool.find(1, "android")
  await refused?.pause("token exchange: invalid_grant")
  expect(await pool.find(1, "android")).toBe(refused)

  stored = credential(1)
  const resumed = await pool.find(1, "android")
  expect([resumed?.key, resumed?.paused()]).toEqual([refused?.key, undefined])
  expect(resumed?.provider).not.toBe(refused?.provider)
  expect(await pool.find(1, "android")).toBe(resumed)
})

test.each([
  { of: "a credential", stored: credential(1), idleMs: 3_600_000 },
  { of: "the sandbox", stored: undefined, idleMs: 60_000 },
])(
  "a provider of $of that nobody asks for is closed, and opened anew on need",
  async ({ stored, idleMs }) => {
    const clock = new FakeClock()
    const closed: Provider[] = []
    const open = () => {
      const provider = { close: async () => void closed.push(provider) } as Partial<Provider> as Provider
      return provider
    }
    const pool = poolOn(clock, { find: async () => stored }, { open })
    const first = await pool.find(1, "ios")
    await clock.advance(idleMs - 1)
    expect(await pool.find(1, "ios")).toBe(first)
    await clock.advance(idleMs - 1)
    expect(closed).toEqual([])

    await clock.advance(60_000)
    expect(closed).toEqual([first?.provider])
    const second = await pool.find(1, "ios")
    expect(second?.key).toBe(first?.key)
    expect(second?.provider).not.toBe(first?.provider)
  },
)

interface Opening {
  readonly read?: Credentials["open"]
  readonly open?: () => Provider
}

function poolOn(clock: FakeClock, store: Partial<CredentialStore>, opening: Opening = {}): CarrierPool {
  const { read = () => ({ fields: {} }) } = opening
  const { open = () => ({ close: async () => {} }) as Partial<Provider> as Provider } = opening
  return new CarrierPool({
    store: { credentials: store as CredentialStore },
    credentials: { open: read } as Partial<Credentials> as Credentials,
    open,
    sandbox: () => ({ fields: {} }),
    clock,
    log: silentLog,
  })
}

function credential(number: number): StoredCredential {
  return {
    ...{ number, application: 1, provider: "apns", sealed: "", summary: {}, updatedAt: 0 },
    ...{ pausedAt: undefined, pausedReason: undefined },
  }
}
