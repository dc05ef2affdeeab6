import { describe, expect, test } from "vitest"
import { type Administration, type Browser, openAdministration, PASSWORD } from "./administration.ts"

/** Sessions seen one by one: the own ones by everybody, those of others by who may administer the server. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

interface Session {
  readonly number: number
  readonly [name: string]: unknown
}

async function annaTwice(server: Administration) {
  const desk = await server.person("Anna", "read")
  const phone = server.browser()
  await server.clock.advance(MINUTE_MS)
  await phone.logIn("Anna")
  return { desk, phone }
}

const sessionsOf = async (browser: Browser, path = "/sessions") =>
  (await browser.ask("GET", path)).body["sessions"] as readonly Session[]

test("a session does not begin with a password that was replaced while it was compared", async () => {
  await using server = await openAdministration()
  const boss = await server.person("Boss")
  const anna = await server.person("Anna")
  const { passwords } = server
  const turn = passwords.turn.bind(passwords)
  passwords.turn = (address) => ({
    matches: async (password, known) => {
      const isRight = await turn(address).matches(password, known)
      await boss.ask("PUT", `/administrators/${anna.number}`, { password: `${PASSWORD} 2` })
      return isRight
    },
    [Symbol.dispose]: () => {},
  })
  expect((await server.browser().logIn("Anna")).status).toBe(401)
  passwords.turn = turn
  expect((await server.browser().logIn("Anna", `${PASSWORD} 2`)).status).toBe(200)
})

describe("the sessions of an administrator", () => {
  test("are listed to their owner, whatever the scope, with the one that asks", async () => {
    await using server = await openAdministration()
    const { desk, phone } = await annaTwice(server)
    const now = server.clock.now()
    const [newer, older] = await sessionsOf(desk)
    const times = (at: number) => ({
      number: expect.any(Number),
      createdAt: at,
      lastUsedAt: expect.any(Number),
      endsAt: at + 12 * HOUR_MS,
    })
    const byAge = [newer, older].sort((one, other) => Number(one?.number) - Number(other?.number))
    expect(byAge).toEqual([
      { ...times(now - MINUTE_MS), isCurrent: true },
      { ...times(now), isCurrent: false },
    ])
    expect((await sessionsOf(phone)).find(({ isCurrent }) => isCurrent)?.number).toBe(byAge[1]?.number)
    await server.clock.advance(HOUR_MS)
    await desk.logIn("Anna")
    expect(await sessionsOf(desk)).toHaveLength(1)
  })

  test("end one by one, and the one that asks with its cookie", async () => {
    await using server = await openAdministration()
    const { desk, phone } = await annaTwice(server)
    const other = (await sessionsOf(desk)).find(({ isCurrent }) => !isCurrent)
    expect((await desk.ask("DELETE", `/sessions/${other?.number}`)).body).toEqual({ done: true })
    expect((await phone.ask("GET", "/session")).status).toBe(401)
    expect((await desk.ask("DELETE", `/sessions/${other?.number}`)).status).toBe(404)
    const [own] = await sessionsOf(desk)
    const ended = await desk.ask("DELETE", `/sessions/${own?.number}`)
    expect(String(ended.headers["set-cookie"])).toContain("Max-Age=0")
    expect((await desk.ask("GET", "/session")).status).toBe(401)
  })

  test("are nobody else's: one of another person is answered as one that does not exist", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna", "administer")
    const bob = await server.person("Bob", "read")
    const [annas] = await sessionsOf(anna)
    const foreign = await bob.ask("DELETE", `/sessions/${annas?.number}`)
    const missing = await bob.ask("DELETE", "/sessions/999999")
    expect(foreign.status).toBe(404)
    expect(foreign.text).toBe(missing.text.replace("number 999999", `number ${annas?.number}`))
    expect((await anna.ask("GET", "/session")).status).toBe(200)
    for (const path of [
      `/administrators/${anna.number}/sessions`,
      `/administrators/${anna.number}/sessions/1`,
    ]) {
      expect((await bob.ask(path.endsWith("1") ? "DELETE" : "GET", path)).status).toBe(403)
    }
  })

  test("are listed and ended by whoever may administer the server", async () => {
    await using server = await openAdministration()
    const boss = await server.person("Boss")
    const { desk, phone } = await annaTwice(server)
    const path = `/administrators/${desk.number}/sessions`
    const found = await sessionsOf(boss, path)
    expect(found).toHaveLength(2)
    expect(found[0]).not.toHaveProperty("isCurrent")
    const annas = (await sessionsOf(desk)).find(({ isCurrent }) => !isCurrent)
    expect((await boss.ask("DELETE", `${path}/${annas?.number}`)).status).toBe(200)
    expect([(await phone.ask("GET", "/session")).status, (await desk.ask("GET", "/session")).status]).toEqual(
      [401, 200],
    )
    const [bosses] = await sessionsOf(boss)
    expect((await boss.ask("DELETE", `${path}/${bosses?.number}`)).status).toBe(404)
    for (const one of ["/administrators/999/sessions", "/administrators/x/sessions"]) {
      expect((await boss.ask("GET", one)).status).toBe(404)
    }
  })

  test("are those of people: a token has none", async () => {
    await using server = await openAdministration()
    const { token } = await server.services.administratorTokens.create({ scope: "administer" })
    const headers = { authorization: `Bearer ${token}` }
    expect((await server.ask("GET", "/admin/v1/sessions", { headers })).status).toBe(409)
    expect((await server.ask("DELETE", "/admin/v1/sessions/1", { headers })).status).toBe(409)
  })
})
