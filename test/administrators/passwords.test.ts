import { describe, expect, test } from "vitest"
import { Argon2Hashes } from "../../src/service/administrator-passwords.ts"

/** The real hashes: slow on purpose, so there are few here. */
describe("a password", () => {
  test("is kept as argon2id with 64 MiB and three passes, and is itself alone", async () => {
    const hashes = new Argon2Hashes(2)
    const [one, two] = await Promise.all([hashes.hash("correct horse ♪"), hashes.hash("correct horse ♪")])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(one).not.toBe(two)
    expect(await hashes.matches("correct horse ♪", one)).toBe(true)
    expect(await hashes.matches("correct horse", one)).toBe(false)
  })

  test("of nobody matches nothing, not even the empty one", async () => {
    const hashes = new Argon2Hashes(2)
    expect(await hashes.matches("", undefined)).toBe(false)
  })

  test("is put off when two are being hashed and 32 wait, and goes on afterwards", async () => {
    const hashes = new Argon2Hashes(2)
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, () => hashes.matches("x", "$argon2id$broken")),
    )
    const reasons = all.map((one) => (one.status === "rejected" ? String(one.reason) : ""))
    expect(reasons.filter((reason) => reason.includes("Too many logins at once"))).toHaveLength(6)
    expect(await hashes.matches("", undefined)).toBe(false)
  })
})
