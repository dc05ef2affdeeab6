import { describe, expect, test } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { GuessLimits } from "../../src/service/guess-limits.ts"
import { type Administration, openAdministration, PASSWORD } from "./administration.ts"

/** Guessing the passwords of administrators. */

const MINUTE_MS = 60_000

/** Guesses as fast as it is allowed for so long; returns when each guess was looked at. */
async function guess(
  { clock, ask, passwords }: Administration,
  forMs: number,
  from: string,
): Promise<number[]> {
  const start = clock.now()
  const times: number[] = []
  while (clock.now() - start < forMs) {
    const before = passwords.count
    const reply = await ask("POST", "/admin/v1/session", {
      body: { name: "Anna", password: `guess ${times.length}` },
      from,
    })
    if (passwords.count > before) times.push(clock.now())
    if (reply.status === 429) await clock.advance(Number(reply.headers["retry-after"]) * 1000)
    else expect(reply.status).toBe(401)
  }
  return times
}

describe("who guesses passwords", () => {
  test("has at most ten guesses in any 15 minutes for one account from one address", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const times = await guess(server, 6 * 60 * MINUTE_MS, "198.51.100.7")
    const most = Math.max(
      ...times.map((start) => times.filter((time) => time >= start && time < start + 15 * MINUTE_MS).length),
    )
    expect(most).toBeLessThanOrEqual(10)
    expect(most).toBeGreaterThanOrEqual(5)
  })

  test("waits longer and longer, and is told how long", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const times = await guess(server, 60 * MINUTE_MS, "198.51.100.7")
    const delays = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000)
    expect(delays).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900])
  })

  test("is told to the log with the address, once a minute and without what was guessed", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const attacker = server.browser("198.51.100.7")
    for (let index = 0; index < 5; index++) await attacker.logIn("Anna", `guess number ${index}`)
    expect(server.warnings).toEqual([])
    for (let index = 0; index < 5; index++) await attacker.logIn("Anna", `guess number ${index}`)
    const told = {
      address: "198.51.100.7",
      text: "too many wrong passwords of administrators: the address has to wait",
    }
    expect(server.warnings).toEqual([told])
    await server.clock.advance(MINUTE_MS)
    for (let index = 0; index < 3; index++) await attacker.logIn("Anna", `guess number ${index}`)
    expect(server.warnings).toEqual([told, told])
  })

  test("does not keep the owner out, who comes from elsewhere", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const attacker = server.browser("198.51.100.7")
    for (let index = 0; index < 5; index++) await attacker.logIn("Anna", `guess number ${index}`)
    expect((await attacker.logIn("Anna")).status).toBe(429)
    expect((await server.browser("203.0.113.5").logIn("Anna")).status).toBe(200)
  })

  test("does not keep the owner out by keeping the line full, where the owner logs in from anyway", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const anna = () => server.browser("203.0.113.5").logIn("Anna")
    expect((await anna()).status).toBe(200)
    server.passwords.isBusy = true
    expect((await anna()).status).toBe(200)
    expect((await server.browser("198.51.100.7").logIn("Anna")).status).toBe(429)
    expect((await server.browser("203.0.113.5").logIn("Bob")).status).toBe(429)
  })

  test("does not end the sessions of the owner, even behind the same address", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    for (let index = 0; index < 5; index++)
      await server.browser("192.0.2.1").logIn("Anna", `guess number ${index}`)
    expect((await server.browser("192.0.2.1").logIn("Anna")).status).toBe(429)
    expect((await anna.ask("GET", "/session")).status).toBe(200)
  })

  test("gains nothing by writing the name otherwise, by many at once, or by other addresses of the same network", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const before = server.passwords.count
    const names = ["Anna", "ANNA", "anna", "aNNA"]
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.browser(`2001:db8:1:2:${index}::1`).logIn(names[index % 4] as string, `guess number ${index}`),
      ),
    )
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(35)
    expect(server.passwords.count).toBe(before + 5)
  })

  test("is not believed about the address unless a trusted proxy says it", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const statuses = []
    for (let index = 0; index < 8; index++) {
      const from = `203.0.113.${index}, 198.51.100.7`
      statuses.push((await server.browser(from).logIn("Anna", `guess number ${index}`)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })

  test("begins anew after a right one, and an hour after the last", async () => {
    await using server = await openAdministration()
    await server.person("Anna")
    const page = server.browser("198.51.100.7")
    for (const round of [1, 2]) {
      for (let index = 0; index < 4; index++) await page.logIn("Anna", `guess ${round} ${index} ......`)
      expect((await page.logIn("Anna")).status).toBe(200)
    }
    for (let index = 0; index < 7; index++) await page.logIn("Anna", `guess number ${index}`)
    expect((await page.logIn("Anna")).status).toBe(429)
    await server.clock.advance(60 * MINUTE_MS)
    for (let index = 0; index < 4; index++)
      expect((await page.logIn("Anna", "wrong password")).status).toBe(401)
    expect((await page.logIn("Anna")).status).toBe(200)
  })

  test("with a stolen session is slowed down at the present password as well", async () => {
    await using server = await openAdministration()
    const anna = await server.person("Anna")
    const statuses = []
    for (let index = 0; index < 7; index++) {
      const body = { currentPassword: `guess number ${index}`, password: "another long password" }
      statuses.push((await anna.ask("PUT", "/session/password", body)).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  })
})

test("a login while too many passwords are being hashed is put off, not refused", async () => {
  await using server = await openAdministration()
  await server.person("Anna")
  server.passwords.isBusy = true
  const reply = await server.browser("203.0.113.5").logIn("Anna")
  expect(reply.status).toBe(429)
  expect(reply.headers["retry-after"]).toBe("2")
  server.passwords.isBusy = false
  expect((await server.browser("203.0.113.5").logIn("Anna", PASSWORD)).status).toBe(200)
})

test("what is remembered of guesses does not grow without end", async () => {
  const limits = new GuessLimits(new FakeClock())
  const begin = (address: string) => limits.begin("anna", address, () => undefined)
  for (let index = 0; index < 5; index++) begin("first")
  expect(() => begin("first")).toThrow("Too many wrong passwords")
  for (let index = 0; index < 20_000; index++) begin(`other ${index}`)
  expect(() => begin("first")).not.toThrow()
})

test("guesses that nobody looks at, because too many come, do not count and make nobody forgotten", async () => {
  await using server = await openAdministration()
  await server.person("Anna")
  const attacker = server.browser("198.51.100.7")
  for (let index = 0; index < 5; index++) await attacker.logIn("Anna", `guess number ${index}`)
  const limits = new GuessLimits(new FakeClock())
  for (let index = 0; index < 5; index++) limits.begin("anna", "first", () => undefined)
  const isFull = () => {
    throw new Error("full")
  }
  for (let index = 0; index < 30_000; index++) {
    expect(() => limits.begin(`account ${index}`, "first", isFull)).toThrow("full")
  }
  expect(() => limits.begin("anna", "first", isFull)).toThrow("Too many wrong passwords")
  server.passwords.isBusy = true
  const elsewhere = () => server.browser("203.0.113.5").logIn("Anna")
  for (let index = 0; index < 20; index++) expect((await elsewhere()).status).toBe(429)
  server.passwords.isBusy = false
  expect((await elsewhere()).status).toBe(200)
  expect((await attacker.logIn("Anna")).status).toBe(429)
})
