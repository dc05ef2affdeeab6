import { describe, expect, test } from "vitest"
import { Argon2Process } from "../../src/runtime/argon2-process.ts"
import { Argon2Hashes, type PasswordTurn } from "../../src/service/password-hashes.ts"

async function matches(hashes: Argon2Hashes, password: string, known: string | undefined, address = "") {
  using turn = hashes.turn(address)
  return await turn.matches(password, known)
}

const hashing = new Argon2Process()

/** The real hashes: slow on purpose, so there are few here. */
describe("a password", () => {
  test("is kept as argon2id with 64 MiB and three passes, and is itself alone", async () => {
    const hashes = new Argon2Hashes(2, hashing)
    const [one, two] = await Promise.all([hashes.hash("correct horse ♪"), hashes.hash("correct horse ♪")])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(one).not.toBe(two)
    expect(await matches(hashes, "correct horse ♪", one)).toBe(true)
    expect(await matches(hashes, "correct horse", one)).toBe(false)
  })

  test.each([
    ["$argon2id$v=19$m=19456,t=3,p=1$c2FsdA$aGFzaA", true],
    ["$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA", true],
    ["$argon2i$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", true],
    ["$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", false],
    ["$argon2id$v=19$m=131072,t=4,p=2$c2FsdA$aGFzaA", false],
  ])("that is kept as %s is weaker than one of today: %s", (hash, isWeak) => {
    expect(new Argon2Hashes(1, hashing).isWeak(hash)).toBe(isWeak)
  })

  test("is never weak when it was hashed today", async () => {
    const hashes = new Argon2Hashes(1, hashing)
    expect(hashes.isWeak(await hashes.hash("correct horse"))).toBe(false)
  })

  test("of nobody matches nothing, not even the empty one", async () => {
    const hashes = new Argon2Hashes(2, hashing)
    expect(await matches(hashes, "", undefined)).toBe(false)
  })

  test("is put off when two are being hashed and 32 wait, and goes on afterwards", async () => {
    const hashes = new Argon2Hashes(2, hashing)
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => matches(hashes, "x", "$argon2id$broken", `address ${index}`)),
    )
    const reasons = all.map((one) => (one.status === "rejected" ? String(one.reason) : ""))
    expect(reasons.filter((reason) => reason.includes("Too many logins at once"))).toHaveLength(6)
    expect(await matches(hashes, "", undefined)).toBe(false)
  })

  test("of whoever is familiar has one of eight places more, and goes first", async () => {
    const hashes = new Argon2Hashes(1, hashing)
    const strangers = Array.from({ length: 33 }, (_, index) => hashes.turn(`address ${index}`))
    expect(() => hashes.turn("another")).toThrow("Too many logins at once")
    const familiar = Array.from({ length: 8 }, () => hashes.turn("another", { isFamiliar: true }))
    expect(() => hashes.turn("another", { isFamiliar: true })).toThrow("Too many logins at once")
    const order: string[] = []
    const compare = async (turn: PasswordTurn | undefined, who: string) => {
      await turn?.matches("x", "$argon2id$broken").catch(() => {})
      order.push(who)
    }
    await Promise.all([
      compare(strangers[0], "first"),
      compare(strangers[1], "second"),
      compare(familiar[0], "familiar"),
      compare(familiar[1], "familiar too"),
    ])
    expect(order).toEqual(["first", "familiar", "familiar too", "second"])
    familiar[0]?.[Symbol.dispose]()
    familiar[0]?.[Symbol.dispose]()
    hashes.turn("another", { isFamiliar: true })
    expect(() => hashes.turn("another", { isFamiliar: true })).toThrow("Too many logins at once")
    strangers[0]?.[Symbol.dispose]()
    hashes.turn("another", { isFamiliar: true })
  })

  test("that somebody sets who is logged in is hashed although strangers fill the line", async () => {
    const hashes = new Argon2Hashes(1, hashing)
    for (let index = 0; index < 33; index++) hashes.turn(`address ${index}`)
    await expect(hashes.hash("x", "another")).rejects.toThrow("Too many logins at once")
    expect(await hashes.hash("x")).toMatch(/^\$argon2id/)
  })

  test("is put off when eight of its address are in the line, and those of other addresses are not", () => {
    const hashes = new Argon2Hashes(1, hashing)
    const turns = Array.from({ length: 8 }, () => hashes.turn("198.51.100.7"))
    expect(() => hashes.turn("198.51.100.7")).toThrow("Too many logins at once")
    turns.push(hashes.turn("203.0.113.5"))
    turns[0]?.[Symbol.dispose]()
    // A place that is given back twice is one place.
    turns[0]?.[Symbol.dispose]()
    turns.push(hashes.turn("198.51.100.7"))
    expect(() => hashes.turn("198.51.100.7")).toThrow("Too many logins at once")
    for (const turn of turns) turn[Symbol.dispose]()
    for (let index = 0; index < 8; index++) hashes.turn("198.51.100.7")
  })
})
