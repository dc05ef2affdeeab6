import { expect, test } from "vitest"
import type { Argon2Process } from "../../src/runtime/argon2-process.ts"
import { Argon2Hashes } from "../../src/service/password-hashes.ts"
import { openUserServer, PASSWORD } from "./user-server.ts"

test("who registers users from many addresses keeps nobody from logging in", async () => {
  let hangs = false
  const process = {
    hash: () => (hangs ? new Promise<never>(() => {}) : Promise.resolve("a hash")),
    verify: async () => true,
  } as unknown as Argon2Process
  await using server = await openUserServer({ hashes: (atOnceMax) => new Argon2Hashes(atOnceMax, process) })
  const { application } = server
  const register = (email: string, from: string) =>
    application.call("POST", "users/register", { body: { email, password: PASSWORD }, from })
  expect((await register("ann@example.com", "203.0.113.5")).status).toBe(200)
  hangs = true
  for (let index = 0; index < 33; index++) {
    void register(`${index}@example.com`, `198.51.100.${index}`).catch(() => {})
  }
  expect((await register("bob@example.com", "203.0.113.6")).status).toBe(429)
  expect((await application.logIn("ann@example.com", PASSWORD, { from: "203.0.113.5" })).status).toBe(200)
})
