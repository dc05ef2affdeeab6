import { describe, expect, it } from "vitest"
import type { MessagingOperation } from "../../src/domain/permission.ts"
import type { Access, RulePlace } from "../../src/domain/permission-rules.ts"
import { AccessWorld, newKey } from "./access-world.ts"
import type { OpenStore } from "./store-world.ts"

/** The law of PermissionStore. */
export function permissionContract(name: string, open: OpenStore): void {
  describe(`${name}: roles and rules`, () => {
    roles(open)
    rules(open)
    limits(open)
  })
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
    const plain = await access.addKey(newKey("plain"))
    const bound = await access.addKey(newKey("bound", { role: "of key" }))
    await access.applications.bindHost(
      { host: "h", application: access.shop.number, keyNumber: plain?.number ?? 0, role: "of host" },
      { now: access.world.now, hostsMax: 9 },
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
    const added = await access.addKey(newKey("rest"))
    await access.applications.bindHost(
      { host: "h", application: access.shop.number, keyNumber: added?.number ?? 0, role: undefined },
      { now: access.world.now, hostsMax: 9 },
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
      await access.addKey(newKey(`key of ${application.id}`, { role: "editor" }), application)
    }
    await access.applications.delete(access.shop.number, access.world.now)
    expect(await access.roleNames()).toEqual([])
    expect((await access.permissions.rules(access.shop.number)).rules).toEqual([])
    expect(await access.set(inApplication("JSUser"), "deny")).toBe(false)
    expect(await access.addKey(newKey("late"))).toBeUndefined()
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
    const addKey = (hash: string) => access.applications.addKey(number, newKey(hash), { now, keysMax: 2 })
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
