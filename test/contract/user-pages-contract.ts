import { describe, expect, it } from "vitest"
import { type OpenStore, StoreWorld } from "./store-world.ts"
import { person, stranger } from "./user-contract.ts"

/** The law of UserStore.page. */
export function userPageContract(name: string, open: OpenStore): void {
  describe(`${name}: pages of users`, () => {
    everybody(open)
    identityPrefixes(open)
  })
}

/** The ids of all pages, read one after the other. */
async function pagedIds(world: StoreWorld, limit: number, identityPrefix?: string): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | undefined; ; ) {
    const query = { after, limit, ...(identityPrefix !== undefined && { identityPrefix }) }
    const page = await world.store.users.page(world.application, query)
    expect(page.users.length).toBeLessThanOrEqual(limit)
    ids.push(...page.users.map(({ id }) => id))
    after = page.next
    if (after === undefined) return ids
  }
}

function everybody(open: OpenStore): void {
  it("pages hold every user once, in the order of creation, or by the beginning of the identity", async () => {
    await using world = await StoreWorld.open(open)
    const other = (await world.addApplication("APP-2")).number
    const { users } = world.store
    const ids = ["b2", "a1", "b%", "b1", "c", "b_"]
    for (const id of ids) await users.create(world.application, person(id), world.now)
    await users.create(world.application, stranger("sub", "1"), world.now)
    await users.create(other, person("b3"), world.now)
    expect(await pagedIds(world, 2)).toEqual([...ids, "sub"])
    expect(await pagedIds(world, 2, "b")).toEqual(["b%", "b1", "b2", "b_"])
    expect(await pagedIds(world, 2, "b%")).toEqual(["b%"])
    expect(await pagedIds(world, 2, "zz")).toEqual([])
    expect(await pagedIds(world, 2, "")).toEqual(["a1", "b%", "b1", "b2", "b_", "c"])
  })
}

function identityPrefixes(open: OpenStore): void {
  const addNamed = async (world: StoreWorld, names: readonly string[]) => {
    for (const name of names) {
      const user = person(name, { identity: { text: name, key: name } })
      await world.store.users.create(world.application, user, world.now)
    }
  }

  it("those whose identity begins so are found whatever follows it, page by page, each once", async () => {
    await using world = await StoreWorld.open(open)
    const sorted = [
      "A",
      "a",
      "a%",
      "aB",
      "ab",
      "aé",
      "a📣",
      "a\u{10ffff}",
      "a\u{10ffff}z",
      "b",
      "é",
      "\u{10ffff}",
    ]
    await addNamed(world, sorted.toReversed())
    for (const size of [1, 2, 3, 1000]) {
      expect(await pagedIds(world, size, "a")).toEqual(sorted.slice(1, 9))
      expect(await pagedIds(world, size, "a\u{10ffff}")).toEqual(["a\u{10ffff}", "a\u{10ffff}z"])
      expect(await pagedIds(world, size, "\u{10ffff}")).toEqual(["\u{10ffff}"])
      expect(await pagedIds(world, size, "é")).toEqual(["é"])
      expect(await pagedIds(world, size, "c")).toEqual([])
      expect(await pagedIds(world, size, "")).toEqual(sorted)
    }
  })

  it("a page goes on behind a user who is gone, and does not leave the prefix wherever it begins", async () => {
    await using world = await StoreWorld.open(open)
    const { users } = world.store
    await addNamed(world, ["m", "na", "nb", "nc", "o"])
    const first = await users.page(world.application, { identityPrefix: "n", after: undefined, limit: 2 })
    expect(first.users.map(({ id }) => id)).toEqual(["na", "nb"])
    await users.remove(world.application, "nb", world.now)
    for (const [after, ids] of [
      [first.next, ["nc"]],
      ["a", ["na", "nc"]],
      ["z", []],
    ] as const) {
      const page = await users.page(world.application, { identityPrefix: "n", after, limit: 3 })
      expect(page.users.map(({ id }) => id)).toEqual(ids)
    }
  })
}
