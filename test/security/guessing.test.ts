import { expect, test } from "vitest"
import { openUserServer, PASSWORD } from "../users/user-server.ts"

/** Guessing passwords of users, many at once and in every way that an account can be addressed. */

const SPELLINGS = ["ann@example.com", "ANN@EXAMPLE.COM", "Ann@Example.Com", "ａｎｎ@example.com"]

test("forty guesses at once are five, however the login is written, whichever key and URL form carries them", async () => {
  await using server = await openUserServer()
  const { application, services, userPasswords } = server
  await application.user("ann@example.com")
  const keys = await services.keys.reveal(application.id)
  for (const { kind, number } of keys) {
    await services.hosts.bind(application.id, `${kind.toLowerCase()}.example`, { key: number })
  }
  const before = userPasswords.count
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const { kind, key } = keys[index % keys.length] as { readonly kind: string; readonly key: string }
      const byHost = index % 2 === 0
      return server.ask("POST", byHost ? "/api/users/login" : `/${application.id}/${key}/users/login`, {
        headers: byHost ? { host: `${kind.toLowerCase()}.example:8443` } : {},
        body: { login: SPELLINGS[index % SPELLINGS.length], password: `guess ${index}` },
        // Addresses of one customer: IPv6 counts by its first 64 bits.
        from: `2001:db8:1:2:${index}::1`,
      })
    }),
  )
  expect(replies.map(({ status }) => status).sort()).toEqual([...Array(5).fill(401), ...Array(35).fill(429)])
  expect(userPasswords.count).toBe(before + 5)
  expect((await application.logIn("ann@example.com", PASSWORD, { from: "203.0.113.9" })).status).toBe(200)
})

test("the same login in another application is another account", async () => {
  await using server = await openUserServer()
  const other = await server.addApplication()
  for (const { user } of [server.application, other]) await user("ann@example.com")
  for (let guess = 0; guess < 6; guess++) await server.application.logIn("ann@example.com", "wrong")
  expect((await server.application.logIn("ann@example.com")).status).toBe(429)
  expect((await other.logIn("ann@example.com")).status).toBe(200)
})

test("a right password does not help to guess another one", async () => {
  await using server = await openUserServer()
  const { application, userPasswords } = server
  await application.user("ann@example.com")
  await application.user("mallory@example.com")
  const before = userPasswords.count
  let looked = 0
  for (let guess = 0; guess < 30; guess++) {
    await application.logIn("mallory@example.com")
    const { status } = await application.logIn("ann@example.com", `guess ${guess}`)
    if (status === 401) looked++
  }
  expect(looked).toBe(5)
  expect(userPasswords.count).toBe(before + 35)
})
