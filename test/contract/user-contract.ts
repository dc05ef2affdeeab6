import { describe, expect, it } from "vitest"
import { DEFAULT_USER_SETTINGS } from "../../src/domain/user-settings.ts"
import type { NewUser, SessionBounds, SessionPolicy } from "../../src/store/user-store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

const FOR_EVER: SessionBounds = { usedSince: -1, begunSince: -1 }
const ONLY: SessionPolicy = { kind: "only" }
const many = (max: number, makesRoom = false): SessionPolicy => ({ kind: "many", max, makesRoom })

export const person = (id: string, more: Partial<NewUser> = {}): NewUser => ({
  id,
  kind: "registered",
  status: "ENABLED",
  identity: { text: `${id}@Example.com`, key: `${id}@example.com`.toLowerCase() },
  origin: undefined,
  passwordHash: `hash of ${id}`,
  properties: { name: id },
  roles: [],
  ...more,
})

export const stranger = (id: string, subject: string): NewUser =>
  person(id, {
    kind: "social",
    identity: undefined,
    passwordHash: undefined,
    origin: { issuer: "https://id.example.com", subject },
  })

/** The law of UserStore. */
export function userContract(name: string, open: OpenStore): void {
  describe(`${name}: users`, () => {
    people(open)
    changes(open)
    sessions(open)
    ends(open)
  })
}

function people(open: OpenStore): void {
  it("a user is found by id, identity and origin, as they were made, in their application alone", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const other = (await world.addApplication("APP-2")).number
    const properties = { name: "Zoë ♪", age: 7, tags: ["a", { b: null }] }
    const zoe = await world.store.users.create(world.application, person("ZOE", { properties }), world.now)
    const sub = await world.store.users.create(world.application, stranger("SUB", "7"), world.now)
    expect(zoe).toEqual({
      id: "ZOE",
      kind: "registered",
      status: "ENABLED",
      identity: "ZOE@Example.com",
      origin: undefined,
      properties,
      roles: [],
      createdAt: world.now,
      updatedAt: undefined,
      lastLoginAt: undefined,
      tokensSince: 0,
    })
    await world.reopen()
    const { users } = world.store
    expect(await users.byId(world.application, "ZOE")).toEqual(zoe)
    expect(await users.byIdentity(world.application, "zoe@example.com")).toEqual({
      user: zoe,
      passwordHash: "hash of ZOE",
    })
    const origin = { issuer: "https://id.example.com", subject: "7" }
    expect(await users.byOrigin(world.application, origin)).toEqual(sub)
    expect(sub?.origin).toEqual(origin)
    expect(await users.byOrigin(world.application, { ...origin, subject: "8" })).toBeUndefined()
    expect(await users.byIdentity(world.application, "ZOE@Example.com")).toBeUndefined()
    expect([
      await users.byId(other, "ZOE"),
      await users.byIdentity(other, "zoe@example.com"),
      await users.byOrigin(other, origin),
    ]).toEqual([undefined, undefined, undefined])
  })

  it("an identity and an origin are taken once in an application, whoever comes first", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const { users } = world.store
    const { identity } = person("A")
    const made = await Promise.all(
      ["A", "B", "C"].map((id) => users.create(world.application, person(id, { identity }), world.now)),
    )
    expect(made.map((user) => user?.id)).toEqual(["A", undefined, undefined])
    expect(await users.create(world.application, stranger("D", "1"), world.now)).toBeDefined()
    expect(await users.create(world.application, stranger("E", "1"), world.now)).toBeUndefined()
    expect(await users.create(other, person("F", { identity }), world.now)).toBeDefined()
    expect(await users.create(other, stranger("G", "1"), world.now)).toBeDefined()
  })

  it("roles are those of the application, in order, and go with the role", async () => {
    await using world = await StoreWorld.open(open)
    const { users, permissions } = world.store
    for (const role of ["editor", "author"]) {
      await permissions.createRole(
        world.application,
        { name: role, description: "" },
        { now: 0, rolesMax: 9 },
      )
    }
    const made = await users.create(
      world.application,
      person("A", { roles: ["editor", "nobody"] }),
      world.now,
    )
    expect(made?.roles).toEqual(["editor"])
    expect(await users.setRoles(world.application, "A", ["author", "nobody"])).toBe("unknown_role")
    expect((await users.byId(world.application, "A"))?.roles).toEqual(["editor"])
    const both = await users.setRoles(world.application, "A", ["editor", "author"])
    expect(both).toMatchObject({ roles: ["author", "editor"] })
    expect(await users.setRoles(world.application, "B", [])).toBeUndefined()
    expect(await permissions.removeRole(world.application, "editor")).toBe("removed")
    expect((await users.byId(world.application, "A"))?.roles).toEqual(["author"])
    // The name may come again, and is another role then.
    await permissions.createRole(
      world.application,
      { name: "editor", description: "" },
      { now: 0, rolesMax: 9 },
    )
    expect((await users.byId(world.application, "A"))?.roles).toEqual(["author"])
  })
}

function changes(open: OpenStore): void {
  it("a change changes what is given, and nothing when the identity is taken", async () => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    const before = await users.create(world.application, person("A"), world.now)
    await users.create(world.application, person("B"), world.now)
    const identity = { text: "b@example.com", key: "b@example.com" }
    expect(await users.update(world.application, "A", { identity, properties: {} }, world.now + 1)).toBe(
      "taken",
    )
    expect(await users.byId(world.application, "A")).toEqual(before)
    const own = { text: "a@EXAMPLE.com", key: "a@example.com" }
    const properties = { name: null }
    expect(await users.update(world.application, "A", { identity: own, properties }, world.now + 1)).toEqual({
      ...before,
      identity: "a@EXAMPLE.com",
      properties,
      updatedAt: world.now + 1,
    })
    expect(await users.update(world.application, "C", { properties }, world.now)).toBeUndefined()
    const other = (await world.addApplication("APP-2")).number
    expect(await users.update(other, "A", { properties: {} }, world.now)).toBeUndefined()
    expect(await users.remove(other, "A", world.now)).toBe(false)
  })

  it("a user who is removed is gone with logins and rules, and leaves their devices", async () => {
    await using world = await StoreWorld.open(open)
    const { users, permissions } = world.store
    await users.create(world.application, person("A"), world.now)
    await begin(world, "A", "h", ONLY)
    const rule = {
      level: "channel",
      channel: "news",
      user: "A",
      operation: "message:publish",
      access: "grant",
    } as const
    await permissions.setRule(world.application, rule, { now: world.now, rulesMax: 9 })
    const { version } = await permissions.rules(world.application)
    await world.register("phone", { userId: "A" })
    expect(await users.remove(world.application, "A", world.now)).toBe(true)
    expect(await users.remove(world.application, "A", world.now)).toBe(false)
    expect(await users.byId(world.application, "A")).toBeUndefined()
    expect(await users.sessionByHash(world.application, "h", FOR_EVER)).toBeUndefined()
    const after = await permissions.rules(world.application)
    expect(after.rules).toEqual([])
    expect(after.version).toBeGreaterThan(version)
    const device = await world.devices.byDeviceId(world.application, "phone", world.now)
    expect(device?.userId).toBe("A")
  })

  it("when a user of an identity provider was removed is known until it is forgotten, in that application alone", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    const origin = { issuer: "https://id.example.com", subject: "7" }
    const removedAt = () => world.store.users.originRemovedAt(world.application, origin)
    await world.store.users.create(world.application, stranger("A", "7"), world.now)
    expect(await removedAt()).toBeUndefined()
    await world.store.users.remove(world.application, "A", world.now + 1)
    await world.reopen()
    expect(await removedAt()).toBe(world.now + 1)
    const other = (await world.addApplication("APP-2")).number
    expect(await world.store.users.originRemovedAt(other, origin)).toBeUndefined()
    const anew = { ...stranger("C", "7"), tokensSince: world.now + 1 }
    expect((await world.store.users.create(world.application, anew, world.now))?.tokensSince).toBe(
      world.now + 1,
    )
    await world.store.users.remove(world.application, "C", world.now + 2)
    expect(await removedAt()).toBe(world.now + 2)
    await world.store.users.forgetRemovedOrigins(world.now + 1)
    expect(await removedAt()).toBe(world.now + 2)
    await world.store.users.forgetRemovedOrigins(world.now + 2)
    expect(await removedAt()).toBeUndefined()
  })

  it("settings are those that were set, and the identity property stays while somebody logs in with it", async () => {
    await using world = await StoreWorld.open(open, { durable: true })
    expect(await world.store.users.settings(world.application)).toBeUndefined()
    const settings = { ...DEFAULT_USER_SETTINGS, failedLoginsLock: 3, requiredProperties: ["name"] }
    expect(await world.store.users.setSettings(world.application, settings, world.now)).toBe(true)
    await world.reopen()
    const { users } = world.store
    expect(await users.settings(world.application)).toEqual(settings)
    const renamed = { ...settings, identityProperty: "login" }
    await users.create(world.application, stranger("A", "1"), world.now)
    expect(await users.setSettings(world.application, renamed, world.now)).toBe(true)
    await users.create(world.application, person("B"), world.now)
    expect(await users.setSettings(world.application, settings, world.now)).toBe(false)
    expect(await users.settings(world.application)).toEqual(renamed)
    const others = (await world.addApplication("APP-2")).number
    expect(await users.settings(others)).toBeUndefined()
  })
}

const begin = (world: StoreWorld, user: string, hash: string, policy: SessionPolicy, bounds = FOR_EVER) =>
  world.store.users.beginSession(world.application, { user, hash }, { now: world.now, bounds, policy })

/** Which of these logins still count. */
async function living(
  world: StoreWorld,
  hashes: readonly string[],
  bounds = FOR_EVER,
): Promise<readonly string[]> {
  const found = await Promise.all(
    hashes.map((hash) => world.store.users.sessionByHash(world.application, hash, bounds)),
  )
  return hashes.filter((_, index) => found[index] !== undefined)
}

function sessions(open: OpenStore): void {
  it("a login finds its user until its idle or its whole time is over, in its application alone", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const { users } = world.store
    await users.create(world.application, person("A"), world.now)
    expect(await begin(world, "A", "h", ONLY)).toBe("begun")
    expect(await begin(world, "B", "i", ONLY)).toBeUndefined()
    const found = await users.sessionByHash(world.application, "h", FOR_EVER)
    expect(found).toMatchObject({ lastUsedAt: world.now, user: { id: "A", lastLoginAt: world.now } })
    expect(await users.sessionByHash(other, "h", FOR_EVER)).toBeUndefined()
    await users.noteSessionUse(found?.number ?? 0, world.now + 5)
    const at = (usedSince: number, begunSince: number) => living(world, ["h"], { usedSince, begunSince })
    expect(await at(world.now + 4, -1)).toEqual(["h"])
    expect(await at(world.now + 5, -1)).toEqual([])
    expect(await at(-1, world.now - 1)).toEqual(["h"])
    expect(await at(-1, world.now)).toEqual([])
  })

  it("the policy says whether others end, or the new one is refused", async () => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    for (const id of ["A", "B"]) await users.create(world.application, person(id), world.now)
    await begin(world, "B", "b", ONLY)
    await begin(world, "A", "1", ONLY)
    expect(await begin(world, "A", "2", { kind: "first" })).toBe("refused")
    expect(await living(world, ["1", "2", "b"])).toEqual(["1", "b"])
    expect(await begin(world, "A", "3", ONLY)).toBe("begun")
    expect(await living(world, ["1", "3", "b"])).toEqual(["3", "b"])
    world.now += 1
    expect(await begin(world, "A", "4", many(2))).toBe("begun")
    world.now += 1
    expect(await begin(world, "A", "5", many(2))).toBe("refused")
    expect(await begin(world, "A", "6", many(2, true))).toBe("begun")
    expect(await living(world, ["3", "4", "5", "6", "b"])).toEqual(["4", "6", "b"])
  })

  it("logins that are over make room without being asked for", async () => {
    await using world = await StoreWorld.open(open)
    await world.store.users.create(world.application, person("A"), world.now)
    await begin(world, "A", "1", ONLY)
    world.now += 10
    const bounds = { usedSince: world.now - 10, begunSince: -1 }
    expect(await begin(world, "A", "2", { kind: "first" }, bounds)).toBe("begun")
    expect(await living(world, ["1", "2"])).toEqual(["2"])
  })
}

function ends(open: OpenStore): void {
  it("a login ends by its token, and with every other one of the user", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const { users } = world.store
    for (const id of ["A", "B"]) await users.create(world.application, person(id), world.now)
    for (const hash of ["1", "2", "3"]) await begin(world, "A", hash, many(9))
    await begin(world, "B", "b", ONLY)
    expect(await users.endSession(other, "1")).toBeUndefined()
    expect(await users.endSession(world.application, "1")).toBe("A")
    expect(await users.endSession(world.application, "1")).toBeUndefined()
    expect(await living(world, ["1", "2", "3", "b"])).toEqual(["2", "3", "b"])
    expect(await users.endSessions(world.application, "A", world.now + 7)).toBe(2)
    expect(await users.endSessions(world.application, "C", world.now)).toBeUndefined()
    expect(await living(world, ["2", "3", "b"])).toEqual(["b"])
    expect((await users.byId(world.application, "A"))?.tokensSince).toBe(world.now + 7)
  })

  it.each([
    ["a new password", { passwordHash: "another" }, []],
    ["the status DISABLED", { status: "DISABLED" as const }, []],
    ["other properties", { properties: {} }, ["1"]],
    ["the status ENABLED", { status: "ENABLED" as const }, ["1"]],
  ])("%s ends what it must", async (_, change, left) => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    await users.create(world.application, person("A"), world.now)
    await begin(world, "A", "1", ONLY)
    await users.update(world.application, "A", change, world.now + 3)
    expect(await living(world, ["1"])).toEqual(left)
    const user = await users.byId(world.application, "A")
    expect(user?.tokensSince).toBe(left.length === 0 ? world.now + 3 : 0)
    const again = await begin(world, "A", "2", ONLY)
    expect(again).toBe("status" in change && change.status === "DISABLED" ? undefined : "begun")
  })

  it("a login begins only while the password is the one that was compared", async () => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    await users.create(world.application, person("A"), world.now)
    const options = { now: world.now, bounds: FOR_EVER, policy: many(9) }
    const begun = (hash: string, passwordHash: string) =>
      users.beginSession(world.application, { user: "A", hash, passwordHash }, options)
    expect(await begun("1", "hash of A")).toBe("begun")
    await users.update(world.application, "A", { passwordHash: "another" }, world.now)
    expect(await begun("2", "hash of A")).toBe("replaced")
    expect(await begun("3", "another")).toBe("begun")
    expect(await living(world, ["1", "2", "3"])).toEqual(["3"])
  })

  it("a hash of the same password takes the place of the present one alone, and logins go on", async () => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    const { application, now } = world
    await users.create(application, person("A"), now)
    const session = { user: "A", hash: "1", passwordHash: "hash of A" }
    await users.beginSession(application, session, { now, bounds: FOR_EVER, policy: many(9) })
    const renew = users.renewPasswordHash.bind(users)
    expect(await renew(application, "A", "another", "new")).toBe(false)
    expect(await renew(application + 1, "A", "hash of A", "new")).toBe(false)
    expect(await renew(application, "A", "hash of A", "new")).toBe(true)
    expect(await users.byIdentity(application, "a@example.com")).toMatchObject({ passwordHash: "new" })
    expect(await living(world, ["1"])).toEqual(["1"])
  })

  it("guests of some age without a login that counts are removed with what speaks of them, a few at a time", async () => {
    await using world = await StoreWorld.open(open)
    const { application, store, now } = world
    const { users } = store
    const guest = { kind: "guest", status: "GUEST", identity: undefined, passwordHash: undefined } as const
    const other = (await world.addApplication("APP-2")).number
    await users.create(other, person("X", guest), now)
    await users.create(application, person("Ann"), now)
    for (const id of ["A", "B", "C"]) await users.create(application, person(id, guest), now)
    await users.create(application, person("D", guest), now + 10)
    for (const id of ["A", "B"]) await begin(world, id, id, ONLY)
    await users.endSession(application, "B")
    const look = (after: number, limit: number, bounds = FOR_EVER) =>
      users.removeGuests(application, after, { createdBefore: now + 10, bounds, limit })
    const first = await look(0, 2)
    expect(first).toEqual({ removed: 1, next: expect.any(Number) })
    expect(await look(first.next ?? 0, 3)).toEqual({ removed: 1, next: undefined })
    const left = async () =>
      (await users.page(application, { after: undefined, limit: 9 })).users.map(({ id }) => id)
    expect(await left()).toEqual(["Ann", "A", "D"])
    expect(await look(0, 9, { usedSince: now, begunSince: -1 })).toEqual({ removed: 1, next: undefined })
    expect(await left()).toEqual(["Ann", "D"])
    expect(await users.byId(other, "X")).toBeDefined()
  })

  it("logins that are over and users of deleted applications are removed, a few at a time", async () => {
    await using world = await StoreWorld.open(open)
    const { users, applications } = world.store
    const other = (await world.addApplication("APP-2")).number
    for (const id of ["A", "B", "C"]) await users.create(world.application, person(id), world.now)
    await users.create(other, person("X"), world.now)
    for (const id of ["A", "B", "C"]) await begin(world, id, `of ${id}`, ONLY)
    const over = { usedSince: world.now, begunSince: -1 }
    expect(await users.removeOverSessions(other, over, 9)).toBe(0)
    expect(await users.removeOverSessions(world.application, FOR_EVER, 9)).toBe(0)
    expect(await users.removeOverSessions(world.application, over, 2)).toBe(2)
    expect(
      await users.removeOverSessions(world.application, { usedSince: -1, begunSince: world.now }, 2),
    ).toBe(1)
    expect(await users.removeOrphaned(9)).toBe(0)
    await applications.delete(world.application, world.now)
    expect(await users.removeOrphaned(2)).toBe(2)
    expect(await users.removeOrphaned(2)).toBe(1)
    expect(await users.removeOrphaned(2)).toBe(0)
    expect(await users.byId(other, "X")).toBeDefined()
    expect(await users.settings(world.application)).toBeUndefined()
  })
}
