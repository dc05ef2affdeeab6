import { describe, expect, test } from "vitest"
import { type Administration, openAdministration, PASSWORD } from "./administration.ts"

/** How people become administrators, and how long the server remembers that they are. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

const setUp = async ({ services, browser }: Administration, name = "Anna") => {
  const { token } = await services.administrators.createSetupLink({ replacesOthers: false })
  const page = browser()
  return { token, page, reply: await page.ask("POST", "/setup", { token, name, password: PASSWORD }) }
}

describe("a setup link", () => {
  test("makes the first administrator, who is logged in and may do everything", async () => {
    await using server = await openAdministration()
    const { page, reply } = await setUp(server)
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      kind: "session",
      name: "Anna",
      scope: "administer",
      applications: null,
    })
    expect((await page.ask("GET", "/administrators")).body["administrators"]).toMatchObject([
      { name: "Anna" },
    ])
  })

  test("works once", async () => {
    await using server = await openAdministration()
    const { token } = await setUp(server)
    const again = await server.browser().ask("POST", "/setup", { token, name: "Eve", password: PASSWORD })
    expect(again.status).toBe(401)
    expect(await server.services.administrators.list()).toHaveLength(1)
  })

  test("works for 24 hours", async () => {
    await using server = await openAdministration()
    const { token, expiresAt } = await server.services.administrators.createSetupLink({
      replacesOthers: true,
    })
    expect(expiresAt - server.clock.now()).toBe(24 * HOUR_MS)
    await server.clock.advance(24 * HOUR_MS)
    const late = await server.browser().ask("POST", "/setup", { token, name: "Anna", password: PASSWORD })
    expect(late.status).toBe(401)
  })

  test("is of 256 random bits, and only its hash is kept", async () => {
    await using server = await openAdministration()
    const { token } = await server.services.administrators.createSetupLink({ replacesOthers: true })
    expect(Buffer.from(token, "base64url")).toHaveLength(32)
    expect(await server.store.administrators.hasSetupLink(token, server.clock.now())).toBe(false)
  })

  test("that is made by hand ends those before it; those of several starts all work", async () => {
    await using server = await openAdministration()
    const { administrators } = server.services
    const links = [
      await administrators.createSetupLink({ replacesOthers: false }),
      await administrators.createSetupLink({ replacesOthers: true }),
      await administrators.createSetupLink({ replacesOthers: false }),
    ]
    const redeem = (index: number) =>
      administrators.redeemSetupLink(links[index]?.token, { name: `P${index}`, password: PASSWORD })
    await expect(redeem(0)).rejects.toMatchObject({ error: "not_authenticated" })
    expect((await redeem(1)).name).toBe("P1")
    await expect(redeem(2)).rejects.toMatchObject({ error: "not_authenticated" })
  })

  test("is not used up by a password that is too short, or a name that is taken", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const { token } = await server.services.administrators.createSetupLink({ replacesOthers: true })
    const page = server.browser()
    const short = await page.ask("POST", "/setup", { token, name: "Bob", password: "eleven char" })
    expect(short.body).toMatchObject({
      code: 90_005,
      message: "password has 11 characters; it needs at least 12.",
    })
    expect((await page.ask("POST", "/setup", { token, name: "ANNA", password: PASSWORD })).status).toBe(409)
    expect((await page.ask("POST", "/setup", { token, name: "Bob", password: PASSWORD })).status).toBe(200)
  })

  test("that does not exist costs the server no hash", async () => {
    await using server = await openAdministration()
    for (const token of ["x".repeat(43), "", null, 7]) {
      const reply = await server.browser().ask("POST", "/setup", { token, name: "Eve", password: PASSWORD })
      expect(reply.status).toBe(401)
    }
    expect(server.passwords.count).toBe(0)
  })
})

describe("a login", () => {
  test("gives a cookie that only this host's own pages can use, and no script can read", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const { headers } = await server.browser().logIn("Anna")
    expect(headers["set-cookie"]).toHaveLength(1)
    expect(headers["set-cookie"]?.[0]).toMatch(
      /^__Host-belfry=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    expect(headers["cache-control"]).toBe("no-store")
  })

  test("does not show the token to the page", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const { text } = await anna.ask("GET", "/session")
    expect(text).not.toContain(anna.cookie?.split("=")[1])
  })

  test("does not mind upper and lower case of the name, nor how it is composed", async () => {
    await using server = await openAdministration()
    await server.person("José")
    for (const name of ["José", "jos\u00e9", "JOSE\u0301"]) {
      expect((await server.browser().logIn(name)).status).toBe(200)
    }
  })

  test("with a wrong name and with a wrong password is refused in the same words, after the same work", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const before = server.passwords.count
    const wrongPassword = await server.browser().logIn("Anna", "wrong password!!")
    const wrongName = await server.browser().logIn("Nobody", "wrong password!!")
    expect(wrongPassword.status).toBe(401)
    expect(wrongName.text).toBe(wrongPassword.text)
    expect(server.passwords.count).toBe(before + 2)
    expect(wrongPassword.headers["set-cookie"]).toBeUndefined()
  })

  test.each([{}, { name: "Anna" }, { name: "Anna", password: "" }, { name: 1, password: 2 }, []])(
    "of %j is no login",
    async (body) => {
      await using server = await openAdministration()
      expect((await server.browser().ask("POST", "/session", body)).status).toBe(400)
    },
  )

  test("never takes over an id that the browser brought along, and ends it if it was a session", async () => {
    await using server = await openAdministration()
    await server.person("Mallory")
    const attacker = server.browser()
    await attacker.logIn("Mallory")
    const planted = attacker.cookie
    await server.person("Anna")
    const victim = server.browser()
    victim.cookie = planted
    await victim.logIn("Anna")
    expect(victim.cookie).not.toBe(planted)
    expect((await victim.ask("GET", "/session")).body).toMatchObject({ name: "Anna" })
    expect((await attacker.ask("GET", "/session")).status).toBe(401)
  })

  test("with an invented id begins a session under another one", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const page = server.browser()
    const invented = `__Host-belfry=${"A".repeat(43)}`
    page.cookie = invented
    expect((await page.ask("GET", "/session")).status).toBe(401)
    await page.logIn("Anna")
    expect(page.cookie).not.toBe(invented)
  })

  test("keeps the twenty sessions of a person that were used last", async () => {
    await using server = await openAdministration()
    await server.services.administrators.create({ name: "Anna", password: PASSWORD, scope: "read" })
    const pages = []
    for (let index = 0; index < 21; index++) {
      const page = server.browser(`192.0.2.${index}`)
      expect((await page.logIn("Anna")).status).toBe(200)
      pages.push(page)
      await server.clock.advance(1000)
    }
    const states = await Promise.all(pages.map(async (page) => (await page.ask("GET", "/session")).status))
    expect(states).toEqual([401, ...Array.from({ length: 20 }, () => 200)])
  })
})

describe("a session", () => {
  test("ends after half an hour without a request", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    await server.clock.advance(29 * MINUTE_MS)
    expect((await anna.ask("GET", "/session")).status).toBe(200)
    await server.clock.advance(29 * MINUTE_MS)
    expect((await anna.ask("GET", "/session")).status).toBe(200)
    await server.clock.advance(30 * MINUTE_MS)
    expect((await anna.ask("GET", "/session")).status).toBe(401)
  })

  test("ends twelve hours after the login, however busy", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    for (let minutes = 20; minutes < 12 * 60; minutes += 20) {
      await server.clock.advance(20 * MINUTE_MS)
      expect((await anna.ask("GET", "/session")).status).toBe(200)
    }
    await server.clock.advance(20 * MINUTE_MS - 1)
    expect((await anna.ask("GET", "/session")).status).toBe(200)
    await server.clock.advance(1)
    expect((await anna.ask("GET", "/session")).status).toBe(401)
  })

  test("ends with the logout, and the browser forgets the cookie", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const { cookie } = anna
    const reply = await anna.ask("DELETE", "/session")
    expect(reply.headers["set-cookie"]?.[0]).toMatch(/^__Host-belfry=; .*Max-Age=0$/)
    expect(anna.cookie).toBeUndefined()
    anna.cookie = cookie
    expect((await anna.ask("GET", "/session")).status).toBe(401)
  })

  test("ends in every browser with a logout everywhere, and nobody else's does", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const bob = await server.person("Bob")
    const elsewhere = server.browser()
    await elsewhere.logIn("Anna")
    expect((await anna.ask("DELETE", "/sessions")).body).toEqual({ ended: 2 })
    expect((await elsewhere.ask("GET", "/session")).status).toBe(401)
    expect((await bob.ask("GET", "/session")).status).toBe(200)
  })

  test("goes on under a new id when the password changes, and all others end", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const elsewhere = server.browser()
    await elsewhere.logIn("Anna")
    const { cookie } = anna
    const password = "another long password"
    const changed = await anna.ask("PUT", "/session/password", { currentPassword: PASSWORD, password })
    expect(changed.status).toBe(200)
    expect(anna.cookie).not.toBe(cookie)
    expect((await anna.ask("GET", "/session")).status).toBe(200)
    expect((await elsewhere.ask("GET", "/session")).status).toBe(401)
    const old = server.browser()
    old.cookie = cookie
    expect((await old.ask("GET", "/session")).status).toBe(401)
    expect((await server.browser().logIn("Anna")).status).toBe(401)
    expect((await server.browser().logIn("Anna", password)).status).toBe(200)
  })

  test("alone is not enough to change the password", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const wrong = { currentPassword: "not the password", password: "another long password" }
    expect((await anna.ask("PUT", "/session/password", wrong)).status).toBe(401)
    expect((await server.browser().logIn("Anna")).status).toBe(200)
  })

  test("changes no password that another administrator has set meanwhile", async () => {
    await using server = await openAdministration()
    const boss = await server.person("Boss")
    const anna = await server.person("Anna")
    const chosenByBoss = "chosen by the boss"
    const hash = server.passwords.hash.bind(server.passwords)
    server.passwords.hash = async (password) => {
      server.passwords.hash = hash
      await boss.ask("PUT", `/administrators/${anna.number}`, { password: chosenByBoss })
      return hash(password)
    }
    const password = "chosen by a thief"
    const changed = await anna.ask("PUT", "/session/password", { currentPassword: PASSWORD, password })
    expect(changed.status).toBe(401)
    expect((await anna.ask("GET", "/session")).status).toBe(401)
    expect((await server.browser().logIn("Anna", password)).status).toBe(401)
    expect((await server.browser().logIn("Anna", chosenByBoss)).status).toBe(200)
  })

  test("ends when the rights of its owner change, and the next one has the new rights", async () => {
    await using server = await openAdministration()
    const boss = await server.person("Boss")
    const anna = await server.person("Anna")
    const changed = await boss.ask("PUT", `/administrators/${anna.number}`, { scope: "read" })
    expect(changed.body).toMatchObject({ name: "Anna", scope: "read" })
    expect((await anna.ask("GET", "/session")).status).toBe(401)
    await anna.logIn("Anna")
    expect((await anna.ask("GET", "/administrators")).status).toBe(403)
  })

  test("ends when its owner is removed or logged out by another administrator", async () => {
    await using server = await openAdministration()
    const boss = await server.person("Boss")
    const anna = await server.person("Anna")
    expect((await boss.ask("DELETE", `/administrators/${anna.number}/sessions`)).body).toEqual({ ended: 1 })
    expect((await anna.ask("GET", "/session")).status).toBe(401)
    await anna.logIn("Anna")
    expect((await boss.ask("DELETE", `/administrators/${anna.number}`)).status).toBe(200)
    expect((await anna.ask("GET", "/session")).status).toBe(401)
    expect((await anna.logIn("Anna")).status).toBe(401)
  })

  test("of which only a hash is kept cannot be resumed from what the store knows", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const token = anna.cookie?.split("=")[1] ?? ""
    const now = server.clock.now()
    expect(await server.store.administrators.sessionByHash(token, { now, usedSince: 0 })).toBeUndefined()
  })

  test("is not what an API key needs, nor the other way round", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const { id, apiKeys } = await server.services.applications.create("App")
    const headers = { cookie: anna.cookie ?? "", "sec-fetch-site": "same-origin" }
    const withCookie = await server.ask("GET", `/${id}/none/messaging/registrations/a`, { headers })
    expect(withCookie.body).toMatchObject({ code: 2002 })
    const byHost = await server.ask("GET", "/api/messaging/registrations/a", { headers })
    expect(byHost.body).toMatchObject({ code: 2002 })
    for (const key of Object.values(apiKeys)) {
      const reply = await server.ask("GET", "/admin/v1/session", {
        headers: { authorization: `Bearer ${key}` },
      })
      expect(reply.status).toBe(401)
      const asHeader = { "application-id": id, "secret-key": key }
      expect((await server.ask("GET", "/admin/v1/session", { headers: asHeader })).status).toBe(401)
    }
  })

  test("counts no more when a second cookie of its name comes along, or with an Authorization", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const cookie = anna.cookie ?? ""
    const ask = (headers: Record<string, string>) => server.ask("GET", "/admin/v1/session", { headers })
    expect((await ask({ cookie })).status).toBe(200)
    expect((await ask({ cookie: `theme=dark; ${cookie}; x=y` })).status).toBe(200)
    expect((await ask({ cookie: `${cookie}; __Host-belfry=${"A".repeat(43)}` })).status).toBe(401)
    expect((await ask({ cookie, authorization: "Bearer wrong" })).status).toBe(401)
    expect((await ask({ cookie, authorization: "Basic QTpC" })).status).toBe(401)
  })
})

describe("the last administrator of the whole server", () => {
  test("can be neither removed nor restricted", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    await server.person("Reader", "read")
    const path = `/administrators/${anna.number}`
    const { id } = await server.services.applications.create("App")
    expect((await anna.ask("DELETE", path)).status).toBe(409)
    expect((await anna.ask("PUT", path, { scope: "operate" })).status).toBe(409)
    expect((await anna.ask("PUT", path, { applications: [id] })).status).toBe(409)
    await server.person("Second")
    expect((await anna.ask("DELETE", path)).status).toBe(200)
  })
})
