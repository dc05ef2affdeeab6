import { expect, test } from "vitest"
import { addressSubject } from "./client-address.ts"
import { UncappedAddresses } from "./uncapped-addresses.ts"

function uncapped(list: readonly string[], address: string): boolean {
  return new UncappedAddresses(list).has(addressSubject(address))
}

test.each([
  ["192.0.2.1", "192.0.2.1", "192.0.2.2"],
  ["10.0.0.0/8", "10.255.255.255", "11.0.0.0"],
  ["10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"],
  ["::1", "::1", "::2"],
  ["2001:db8::/32", "2001:db8:1:2:3:4:5:6", "2001:db9::1"],
  ["2001:db8:0:1::/64", "2001:db8:0:1::9", "2001:db8:0:2::9"],
])("%s has %s and not %s", (range, inside, outside) => {
  expect(uncapped([range], inside)).toBe(true)
  expect(uncapped([range], outside)).toBe(false)
})

test.each(["2001:db8::7", "2001:db8::/120"])("%s stands for its network, as limits count it", (range) => {
  expect(uncapped([range], "2001:db8::ffff:1")).toBe(true)
  expect(uncapped([range], "2001:db8:0:1::7")).toBe(false)
})

test("whatever lies beside a list of none, or is no address, has its limit", () => {
  expect(uncapped([], "127.0.0.1")).toBe(false)
  expect(uncapped(["0.0.0.0/1", "::/1"], "")).toBe(false)
})
