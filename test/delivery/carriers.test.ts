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
  const pool = poolOn(clock, { find: async () => stored }, () => {
    if (!isReadable) throw new Error("it cannot be opened")
    return { fields: {} }
  })
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

function poolOn(
  clock: FakeClock,
  store: Partial<CredentialStore>,
  open: Credentials["open"] = () => ({ fields: {} }),
): CarrierPool {
  return new CarrierPool({
    store: { credentials: store as CredentialStore },
    credentials: { open } as Partial<Credentials> as Credentials,
    open: () => ({ close: async () => {} }) as Partial<Provider> as Provider,
    sandbox: undefined,
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
