import { PassThrough } from "node:stream"
import { describe, expect, test } from "vitest"
import { AddressRanges } from "../runtime/address-ranges.ts"
import { ClientAddresses } from "./client-address.ts"

/** Where a request comes from. */

const addresses = new ClientAddresses(new AddressRanges(["10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.7"]))

const connectionFrom = (remoteAddress: string | undefined) =>
  Object.assign(new PassThrough(), { remoteAddress })

const subjectOf = (peer: string | undefined, claims?: string) =>
  addresses.of({ socket: connectionFrom(peer), headers: { "x-forwarded-for": claims } })

describe("a request comes from", () => {
  test.each([
    ["its connection, when nobody claims anything", "203.0.113.5", undefined, "203.0.113.5"],
    ["its connection, when that is not of a trusted proxy", "203.0.113.5", "198.51.100.1", "203.0.113.5"],
    ["the proxy, which says nothing", "10.1.2.3", undefined, "10.1.2.3"],
    ["whom a proxy of a range names", "10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["whom a proxy names by its single address", "192.0.2.7", "198.51.100.1", "198.51.100.1"],
    ["whom a proxy names, over a socket of both families", "::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"],
    ["whom a proxy of an IPv6 range names", "2001:db8:ffff:1::2", "198.51.100.1", "198.51.100.1"],
    ["its connection, right beside the range", "11.0.0.0", "198.51.100.1", "11.0.0.0"],
    ["whom the outermost of several proxies names", "10.0.0.1", "198.51.100.1, 10.9.9.9", "198.51.100.1"],
    [
      "the one before whom nobody is trusted",
      "10.0.0.1",
      "203.0.113.9, 198.51.100.1, 10.9.9.9",
      "198.51.100.1",
    ],
    ["the first proxy, where only proxies are named", "10.0.0.1", "10.3.3.3,10.2.2.2", "10.3.3.3"],
    ["whom a proxy names with a port", "10.0.0.1", "198.51.100.1:49152", "198.51.100.1"],
    ["whom a proxy names in brackets", "10.0.0.1", "[2001:db8:a:b::1]", "2001:db8:a:b::/64"],
    ["whom a proxy names in brackets with a port", "10.0.0.1", "[2001:DB8:a:b::1]:443", "2001:db8:a:b::/64"],
    ["whom a proxy names as of both families", "10.0.0.1", "[::ffff:198.51.100.1]:443", "198.51.100.1"],
    [
      "whom the outermost proxy names, all with ports",
      "10.0.0.1",
      "198.51.100.1:1, 10.9.9.9:2",
      "198.51.100.1",
    ],
    ["the proxy that names an unfinished bracket", "10.0.0.1", "[2001:db8::1", "10.0.0.1"],
    ["the proxy that names a port of words", "10.0.0.1", "198.51.100.1:http", "10.0.0.1"],
    ["the proxy that was told nonsense", "10.0.0.1", "unknown", "10.0.0.1"],
    [
      "the proxy that was told nonsense by another one",
      "10.0.0.1",
      "198.51.100.1, unknown, 10.9.9.9",
      "10.9.9.9",
    ],
    ["a network of 64 bits, where IPv6 is spoken", "10.0.0.1", "2001:db8::1:2:3:4", "2001:db8:0:0::/64"],
    ["nowhere, in memory", undefined, "198.51.100.1", ""],
  ])("%s", (_, peer, claims, subject) => {
    expect(subjectOf(peer, claims)).toBe(subject)
  })

  test("somebody else with each request of a proxy", () => {
    const socket = connectionFrom("10.0.0.1")
    for (const client of ["198.51.100.1", "198.51.100.2"]) {
      expect(addresses.of({ socket, headers: { "x-forwarded-for": client } })).toBe(client)
    }
  })
})
