import { expect, test } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { GuessLimits } from "../../src/service/guess-limits.ts"
import { openAdministration } from "../administrators/administration.ts"
import { openUserServer } from "../users/user-server.ts"

/** What holds for an account from everywhere, and for an address whatever it tries: 50 and 100 wrong passwords a day. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const admit = () => "looked at"

/** Each guess from an address, or for an account, that guesses nothing else. */
function guessOften(limits: GuessLimits, times: number, account: string | undefined, address?: string): void {
  for (let index = 0; index < times; index++) {
    limits.begin(account ?? `account ${index}`, address ?? `198.51.100.${index}`, admit)
  }
}

/** Milliseconds until the next guess is looked at; 0: this one was. */
function waitOf(limits: GuessLimits, account: string, address: string): number {
  try {
    limits.begin(account, address, admit)
    return 0
  } catch (error) {
    return (error as { readonly details: { readonly retryAfterMs: number } }).details.retryAfterMs
  }
}

test("after 50 wrong guesses in a day for one account, each address has one, and then waits 15 minutes", () => {
  const limits = new GuessLimits(new FakeClock())
  guessOften(limits, 48, "anna")
  expect([1, 2, 3].map(() => waitOf(limits, "anna", "203.0.113.1"))).toEqual([0, 0, 15 * MINUTE_MS])
  expect([1, 2].map(() => waitOf(limits, "anna", "203.0.113.2"))).toEqual([0, 15 * MINUTE_MS])
  expect([1, 2, 3].map(() => waitOf(limits, "bert", "203.0.113.2"))).toEqual([0, 0, 0])
})

test("whoever guesses cannot keep the owner of the account out: neither where they logged in before, nor elsewhere", () => {
  const limits = new GuessLimits(new FakeClock())
  limits.begin("anna", "192.0.2.1", admit)
  limits.succeeded("anna", "192.0.2.1")
  guessOften(limits, 500, "anna")
  const atHome = Array.from({ length: 6 }, () => waitOf(limits, "anna", "192.0.2.1"))
  expect(atHome).toEqual([0, 0, 0, 0, 0, 30_000])
  expect(waitOf(limits, "anna", "192.0.2.99")).toBe(0)
})

test("after 100 wrong guesses in a day an address has one a minute, but for accounts that logged in from there", async () => {
  const clock = new FakeClock()
  const limits = new GuessLimits(clock)
  limits.begin("anna", "192.0.2.1", admit)
  limits.succeeded("anna", "192.0.2.1")
  guessOften(limits, 100, undefined, "192.0.2.1")
  expect(waitOf(limits, "bert", "192.0.2.1")).toBe(MINUTE_MS)
  expect([1, 2, 3, 4].map(() => waitOf(limits, "anna", "192.0.2.1"))).toEqual([0, 0, 0, 0])
  // What they get wrong costs nobody else a turn, and what they get right gives nobody one.
  limits.succeeded("anna", "192.0.2.1")
  expect(waitOf(limits, "bert", "192.0.2.1")).toBe(MINUTE_MS)
  await clock.advance(MINUTE_MS)
  expect(["anna", "bert"].map((account) => waitOf(limits, account, "192.0.2.1"))).toEqual([0, 0])
  expect(waitOf(limits, "carl", "192.0.2.1")).toBe(MINUTE_MS)
  limits.succeeded("bert", "192.0.2.1")
  expect(waitOf(limits, "carl", "192.0.2.1")).toBe(0)
})

test("right passwords do not count, and a day after the first wrong one the count begins anew", async () => {
  const clock = new FakeClock()
  const limits = new GuessLimits(clock)
  for (let index = 0; index < 300; index++) {
    limits.begin("anna", `2001:db8::${index}`, admit)
    limits.succeeded("anna", `2001:db8::${index}`)
    limits.begin(`account ${index}`, "192.0.2.1", admit)
    limits.succeeded(`account ${index}`, "192.0.2.1")
  }
  expect([1, 2].map(() => waitOf(limits, "anna", "192.0.2.1"))).toEqual([0, 0])
  guessOften(limits, 200, "carl")
  expect([1, 2].map(() => waitOf(limits, "carl", "203.0.113.2"))).toEqual([0, 15 * MINUTE_MS])
  await clock.advance(DAY_MS)
  expect([1, 2].map(() => waitOf(limits, "carl", "203.0.113.2"))).toEqual([0, 0])
})

test("an address that stands for everybody has no limit of its own", () => {
  const limits = new GuessLimits(new FakeClock(), (address) => address === "127.0.0.1")
  guessOften(limits, 500, undefined, "127.0.0.1")
  expect(waitOf(limits, "anna", "127.0.0.1")).toBe(0)
})

test("administrators: fifty addresses that guess for Anna leave one guess for each further one; Anna herself logs in", async () => {
  await using server = await openAdministration()
  await server.person("Anna")
  for (let index = 0; index < 50; index++) {
    expect((await server.browser(`198.51.100.${index}`).logIn("Anna", "wrong password")).status).toBe(401)
  }
  const stranger = server.browser("203.0.113.7")
  expect((await stranger.logIn("Anna", "wrong password")).status).toBe(401)
  const put = await server.ask("POST", "/admin/v1/session", {
    body: { name: "Anna", password: "wrong password" },
    from: "203.0.113.7",
  })
  expect([put.status, put.headers["retry-after"]]).toEqual([429, "900"])
  expect((await server.browser().logIn("Anna", "wrong password")).status).toBe(401)
  expect((await server.browser().logIn("Anna")).status).toBe(200)
  expect((await server.browser("203.0.113.8").logIn("Anna")).status).toBe(200)
})

test("users: an address that tries one password for each of many accounts has a hundred a day, and then one a minute", async () => {
  await using server = await openUserServer()
  const { application, userPasswords } = server
  await application.user("ann@example.com")
  expect((await application.logIn("ann@example.com")).status).toBe(200)
  const before = userPasswords.count
  const statuses = []
  for (let index = 0; index < 130; index++) {
    statuses.push((await application.logIn(`user${index}@example.com`, "password1")).status)
  }
  expect(statuses.filter((status) => status === 401)).toHaveLength(100)
  expect(statuses.slice(100).every((status) => status === 429)).toBe(true)
  expect(userPasswords.count).toBe(before + 100)
  expect((await application.logIn("ann@example.com")).status).toBe(200)
})
