import { hash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { HashRenewals } from "../../src/service/hash-renewals.ts"
import { openUserServer } from "../users/user-server.ts"
import { openAdministration, PASSWORD } from "./administration.ts"
import { QuickHashes } from "./quick-hashes.ts"

/** Passwords that were hashed in a lesser strength than is in force. */

const weakly = (password: string) => `weak ${hash("sha256", password, "hex")}`

describe("a password that was hashed weakly", () => {
  test("of an administrator is hashed anew by a right login alone, which goes on, as do all others", async () => {
    await using server = await openAdministration()
    const { administrators } = server.store
    const anna = await server.person("Anna")
    const stored = async () => (await administrators.byLogin("anna"))?.passwordHash
    const strong = await stored()
    await administrators.renewPasswordHash(anna.number, strong as string, weakly(PASSWORD))
    expect((await server.browser().logIn("Anna", "wrong password")).status).toBe(401)
    expect(await stored()).toMatch(/^weak /)
    const again = server.browser()
    expect((await again.logIn("Anna")).status).toBe(200)
    await expect.poll(stored).toBe(strong)
    for (const browser of [anna, again]) expect((await browser.ask("GET", "/session")).status).toBe(200)
    const before = server.passwords.count
    expect((await server.browser().logIn("Anna")).status).toBe(200)
    expect(server.passwords.count).toBe(before + 1)
  })

  test("of a user is hashed anew by a right login, in whichever form of Unicode it comes", async () => {
    await using server = await openUserServer()
    const { application, store } = server
    const [composed, decomposed] = ["passw\u00f6rd", "passwo\u0308rd"] as const
    const body = { email: "ann@example.com", password: composed }
    await application.call("POST", "users/register", { body })
    const found = async () => await store.users.byIdentity(application.number, "ann@example.com")
    const { user, passwordHash: strong } = (await found()) ?? {}
    const weak = (strong as string).replace("quick", "weak")
    await store.users.renewPasswordHash(application.number, user?.id as string, strong as string, weak)
    expect((await application.logIn("ann@example.com", decomposed)).status).toBe(200)
    await expect.poll(async () => (await found())?.passwordHash).toBe(strong)
    expect((await application.logIn("ann@example.com", composed)).status).toBe(200)
  })

  test("stays as it is while too many are being hashed, and nobody's login fails for it", async () => {
    await using server = await openAdministration()
    const { administrators } = server.store
    const anna = await server.person("Anna")
    const known = await administrators.byLogin("anna")
    await administrators.renewPasswordHash(anna.number, known?.passwordHash as string, weakly(PASSWORD))
    server.passwords.hash = () => Promise.reject(new Error("busy"))
    expect((await server.browser().logIn("Anna")).status).toBe(200)
    expect((await server.browser().logIn("Anna")).status).toBe(200)
    expect((await administrators.byLogin("anna"))?.passwordHash).toMatch(/^weak /)
  })
})

describe("while a hash is being replaced", () => {
  const setup = () => {
    const passwords = new QuickHashes()
    return { passwords, renewals: new HashRenewals(passwords, new FakeClock()) }
  }

  test("whoever compared with the former one goes on with the new one", async () => {
    const { renewals } = setup()
    const stored = Promise.withResolvers<boolean>()
    let renewed = ""
    const renewing = renewals.renew("secret", "weak 1", (hashed) => {
      renewed = hashed
      return stored.promise
    })
    await expect.poll(() => renewed).not.toBe("")
    expect(renewals.presentOf("weak 1")).toBe(renewed)
    stored.resolve(true)
    await renewing
    expect(renewals.presentOf("weak 1")).toBe(renewed)
    expect(renewals.presentOf("weak 2")).toBe("weak 2")
  })

  test("a second login does not replace it again, and one that was changed meanwhile stays", async () => {
    const { passwords, renewals } = setup()
    const changed = async () => false
    await Promise.all([1, 2, 3].map(() => renewals.renew("secret", "weak 1", changed)))
    expect(passwords.count).toBe(1)
    expect(renewals.presentOf("weak 1")).toBe("weak 1")
    await renewals.renew("secret", "quick 1", changed)
    expect(passwords.count).toBe(1)
  })
})
