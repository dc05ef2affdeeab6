import { expect, test } from "vitest"
import { ConnectionsPerAddress } from "./connections-per-address.ts"

test("the addresses of one IPv6 network share a cap, and those of another one do not feel it", () => {
  const open = new ConnectionsPerAddress(2, [])
  expect(["2001:db8::1", "2001:db8::2", "2001:db8:0:0:7::3"].map((one) => open.enter(one))).toEqual([
    true,
    true,
    false,
  ])
  expect(open.enter("2001:db8:0:1::1")).toBe(true)
  for (let index = 0; index < 2; index++) open.leave("2001:db8::9")
  expect(open.enter("2001:db8::4")).toBe(true)
  expect(open.enter("2001:db8::5")).toBe(false)
})

test("an address that is uncapped is so in each of its spellings, and a connection in memory has none", () => {
  const open = new ConnectionsPerAddress(1, ["192.0.2.1"])
  const enter = (address: string | undefined) => [1, 2].map(() => open.enter(address))
  expect(enter("192.0.2.1")).toEqual([true, true])
  expect(enter("::ffff:192.0.2.1")).toEqual([true, true])
  expect(enter(undefined)).toEqual([true, true])
  expect(enter("192.0.2.2")).toEqual([true, false])
})

test("the addresses of a range are uncapped", () => {
  const open = new ConnectionsPerAddress(1, ["10.0.0.0/8"])
  const enter = (address: string) => [1, 2].map(() => open.enter(address))
  expect(enter("10.1.2.3")).toEqual([true, true])
  expect(enter("11.1.2.3")).toEqual([true, false])
})
