import { describe, expect, it } from "vitest"
import { shortHash } from "../../src/runtime/short-hash.ts"
import type { DeviceCriteria, DevicePage } from "../../src/store/store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

/** Finding devices by what they are, and by their tokens. */
export function searchContract(name: string, open: OpenStore): void {
  describe(`${name}: searching devices`, () => {
    it("finds exactly the devices that meet every criterion, in the order of their numbers", async () => {
      await using world = await StoreWorld.open(open)
      const other = (await world.addApplication("APP-2")).number
      for (const [deviceId, os] of [
        ["ab-1", "IOS"],
        ["b-2", "ios"],
        ["ab-3", "Tizen"],
        ["ab-4", "WP"],
      ] as const) {
        await world.register(deviceId, { os, channels: os === "WP" ? ["news"] : ["news", "all"], userId: os })
        await world.register(deviceId, { os, application: other })
      }
      await world.register("ab-5", { expiresAt: world.now })
      const news = await world.store.channels.byName(world.application, "all")
      expect(await idsOf(world, {})).toEqual(["ab-1", "b-2", "ab-3", "ab-4"])
      expect(await idsOf(world, { deviceIdPrefix: "ab" })).toEqual(["ab-1", "ab-3", "ab-4"])
      expect(await idsOf(world, { os: " Ios" })).toEqual(["ab-1", "b-2"])
      expect(await idsOf(world, { os: "tizen" })).toEqual(["ab-3"])
      expect(await idsOf(world, { userId: "WP" })).toEqual(["ab-4"])
      expect(await idsOf(world, { tokenHash: shortHash("token of b-2") })).toEqual(["b-2"])
      expect(await idsOf(world, { channel: news?.number, deviceIdPrefix: "ab" })).toEqual(["ab-1", "ab-3"])
      expect(await idsOf(world, { deviceIdPrefix: "ab", os: "ios" })).toEqual(["ab-1"])
      expect(await idsOf(world, { deviceIdPrefix: "ab", os: "ios", userId: "WP" })).toEqual([])
    })

    it("compares the beginning of a device id letter by letter", async () => {
      await using world = await StoreWorld.open(open)
      for (const deviceId of ["a%b", "a_b", "axb", "A%b", "é1", "😀2"]) await world.register(deviceId)
      expect(await idsOf(world, { deviceIdPrefix: "a%" })).toEqual(["a%b"])
      expect(await idsOf(world, { deviceIdPrefix: "a_" })).toEqual(["a_b"])
      expect(await idsOf(world, { deviceIdPrefix: "é" })).toEqual(["é1"])
      expect(await idsOf(world, { deviceIdPrefix: "😀" })).toEqual(["😀2"])
    })

    it("finds the registrations of a token, the one that receives first, page by page", async () => {
      await using world = await StoreWorld.open(open)
      const other = (await world.addApplication("APP-2")).number
      for (const deviceId of ["a", "b", "c"]) await world.register(deviceId, { token: "t" })
      await world.register("d", { token: "t", expiresAt: world.now + 1 })
      await world.register("foreign", { token: "t", application: other })
      await world.register("apple", { token: "t", os: "IOS" })
      await world.register("a", { token: "t" })
      world.now++
      const seen: string[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: DevicePage = await world.devices.byToken(world.application, "t", after, 1, world.now)
        seen.push(...page.devices.map(({ deviceId }) => deviceId))
        after = page.next
      }
      expect(seen.filter((deviceId) => deviceId !== "apple")).toEqual(["a", "c", "b"])
      expect(seen.toSorted()).toEqual(["a", "apple", "b", "c"])
      const none = await world.devices.byToken(world.application, "T", 0, 10, world.now)
      expect(none).toEqual({ devices: [], next: undefined })
    })

    it("says which device receives for the token of another", async () => {
      await using world = await StoreWorld.open(open)
      for (const deviceId of ["a", "b", "c"]) await world.register(deviceId, { token: "t" })
      const receiverOf = (deviceId: string) => world.devices.receiverOf(world.application, deviceId)
      expect(await Promise.all(["a", "b", "c"].map(receiverOf))).toEqual(["c", "c", "c"])
      await world.unregister("c")
      expect(await Promise.all(["a", "b", "c"].map(receiverOf))).toEqual(["b", "b", undefined])
    })
  })
}

async function idsOf(world: StoreWorld, criteria: DeviceCriteria): Promise<readonly string[]> {
  const ids: string[] = []
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: DevicePage = await world.devices.search(world.application, criteria, after, 2, world.now)
    expect(page.devices.length).toBeLessThanOrEqual(2)
    ids.push(...page.devices.map(({ deviceId }) => deviceId))
    after = page.next
  }
  return ids
}
