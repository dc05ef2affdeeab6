import { describe, expect, it } from "vitest"
import type { Application } from "../../src/domain/application.ts"
import type { MessagingOperation } from "../../src/domain/permission.ts"
import type { Access, RulePlace } from "../../src/domain/permission-rules.ts"
import type { NewApiKey } from "../../src/store/store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

/** The law of PermissionStore, and of what ApplicationStore keeps of keys and host names beyond their names. */
export function permissionContract(name: string, open: OpenStore): void {
  describe(`${name}: roles and rules`, () => {
    roles(open)
    rules(open)
    limits(open)
  })
  describe(`${name}: keys and host names with roles`, () => {
    keys(open)
    regeneration(open)
    hosts(open)
  })
}

const key = (hash: string, more: Partial<NewApiKey> = {}): NewApiKey => ({
  kind: "REST",
  label: "",
  role: undefined,
  expiresAt: undefined,
  hash,
  sealed: `sealed ${hash}`,
  ...more,
})

/** Short words for what administrators do to one application, and a second one that must not notice. */
class AccessWorld implements AsyncDisposable {
  readonly world: StoreWorld
  readonly shop: Application
  readonly bank: Application

  private constructor(world: StoreWorld, shop: Application, bank: Application) {
    this.world = world
    this.shop = shop
    this.bank = bank
  }

  static async open(open: OpenStore, options?: { readonly durable: boolean }): Promise<AccessWorld> {
    const world = await StoreWorld.open(open, options)
    return new AccessWorld(world, await world.addApplication("SHOP"), await world.addApplication("BANK"))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]()
  }

  get permissions() {
    return this.world.store.permissions
  }

  get applications() {
    return this.world.store.applications
  }

  addRole(name: string, application = this.shop): Promise<boolean> {
    const { now } = this.world
    return this.permissions.createRole(
      application.number,
      { name, description: `about ${name}` },
      { now, rolesMax: 100 },
    )
  }

  async roleNames(application = this.shop): Promise<readonly string[]> {
    return (await this.permissions.roles(application.number)).map(({ name }) => name)
  }

  set(place: RulePlace, access: Access, application = this.shop): Promise<boolean> {
    const options = { now: this.world.now, rulesMax: 100 }
    return this.permissions.setRule(application.number, { ...place, access }, options)
  }

  addKey(one: NewApiKey, application = this.shop) {
    return this.applications.addKey(application.number, one, { now: this.world.now, keysMax: 100 })
  }

  owner(hash: string, now = this.world.now) {
    return this.applications.keyOwner("SHOP", hash, now)
  }
}

const inApplication = (role: string, operation: MessagingOperation = "message:publish"): RulePlace => ({
  level: "application",
  role,
  operation,
})
const onChannel = (channel: string, role: string): RulePlace => ({
  level: "channel",
  channel,
  role,
  operation: "message:publish",
})
const forUser = (channel: string, user: string): RulePlace => ({
  level: "channel",
  channel,
  user,
  operation: "message:publish",
})

function roles(open: OpenStore): void {
  it("roles are listed by name, also after a restart, and a name is taken once in each application", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    for (const name of ["editor", "author", "Ätzer"]) expect(await access.addRole(name)).toBe(true)
    expect(await access.addRole("editor")).toBe(false)
    expect(await access.addRole("editor", access.bank)).toBe(true)
    for (const restart of [false, true]) {
      if (restart) await access.world.reopen()
      expect(await access.roleNames()).toEqual(["author", "editor", "Ätzer"])
      expect(await access.roleNames(access.bank)).toEqual(["editor"])
    }
    expect((await access.permissions.roles(access.shop.number))[0]).toEqual({
      name: "author",
      description: "about author",
      createdAt: access.world.now,
    })
  })

  it("a role goes with its rules, and one of the same name begins without any", async () => {
    await using access = await AccessWorld.open(open)
    for (const application of [access.shop, access.bank]) {
      await access.addRole("editor", application)
      await access.set(onChannel("news", "editor"), "grant", application)
    }
    expect(await access.permissions.removeRole(access.shop.number, "editor")).toBe("removed")
    expect(await access.permissions.removeRole(access.shop.number, "editor")).toBe("unknown")
    await access.addRole("editor")
    expect((await access.permissions.rules(access.shop.number)).rules).toEqual([])
    expect((await access.permissions.rules(access.bank.number)).rules).toHaveLength(1)
  })

  it("a role that a key or a host name has stays until they go", async () => {
    await using access = await AccessWorld.open(open)
    for (const name of ["of key", "of host"]) await access.addRole(name)
    const plain = await access.addKey(key("plain"))
    const bound = await access.addKey(key("bound", { role: "of key" }))
    await access.applications.bindHost(
      { host: "h", application: access.shop.number, keyNumber: plain?.number ?? 0, role: "of host" },
      access.world.now,
    )
    const remove = (name: string) => access.permissions.removeRole(access.shop.number, name)
    expect([await remove("of key"), await remove("of host")]).toEqual(["bound", "bound"])
    await access.applications.removeKey(access.shop.number, bound?.number ?? 0)
    await access.applications.unbindHost("h")
    expect([await remove("of key"), await remove("of host")]).toEqual(["removed", "removed"])
  })
}

function rules(open: OpenStore): void {
  it("rules of every level are read back as they were set, also after a restart", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    await access.addRole("editor")
    const places = [
      inApplication("JSUser"),
      inApplication("editor"),
      onChannel("news", "JSUser"),
      onChannel("news", "editor"),
      onChannel("sport", "editor"),
      forUser("news", "JSUser"),
    ]
    for (const [index, place] of places.entries()) {
      expect(await access.set(place, index % 2 === 0 ? "grant" : "deny")).toBe(true)
    }
    const expected = places.map((place, index) => ({ ...place, access: index % 2 === 0 ? "grant" : "deny" }))
    for (const restart of [false, true]) {
      if (restart) await access.world.reopen()
      const snapshot = await access.permissions.rules(access.shop.number)
      expect(snapshot.rules).toHaveLength(places.length)
      expect(snapshot.rules).toEqual(expect.arrayContaining(expected))
      expect((await access.permissions.rules(access.bank.number)).rules).toEqual([])
    }
  })

  it("a rule is replaced where it is, and inherit takes it away", async () => {
    await using access = await AccessWorld.open(open)
    const place = inApplication("JSUser")
    for (const verdict of ["grant", "deny"] as const) {
      await access.set(place, verdict)
      expect((await access.permissions.rules(access.shop.number)).rules).toEqual([
        { ...place, access: verdict },
      ])
    }
    for (let twice = 0; twice < 2; twice++) expect(await access.set(place, "inherit")).toBe(true)
    expect((await access.permissions.rules(access.shop.number)).rules).toEqual([])
  })

  it("a rule about a role that the application does not have is not set", async () => {
    await using access = await AccessWorld.open(open)
    await access.addRole("editor", access.bank)
    for (const place of [inApplication("editor"), onChannel("news", "editor"), inApplication("jsuser")])
      expect(await access.set(place, "deny")).toBe(false)
    const nowhere = { ...access.shop, number: 4711 }
    expect(await access.set(inApplication("JSUser"), "deny", nowhere)).toBe(false)
    expect(await access.permissions.rules(4711)).toEqual({ version: 0, rules: [] })
  })

  it("the version grows with every change of the rules, and comes with the owner of a key", async () => {
    await using access = await AccessWorld.open(open)
    const added = await access.addKey(key("rest"))
    await access.applications.bindHost(
      { host: "h", application: access.shop.number, keyNumber: added?.number ?? 0, role: undefined },
      access.world.now,
    )
    const versions: number[] = []
    const note = async () => {
      const { version } = await access.permissions.rules(access.shop.number)
      expect((await access.owner("rest"))?.rulesVersion).toBe(version)
      expect((await access.applications.hostOwner("h", access.world.now))?.rulesVersion).toBe(version)
      versions.push(version)
    }
    await note()
    await access.addRole("editor")
    for (const [place, verdict] of [
      [inApplication("editor"), "grant"],
      [inApplication("editor"), "deny"],
      [inApplication("JSUser"), "deny"],
      [inApplication("JSUser"), "inherit"],
    ] as const) {
      await access.set(place, verdict)
      await note()
    }
    await access.permissions.removeRole(access.shop.number, "editor")
    await note()
    expect(versions[0]).toBe(0)
    expect(new Set(versions).size).toBe(versions.length)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect((await access.permissions.rules(access.bank.number)).version).toBe(0)
  })

  it("a deleted application has neither roles nor rules", async () => {
    await using access = await AccessWorld.open(open)
    for (const application of [access.shop, access.bank]) {
      await access.addRole("editor", application)
      await access.set(onChannel("news", "editor"), "grant", application)
      await access.addKey(key(`key of ${application.id}`, { role: "editor" }), application)
    }
    await access.applications.delete(access.shop.number, access.world.now)
    expect(await access.roleNames()).toEqual([])
    expect((await access.permissions.rules(access.shop.number)).rules).toEqual([])
    expect(await access.set(inApplication("JSUser"), "deny")).toBe(false)
    expect(await access.addKey(key("late"))).toBeUndefined()
    expect(await access.applications.update(access.shop.number, { name: "late" })).toBeUndefined()
    expect(await access.roleNames(access.bank)).toEqual(["editor"])
    expect((await access.permissions.rules(access.bank.number)).rules).toHaveLength(1)
  })
}

function limits(open: OpenStore): void {
  it("one more role, rule or key than allowed is a conflict, and a rule that is there can still be changed", async () => {
    await using access = await AccessWorld.open(open)
    const { number } = access.shop
    const { now } = access.world
    const createRole = (name: string) =>
      access.permissions.createRole(number, { name, description: "" }, { now, rolesMax: 2 })
    const set = (role: string, access_: Access) =>
      access.permissions.setRule(number, { ...inApplication(role), access: access_ }, { now, rulesMax: 2 })
    const addKey = (hash: string) => access.applications.addKey(number, key(hash), { now, keysMax: 2 })
    for (const name of ["one", "two"]) {
      await createRole(name)
      await set(name, "grant")
      await addKey(name)
    }
    const conflict = { error: "conflict", details: { limit: 2 } }
    await expect(createRole("three")).rejects.toMatchObject(conflict)
    await expect(set("JSUser", "grant")).rejects.toMatchObject(conflict)
    await expect(addKey("three")).rejects.toMatchObject(conflict)
    expect(await set("one", "deny")).toBe(true)
    expect(await set("one", "inherit")).toBe(true)
    expect(await set("JSUser", "grant")).toBe(true)
    expect(await access.roleNames()).toEqual(["one", "two"])
  })
}

function keys(open: OpenStore): void {
  it("an application has any number of keys of a type, read back as they were added", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    await access.addRole("bot")
    const more = { kind: "CUSTOM", label: "Bot ♪", role: "bot", expiresAt: access.world.now + 1 } as const
    const added = [
      await access.addKey(key("a")),
      await access.addKey(key("b")),
      await access.addKey(key("c", more)),
    ]
    for (const restart of [false, true]) {
      if (restart) await access.world.reopen()
      expect(await access.applications.keys(access.shop.number)).toEqual(added)
    }
    expect(added[2]).toEqual({
      number: expect.any(Number),
      ...key("c", more),
      createdAt: access.world.now,
      regeneratedAt: undefined,
      previousUntil: undefined,
    })
    expect(new Set(added.map((one) => one?.number)).size).toBe(3)
    expect(await access.applications.keys(access.bank.number)).toEqual([])
  })

  it("a key is not added with a role that the application does not have", async () => {
    await using access = await AccessWorld.open(open)
    await access.addRole("bot", access.bank)
    expect(await access.addKey(key("a", { role: "bot" }))).toBeUndefined()
    expect(await access.applications.keys(access.shop.number)).toEqual([])
  })

  it("a key with an expiration works until that instant", async () => {
    await using access = await AccessWorld.open(open)
    const { now } = access.world
    await access.addRole("bot")
    await access.addKey(key("a", { expiresAt: now + 1000, role: "bot" }))
    expect(await access.owner("a", now + 999)).toMatchObject({ validUntil: now + 1000, boundRoles: ["bot"] })
    expect(await access.owner("a", now + 1000)).toBeUndefined()
  })

  it("a revoked key stops working with its host names, and no other does", async () => {
    await using access = await AccessWorld.open(open)
    const { applications, shop, bank } = access
    const [one, two] = [await access.addKey(key("one")), await access.addKey(key("two"))]
    for (const [host, bound] of [
      ["one.example", one],
      ["two.example", two],
    ] as const) {
      const binding = { host, application: shop.number, keyNumber: bound?.number ?? 0, role: undefined }
      await applications.bindHost(binding, access.world.now)
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

  it("a regenerated key is the same key, and the old one works beside it until the overlap ends", async () => {
    await using access = await AccessWorld.open(open, { durable: true })
    await access.addRole("bot")
    const added = await access.addKey(key("old", { label: "CI", role: "bot" }))
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
    const number = (await access.addKey(key("first")))?.number ?? 0
    await regenerate(access, number, "second", 1000)
    await regenerate(access, number, "third", 1000)
    expect(await access.owner("first")).toBeUndefined()
    expect(await access.owner("second")).toBeDefined()
    expect(await access.owner("third")).toBeDefined()
  })

  it("an overlap does not lengthen the life of the old key, and its length does not end the new one", async () => {
    await using access = await AccessWorld.open(open)
    const { now } = access.world
    const number = (await access.addKey(key("old", { expiresAt: now + 500 })))?.number ?? 0
    await regenerate(access, number, "new", 1000, now + 5000)
    expect(await access.owner("old", now + 499)).toBeDefined()
    expect(await access.owner("old", now + 500)).toBeUndefined()
    expect(await access.owner("new", now + 4999)).toMatchObject({ validUntil: now + 5000 })
    expect(await access.owner("new", now + 5000)).toBeUndefined()
  })

  it("without an overlap the old key ends at once", async () => {
    await using access = await AccessWorld.open(open)
    const number = (await access.addKey(key("old")))?.number ?? 0
    await regenerate(access, number, "new", 0)
    expect(await access.owner("old")).toBeUndefined()
    expect(await access.owner("new")).toBeDefined()
  })

  it("a key of another application is not regenerated", async () => {
    await using access = await AccessWorld.open(open)
    const foreign = (await access.addKey(key("bank"), access.bank))?.number ?? 0
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
    const added = await access.addKey(key("old", { role: "of key", expiresAt: now + 9000 }))
    const keyNumber = added?.number ?? 0
    const binding = { host: "h.example", application: shop.number, keyNumber, role: "of host" }
    expect(await applications.bindHost(binding, now)).toBe("bound")
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
    const keyNumber = (await access.addKey(key("a")))?.number ?? 0
    const binding = { host: "h", application: access.shop.number, keyNumber, role: "editor" }
    expect(await access.applications.bindHost(binding, access.world.now)).toBe("unknown")
    expect(await access.applications.hosts(access.shop.number)).toEqual([])
  })
}
