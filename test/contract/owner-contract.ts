import { describe, expect, it } from "vitest"
import { type OpenStore, type Phone, StoreWorld } from "./store-world.ts"

/** Whose a registration is, and when it begins anew instead of being renewed (docs/adr/0013). */
export function ownerContract(name: string, open: OpenStore): void {
  const OWNED: Phone = { token: "t", channels: ["news", "private"], userId: "ann" }
  const renewed = { channels: ["news", "private", "more"] }
  const begun = { channels: ["more"] }

  const CASES: readonly [string, Phone, object][] = [
    ["a caller without a claim renews", { token: "u" }, { ...renewed, userId: "ann" }],
    ["another user without a guard takes over", { token: "u", userId: "bob" }, { ...renewed, userId: "bob" }],
    ["the owner renews", { token: "u", userId: "ann", guardsOwners: true }, { ...renewed, userId: "ann" }],
    ["whoever has the token renews", { token: "t", guardsOwners: true }, { ...renewed, userId: "ann" }],
    [
      "another user who has the token takes over",
      { token: "t", userId: "bob", guardsOwners: true },
      { ...renewed, userId: "bob" },
    ],
    ["nobody begins anew", { token: "u", guardsOwners: true }, { ...begun, userId: undefined }],
    [
      "another user begins anew",
      { token: "u", userId: "bob", guardsOwners: true },
      { ...begun, userId: "bob" },
    ],
    ["the token of another platform is another one", { token: "t", os: "IOS", guardsOwners: true }, begun],
  ]

  describe(`${name}: registrations of users`, () => {
    it.each(CASES)("%s", async (_, phone, expected) => {
      await using world = await StoreWorld.open(open)
      const before = await world.register("phone", OWNED)
      world.now += 1
      const after = await world.register("phone", { channels: ["more"], ...phone })
      const found = await world.devices.byDeviceId(world.application, "phone", world.now)
      const { channels, ...others } = expected as { channels: readonly string[]; userId?: string }
      expect(found).toMatchObject({ ...others, deviceToken: phone.token })
      expect(found?.channels.map((channel) => channel.name)).toEqual(channels)
      const isNew = channels.length === 1
      expect(after.created).toBe(isNew)
      expect(after.number === before.number).toBe(!isNew)
      expect(await world.devices.departures(world.application, "phone")).toHaveLength(isNew ? 1 : 0)
      expect(Object.values(await world.devices.count(world.application)).reduce((sum, n) => sum + n)).toBe(1)
    })

    it("one of nobody is renewed by everybody", async () => {
      await using world = await StoreWorld.open(open)
      await world.register("phone", { token: "t", channels: ["news"] })
      await world.register("phone", { token: "u", channels: ["more"], guardsOwners: true })
      await world.register("phone", { token: "v", channels: ["more"], guardsOwners: true, userId: "ann" })
      const found = await world.devices.byDeviceId(world.application, "phone", world.now)
      expect(found).toMatchObject({ deviceToken: "v", userId: "ann" })
      expect(found?.channels).toHaveLength(2)
    })

    it("a token that another device has had since is received by the device that begins anew", async () => {
      await using world = await StoreWorld.open(open)
      await world.register("phone", OWNED)
      await world.register("other", { token: "u" })
      await world.register("phone", { token: "u", channels: ["more"], guardsOwners: true })
      const receives = async (id: string) =>
        (await world.devices.byDeviceId(world.application, id, world.now))?.receives
      expect([await receives("phone"), await receives("other")]).toEqual([true, false])
    })
  })
}
