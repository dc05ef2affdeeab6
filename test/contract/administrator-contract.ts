import { describe, expect, it } from "vitest"
import type { ManagementRights, NewAdministrator } from "../../src/store/administrator-store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

const DAY_MS = 86_400_000
const EVERYTHING: ManagementRights = { scope: "administer", applications: undefined }

const person = (name: string, rights: ManagementRights = EVERYTHING): NewAdministrator => ({
  name,
  login: name.toLowerCase(),
  passwordHash: `hash of ${name}`,
  ...rights,
})

/** The law of AdministratorStore. */
export function administratorContract(name: string, open: OpenStore): void {
  describe(`${name}: administrators`, () => {
    people(open)
    setupLinks(open)
    sessions(open)
    tokens(open)
  })
}

function people(open: OpenStore): void {
  it("an administrator is found by number and login, as they were made, also after a restart", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const rights = { scope: "operate", applications: ["APP-1", "ÄPP"] } as const
    const made = await world.store.administrators.create(person("Zoë ♪", rights), world.now)
    expect(made).toEqual({
      ...rights,
      number: made.number,
      name: "Zoë ♪",
      createdAt: world.now,
      lastLoginAt: undefined,
    })
    await world.reopen()
    const { administrators } = world.store
    expect(await administrators.byNumber(made.number)).toEqual(made)
    expect(await administrators.byLogin("zoë ♪")).toEqual({
      administrator: made,
      passwordHash: "hash of Zoë ♪",
    })
    expect(await administrators.byLogin("Zoë ♪")).toBeUndefined()
    expect(await administrators.byNumber(made.number + 1)).toBeUndefined()
    expect(await administrators.list()).toEqual([made])
  })

  it("a login is taken once, whoever comes first", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const made = await Promise.allSettled(
      [1, 2, 3].map((index) => administrators.create(person("Anna"), world.now + index)),
    )
    expect(made.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"])
    await expect(administrators.create(person("Anna"), world.now)).rejects.toMatchObject({
      error: "conflict",
    })
    expect(await administrators.list()).toHaveLength(1)
  })

  it("a change sets what is given, leaves the rest, and ends the sessions", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    await administrators.create(person("Bob"), world.now)
    for (const changes of [
      { passwordHash: "another" },
      { rights: { scope: "read", applications: ["APP-1"] } },
      { rights: EVERYTHING },
    ] as const) {
      await begin(world, number, "s")
      expect(await administrators.update(number, changes)).toBe("done")
      expect(await session(world, "s")).toBeUndefined()
    }
    expect(await administrators.byLogin("anna")).toMatchObject({
      administrator: EVERYTHING,
      passwordHash: "another",
    })
    expect(await administrators.update(99, { passwordHash: "x" })).toBe("unknown")
    expect(await administrators.remove(99)).toBe("unknown")
  })

  it("a password is replaced only in the place of the one that is meant", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    const present = (await administrators.byLogin("anna"))?.passwordHash ?? ""
    await begin(world, number, "s")
    expect(await administrators.replacePassword(number, "another", "new")).toBe(false)
    expect(await session(world, "s")).toBeDefined()
    expect(await administrators.replacePassword(number, present, "new")).toBe(true)
    expect(await session(world, "s")).toBeUndefined()
    expect((await administrators.byLogin("anna"))?.passwordHash).toBe("new")
    expect(await administrators.replacePassword(99, "new", "newer")).toBe(false)
  })

  it("somebody always remains who may administer the whole server", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    await administrators.create(person("Restricted", { ...EVERYTHING, applications: ["APP-1"] }), world.now)
    await administrators.create(person("Operator", { scope: "operate", applications: undefined }), world.now)
    await begin(world, number, "s")
    expect(await administrators.remove(number)).toBe("last")
    expect(await administrators.update(number, { rights: { ...EVERYTHING, scope: "read" } })).toBe("last")
    expect(await administrators.update(number, { rights: { ...EVERYTHING, applications: ["APP-1"] } })).toBe(
      "last",
    )
    expect(await session(world, "s")).toBeDefined()
    expect(await administrators.update(number, { rights: EVERYTHING })).toBe("done")
    await administrators.create(person("Second"), world.now)
    expect(await administrators.remove(number)).toBe("done")
  })

  it("two who remove each other do not leave nobody", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const made = await Promise.all(
      ["Anna", "Bob"].map((name) => administrators.create(person(name), world.now)),
    )
    const removed = await Promise.all(made.map(({ number }) => administrators.remove(number)))
    expect(removed.toSorted()).toEqual(["done", "last"])
    expect(await administrators.list()).toHaveLength(1)
  })
}

function setupLinks(open: OpenStore): void {
  it("a setup link works once and until it expires; redeeming one ends all", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const expiresAt = world.now + DAY_MS
    const add = (hash: string, replacesOthers = false) =>
      world.store.administrators.addSetupLink({ hash, expiresAt }, { now: world.now, replacesOthers })
    await add("one")
    await add("two")
    await world.reopen()
    const { administrators } = world.store
    expect(await administrators.hasSetupLink("one", expiresAt - 1)).toBe(true)
    expect(await administrators.hasSetupLink("one", expiresAt)).toBe(false)
    expect(await administrators.redeemSetupLink("one", person("Late"), expiresAt)).toBeUndefined()
    const redeemed = await Promise.all(
      ["one", "two", "one"].map((hash, index) =>
        administrators.redeemSetupLink(hash, person(`P${index}`), world.now),
      ),
    )
    expect(redeemed.map((administrator) => administrator?.name)).toEqual(["P0", undefined, undefined])
    expect(await administrators.list()).toHaveLength(1)
  })

  it("a link whose administrator is refused works on", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    await administrators.create(person("Anna"), world.now)
    await administrators.addSetupLink(
      { hash: "h", expiresAt: world.now + 1 },
      { now: world.now, replacesOthers: true },
    )
    const refused = administrators.redeemSetupLink("h", person("Anna"), world.now)
    await expect(refused).rejects.toMatchObject({ error: "conflict" })
    expect(await administrators.redeemSetupLink("h", person("Bob"), world.now)).toMatchObject({ name: "Bob" })
  })

  it("a link may replace the others", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const expiresAt = world.now + DAY_MS
    await administrators.addSetupLink({ hash: "old", expiresAt }, { now: world.now, replacesOthers: false })
    await administrators.addSetupLink({ hash: "new", expiresAt }, { now: world.now, replacesOthers: true })
    expect(await administrators.hasSetupLink("old", world.now)).toBe(false)
    expect(await administrators.hasSetupLink("new", world.now)).toBe(true)
  })
}

function sessions(open: OpenStore): void {
  it("a session is found by its hash, with its administrator as they are now", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const { number } = await world.store.administrators.create(person("Anna"), world.now)
    world.now += 5
    const begun = await begin(world, number, "s")
    await world.reopen()
    expect(await session(world, "s")).toEqual({
      number: begun,
      administrator: {
        ...EVERYTHING,
        number,
        name: "Anna",
        createdAt: world.now - 5,
        lastLoginAt: world.now,
      },
      createdAt: world.now,
      lastUsedAt: world.now,
      endsAt: world.now + DAY_MS,
    })
    expect(await session(world, "S")).toBeUndefined()
    expect(await begin(world, number + 1, "t")).toBeUndefined()
  })

  it("a session is over from its end on, when it is not used, when it is ended, and with its administrator", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    await administrators.create(person("Bob"), world.now)
    const begun = (await begin(world, number, "s")) as number
    const at = (now: number, usedSince = 0) => administrators.sessionByHash("s", { now, usedSince })
    expect(await at(world.now + DAY_MS - 1)).toBeDefined()
    expect(await at(world.now + DAY_MS)).toBeUndefined()
    expect(await at(world.now, world.now - 1)).toBeDefined()
    expect(await at(world.now, world.now)).toBeUndefined()
    await administrators.noteSessionUse(begun, world.now + 10)
    expect(await at(world.now + 10, world.now + 9)).toMatchObject({ lastUsedAt: world.now + 10 })
    expect(await administrators.endSession(number + 1, begun)).toBe(false)
    expect(await administrators.endSession(number, begun)).toBe(true)
    expect(await administrators.endSession(number, begun)).toBe(false)
    expect(await at(world.now)).toBeUndefined()
    for (const hash of ["s", "t", "u"]) await begin(world, number, hash)
    expect(await administrators.endSessions(number)).toBe(3)
    await begin(world, number, "s")
    await administrators.remove(number)
    expect(await at(world.now)).toBeUndefined()
  })

  it("a hash of the same password takes the place of the present one alone, and sessions go on", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    await administrators.create(person("Bob"), world.now)
    const session = await begin(world, number, "s")
    expect(await administrators.renewPasswordHash(number, "hash of Bob", "renewed")).toBe(false)
    expect(await administrators.renewPasswordHash(number + 9, "hash of Anna", "renewed")).toBe(false)
    expect(await administrators.renewPasswordHash(number, "hash of Anna", "renewed")).toBe(true)
    expect(await administrators.byLogin("anna")).toMatchObject({ passwordHash: "renewed" })
    expect(await administrators.byLogin("bob")).toMatchObject({ passwordHash: "hash of Bob" })
    const options = { now: world.now, usedSince: world.now - 1 }
    expect(await administrators.sessionByHash("s", options)).toMatchObject({ number: session })
  })

  it("the sessions of an administrator are listed by their last use, without those that are over", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    const other = await administrators.create(person("Bob"), world.now)
    const [first = 0, second = 0] = [await begin(world, number, "a"), await begin(world, number, "b")]
    await begin(world, other.number, "bob")
    const createdAt = world.now
    await administrators.noteSessionUse(first, createdAt + 10)
    const endsAt = createdAt + DAY_MS
    const times = (session: number, lastUsedAt: number) => ({
      number: session,
      createdAt,
      lastUsedAt,
      endsAt,
    })
    const list = (now: number, usedSince: number) => administrators.sessionsOf(number, { now, usedSince })
    const both = [times(first, createdAt + 10), times(second, createdAt)]
    expect(await list(endsAt - 1, createdAt - 1)).toEqual(both)
    expect(await list(endsAt - 1, createdAt)).toEqual([both[0]])
    expect(await list(endsAt, 0)).toEqual([])
    expect(await administrators.sessionsOf(4711, { now: createdAt, usedSince: 0 })).toEqual([])
  })

  it("an administrator keeps the sessions that were used last, and none that is over", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const { number } = await administrators.create(person("Anna"), world.now)
    const other = await administrators.create(person("Bob"), world.now)
    await begin(world, other.number, "bob")
    const numbers = new Map<string, number>()
    for (const hash of ["a", "b", "c", "d"]) {
      world.now += 1
      numbers.set(hash, (await begin(world, number, hash, 3)) as number)
      if (hash === "c") await administrators.noteSessionUse(numbers.get("a") as number, ++world.now)
    }
    const found = async () =>
      Promise.all(["a", "b", "c", "d", "bob"].map(async (hash) => (await session(world, hash)) !== undefined))
    expect(await found()).toEqual([true, false, true, true, true])
    world.now += DAY_MS
    await begin(world, number, "e", 3)
    expect(await administrators.endSessions(number)).toBe(1)
  })
}

function tokens(open: OpenStore): void {
  it("a token knows its last use, and loses nothing by it", async () => {
    await using world = await StoreWorld.open(open)
    const { administrators } = world.store
    const token = {
      hash: "h",
      label: "",
      scope: "read",
      applications: ["APP-1"],
      expiresAt: undefined,
    } as const
    const made = await administrators.createToken(token, { now: world.now, tokensMax: 1 })
    await administrators.noteTokenUse(made.number, world.now + 5)
    expect(await administrators.tokenByHash("h", world.now)).toEqual({ ...made, lastUsedAt: world.now + 5 })
    await administrators.noteTokenUse(99, world.now)
    expect(await administrators.listTokens()).toHaveLength(1)
  })
}

function begin(
  world: StoreWorld,
  administrator: number,
  hash: string,
  sessionsMax = 10,
): Promise<number | undefined> {
  const { now } = world
  return world.store.administrators.createSession(
    { hash, administrator, endsAt: now + DAY_MS },
    { now, usedSince: now - DAY_MS, sessionsMax },
  )
}

function session(world: StoreWorld, hash: string) {
  return world.store.administrators.sessionByHash(hash, { now: world.now, usedSince: 0 })
}
