import { describe, expect, it } from "vitest"
import { AccessWorld, newKey } from "./access-world.ts"
import type { OpenStore } from "./store-world.ts"

/** The law of ApplicationStore for keys, their regeneration, and what they and host names are bound to. */
export function keyContract(name: string, open: OpenStore): void {
  describe(`${name}: keys and host names with roles`, () => {
    keys(open)
    regeneration(open)
    hosts(open)
  })
}

function keys(open: OpenStore): void {
  it("an application has any number of keys of a type, read back as they were added", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    await access.addRole("bot")
    const more = {
      kind: "CUSTOM",
      label: "Bot ♪",
      role: "bot",
      expiresAt: access.world.now + 1,
      addresses: ["203.0.113.0/24", "2001:db8::7"],
      requestsPerSecond: 5,
    } as const
    const added = [
      await access.addKey(newKey("a")),
      await access.addKey(newKey("b")),
      await access.addKey(newKey("c", more)),
    ]
    for (const restart of [false, true]) {
      if (restart) await access.world.reopen()
      expect(await access.applications.keys(access.shop.number)).toEqual(added)
    }
    expect(added[2]).toEqual({
      number: expect.any(Number),
      ...newKey("c", more),
      createdAt: access.world.now,
      regeneratedAt: undefined,
      previousUntil: undefined,
      lastUsedAt: undefined,
    })
    expect(new Set(added.map((one) => one?.number)).size).toBe(3)
    expect(await access.applications.keys(access.bank.number)).toEqual([])
  })

  it("a key is not added with a role that the application does not have", async () => {
    await using access = await AccessWorld.open(open)
    await access.addRole("bot", access.bank)
    expect(await access.addKey(newKey("a", { role: "bot" }))).toBeUndefined()
    expect(await access.applications.keys(access.shop.number)).toEqual([])
  })

  it("a key with an expiration works until that instant", async () => {
    await using access = await AccessWorld.open(open)
    const { now } = access.world
    await access.addRole("bot")
    await access.addKey(newKey("a", { expiresAt: now + 1000, role: "bot" }))
    expect(await access.owner("a", now + 999)).toMatchObject({ validUntil: now + 1000, boundRoles: ["bot"] })
    expect(await access.owner("a", now + 1000)).toBeUndefined()
  })

  it("a key knows its last use, and loses nothing by it", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    const { applications, shop } = access
    const { now } = access.world
    const key = await access.addKey(newKey("a"))
    expect(await access.owner("a")).toMatchObject({ keyUsedAt: undefined })
    await applications.noteKeyUse(key?.number ?? 0, now + 5)
    await applications.noteKeyUse(4711, now)
    expect(await access.owner("a")).toMatchObject({ keyUsedAt: now + 5 })
    await access.world.reopen()
    expect(await access.applications.keys(shop.number)).toEqual([{ ...key, lastUsedAt: now + 5 }])
  })

  it("a key is changed in what is given, also to nothing", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    const { applications, shop, bank } = access
    const { now } = access.world
    await access.addRole("bot")
    await access.addRole("theirs", bank)
    const key = await access.addKey(newKey("a", { label: "CI" }))
    const number = key?.number ?? 0
    const change = (changes: Parameters<typeof applications.changeKey>[2]) =>
      applications.changeKey(shop.number, number, changes)
    expect(await change({ role: "bot", expiresAt: now + 1 })).toEqual({
      ...key,
      role: "bot",
      expiresAt: now + 1,
    })
    expect(await change({ label: "" })).toEqual({ ...key, label: "", role: "bot", expiresAt: now + 1 })
    const addresses = ["10.0.0.0/8", "::1"]
    expect(await change({ addresses })).toMatchObject({ role: "bot", expiresAt: now + 1, addresses })
    expect(await change({ requestsPerSecond: 7 })).toMatchObject({ addresses, requestsPerSecond: 7 })
    for (const role of ["theirs", "nobody's"]) {
      expect(await change({ label: "other", role })).toBe("unknown_role")
    }
    expect(await access.owner("a")).toMatchObject({ boundRoles: ["bot"], validUntil: now + 1 })
    const plain = { ...key, label: "" }
    const nothing = { role: undefined, expiresAt: undefined, addresses: [], requestsPerSecond: undefined }
    expect(await change(nothing)).toEqual(plain)
    await access.world.reopen()
    expect(await access.applications.keys(shop.number)).toEqual([plain])
    expect(await access.applications.changeKey(bank.number, number, { label: "theirs" })).toBeUndefined()
    expect(await access.applications.changeKey(shop.number, 4711, { label: "none" })).toBeUndefined()
  })

  it("the owner of a key or host name says from where and how often it is accepted, also by the key before", async () => {
    await using access = await AccessWorld.open(open)
    const { applications, shop } = access
    const { now } = access.world
    const addresses = ["203.0.113.0/24", "2001:db8::7"]
    const bounds = { addresses, requestsPerSecond: 5 }
    const number = (await access.addKey(newKey("a", bounds)))?.number ?? 0
    const binding = { host: "h.example", application: shop.number, keyNumber: number, role: undefined }
    await applications.bindHost(binding, { now, hostsMax: 9 })
    const secret = { hash: "b", sealed: "sealed b" }
    const overlap = { now, previousUntil: now + 1000, expiresAt: undefined }
    expect(await applications.regenerateKey(shop.number, number, secret, overlap)).toMatchObject(bounds)
    for (const hash of ["a", "b"]) expect(await access.owner(hash)).toMatchObject(bounds)
    expect(await applications.hostOwner("h.example", now)).toMatchObject(bounds)
    const none = { addresses: [], requestsPerSecond: undefined }
    await applications.changeKey(shop.number, number, none)
    for (const hash of ["a", "b"]) expect(await access.owner(hash)).toMatchObject(none)
    expect(await applications.hostOwner("h.example", now)).toMatchObject(none)
  })

  it("a revoked key stops working with its host names, and no other does", async () => {
    await using access = await AccessWorld.open(open)
    const { applications, shop, bank } = access
    const [one, two] = [await access.addKey(newKey("one")), await access.addKey(newKey("two"))]
    for (const [host, bound] of [
      ["one.example", one],
      ["two.example", two],
    ] as const) {
      const binding = { host, application: shop.number, keyNumber: bound?.number ?? 0, role: undefined }
      await applications.bindHost(binding, { now: access.world.now, hostsMax: 9 })
    }
    expect(await applications.removeKey(bank.number, one?.number ?? 0)).toBe(false)
    expect(await applications.removeKey(shop.number, one?.number ?? 0)).toBe(true)
    expect(await applications.removeKey(shop.number, one?.number ?? 0)).toBe(false)
    expect(await access.owner("one")).toBeUndefined()
    expect(await applications.hostOwner("one.example", access.world.now)).toBeUndefined()
    expect((await applications.hosts(shop.number)).map(({ host }) => host)).toEqual(["two.example"])
    expect(await access.owner("two")).toBeDefined()
  })

  it("name and preset of an application are changed alone or together", async () => {
    await using access = await AccessWorld.open(open)
    const { applications, shop } = access
    expect(await applications.update(shop.number, { preset: "compatible" })).toEqual({
      ...shop,
      preset: "compatible",
    })
    expect(await applications.update(shop.number, { name: "New" })).toEqual({
      ...shop,
      name: "New",
      preset: "compatible",
    })
    expect(await applications.byId("SHOP")).toMatchObject({ name: "New", preset: "compatible" })
    expect(await applications.byId("BANK")).toEqual(access.bank)
    expect(await applications.update(4711, { name: "New" })).toBeUndefined()
  })
}

function regeneration(open: OpenStore): void {
  async function regenerate(
    access: AccessWorld,
    number: number,
    hash: string,
    overlapMs: number,
    end?: number,
  ) {
    const { now } = access.world
    return access.applications.regenerateKey(
      access.shop.number,
      number,
      { hash, sealed: `sealed ${hash}` },
      { now, previousUntil: now + overlapMs, expiresAt: end },
    )
  }

  it("an old key ends with its key, when that is changed to end earlier than the overlap", async () => {
    await using access = await AccessWorld.open(open)
    const { now } = access.world
    const { number = 0 } = (await access.addKey(newKey("old"))) ?? {}
    await regenerate(access, number, "new", 1000)
    const end = (expiresAt: number | undefined) =>
      access.applications.changeKey(access.shop.number, number, { expiresAt })
    expect(await end(now + 2000)).toMatchObject({ previousUntil: now + 1000 })
    expect(await end(now + 500)).toMatchObject({ previousUntil: now + 500 })
    expect(await end(undefined)).toMatchObject({ previousUntil: now + 500 })
    expect(await access.owner("old", now + 499)).toMatchObject({ validUntil: now + 500 })
    expect(await access.owner("old", now + 500)).toBeUndefined()
  })

  it("a regenerated key is the same key, and the old one works beside it until the overlap ends", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    await access.addRole("bot")
    const added = await access.addKey(newKey("old", { label: "CI", role: "bot" }))
    const number = added?.number ?? 0
    const { now } = access.world
    const regenerated = await regenerate(access, number, "new", 1000)
    expect(regenerated).toEqual({
      ...added,
      hash: "new",
      sealed: "sealed new",
      regeneratedAt: now,
      previousUntil: now + 1000,
    })
    await access.world.reopen()
    expect(await access.applications.keys(access.shop.number)).toEqual([regenerated])
    for (const [hash, validUntil] of [
      ["old", now + 1000],
      ["new", undefined],
    ] as const)
      expect(await access.owner(hash, now + 999)).toMatchObject({
        keyNumber: number,
        boundRoles: ["bot"],
        validUntil,
      })
    expect(await access.owner("old", now + 1000)).toBeUndefined()
    expect(await access.owner("new", now + 1000)).toBeDefined()
  })

  it("a key that is regenerated again within the overlap ends the oldest one at once", async () => {
    await using access = await AccessWorld.open(open)
    const number = (await access.addKey(newKey("first")))?.number ?? 0
    await regenerate(access, number, "second", 1000)
    await regenerate(access, number, "third", 1000)
    expect(await access.owner("first")).toBeUndefined()
    expect(await access.owner("second")).toBeDefined()
    expect(await access.owner("third")).toBeDefined()
  })

  it("an overlap does not lengthen the life of the old key, and its length does not end the new one", async () => {
    await using access = await AccessWorld.open(open)
    const { now } = access.world
    const number = (await access.addKey(newKey("old", { expiresAt: now + 500 })))?.number ?? 0
    await regenerate(access, number, "new", 1000, now + 5000)
    expect(await access.owner("old", now + 499)).toBeDefined()
    expect(await access.owner("old", now + 500)).toBeUndefined()
    expect(await access.owner("new", now + 4999)).toMatchObject({ validUntil: now + 5000 })
    expect(await access.owner("new", now + 5000)).toBeUndefined()
  })

  it("without an overlap the old key ends at once", async () => {
    await using access = await AccessWorld.open(open)
    const number = (await access.addKey(newKey("old")))?.number ?? 0
    await regenerate(access, number, "new", 0)
    expect(await access.owner("old")).toBeUndefined()
    expect(await access.owner("new")).toBeDefined()
  })

  it("a key of another application is not regenerated", async () => {
    await using access = await AccessWorld.open(open)
    const foreign = (await access.addKey(newKey("bank"), access.bank))?.number ?? 0
    expect(await regenerate(access, foreign, "new", 0)).toBeUndefined()
    expect(await regenerate(access, 4711, "new", 0)).toBeUndefined()
    expect(await access.applications.keyOwner("BANK", "bank", access.world.now)).toBeDefined()
  })
}

function hosts(open: OpenStore): void {
  it("a host name runs with the roles of its key and its own, also after the key was regenerated", async () => {
    await using access = await AccessWorld.open(open)
    const { applications, shop } = access
    const { now } = access.world
    for (const name of ["of key", "of host"]) await access.addRole(name)
    const added = await access.addKey(newKey("old", { role: "of key", expiresAt: now + 9000 }))
    const keyNumber = added?.number ?? 0
    const binding = { host: "h.example", application: shop.number, keyNumber, role: "of host" }
    expect(await applications.bindHost(binding, { now, hostsMax: 9 })).toBe("bound")
    await applications.regenerateKey(
      shop.number,
      keyNumber,
      { hash: "new", sealed: "s" },
      { now, previousUntil: now, expiresAt: now + 9000 },
    )
    expect(await applications.hostOwner("h.example", now)).toEqual({
      ...(await access.owner("new")),
      boundRoles: ["of key", "of host"],
    })
    expect(await applications.hostOwner("h.example", now + 9000)).toBeUndefined()
    expect(await applications.hosts(shop.number)).toEqual([{ ...binding, keyKind: "REST", createdAt: now }])
  })

  it("a host name is not bound to a role that the application does not have", async () => {
    await using access = await AccessWorld.open(open)
    await access.addRole("editor", access.bank)
    const keyNumber = (await access.addKey(newKey("a")))?.number ?? 0
    const binding = { host: "h", application: access.shop.number, keyNumber, role: "editor" }
    expect(await access.applications.bindHost(binding, { now: access.world.now, hostsMax: 9 })).toBe(
      "unknown",
    )
    expect(await access.applications.hosts(access.shop.number)).toEqual([])
  })
}
