import { afterAll, beforeAll, expect, test } from "vitest"
import { type Introduced, register, Workspace } from "./belfry-process.ts"

/** `app key` and `app host` beside a running server. */

let workspace: Workspace
let server: Introduced

beforeAll(async () => {
  workspace = await Workspace.open()
  server = await workspace.serve()
})

afterAll(() => workspace[Symbol.asyncDispose]())

interface Key {
  readonly number: number
  readonly kind: string
  readonly label: string
  readonly key: string
}

const statusWith = async (key: string) =>
  (await register({ ...server, apiKeys: { ANDROID: key } }, "phone")).status

test("a key that a command adds works at once, is replaced with an overlap, and ends when it is revoked", async () => {
  const { applicationId } = server
  const command = <T>(...words: readonly string[]) => workspace.json<T>("app", "key", ...words)
  const added = await command<Key>("create", applicationId, "--kind", "REST", "--label", "CI")
  expect(added).toMatchObject({ kind: "REST", label: "CI", role: null, expiresAt: null, previousUntil: null })
  expect(await statusWith(added.key)).toBe(200)

  const number = String(added.number)
  const fresh = await command<Key>("regenerate", applicationId, number)
  expect(fresh).toMatchObject({ number: added.number, label: "CI", previousUntil: expect.any(Number) })
  expect([await statusWith(added.key), await statusWith(fresh.key)]).toEqual([200, 200])

  const listed = await workspace.run(["app", "key", "list", applicationId])
  expect(listed.stdout).toMatch(new RegExp(`^${number} +REST +CI +- +never \\(the old key: `, "m"))
  expect(listed.stdout).not.toContain(fresh.key)
  const revealed = await command<Key[]>("list", applicationId, "--reveal")
  expect(revealed.find((key) => key.number === added.number)?.key).toBe(fresh.key)

  const change = (...words: readonly string[]) => command<Key>("change", applicationId, number, ...words)
  expect(await change("--label", "Build", "--expires-in-days", "1")).toMatchObject({
    label: "Build",
    role: null,
    expiresAt: expect.any(Number),
  })
  const lasting = await change("--never-expires")
  expect(lasting).toMatchObject({ label: "Build", expiresAt: null })
  expect(lasting).not.toHaveProperty("key")
  expect((await workspace.run(["app", "key", "change", applicationId, number, "--role", "x"])).code).not.toBe(
    0,
  )

  expect(await change("--addresses", "203.0.113.7/32, 2001:DB8::/32")).toMatchObject({
    label: "Build",
    addresses: ["203.0.113.7", "2001:db8::/32"],
  })
  expect((await workspace.run(["app", "key", "list", applicationId])).stdout).toMatch(
    new RegExp(`^${number} .* 203\\.0\\.113\\.7 and 1 more +usual$`, "m"),
  )
  await expect.poll(() => statusWith(fresh.key), { timeout: 10_000 }).toBe(400)
  expect(await change("--any-address", "--requests-per-second", "5")).toMatchObject({
    addresses: [],
    requestsPerSecond: 5,
  })
  expect((await workspace.run(["app", "key", "list", applicationId])).stdout).toMatch(
    new RegExp(`^${number} .* anywhere +5/s$`, "m"),
  )
  expect(await change("--usual-limit")).toMatchObject({ addresses: [], requestsPerSecond: null })
  expect(await statusWith(fresh.key)).toBe(200)

  expect(await command("revoke", applicationId, number)).toEqual({
    number: added.number,
    revoked: true,
    hosts: [],
  })
  // A server remembers a key for two seconds at most.
  await expect.poll(() => statusWith(fresh.key)).toBe(400)
})

test("a host name is bound to a key by its number or its type", async () => {
  const { applicationId } = server
  const keys = await workspace.json<Key[]>("app", "key", "list", applicationId)
  const ios = keys.find(({ kind }) => kind === "IOS")
  for (const key of ["IOS", String(ios?.number)]) {
    const bound = await workspace.json("app", "host", "add", applicationId, "Push.Example", "--key", key)
    expect(bound).toEqual({
      applicationId,
      host: "push.example",
      keyKind: "IOS",
      keyNumber: ios?.number,
      role: null,
    })
  }
})

test("what cannot be done is one clear line and no success", async () => {
  const { applicationId } = server
  for (const [words, message] of [
    [
      ["revoke", applicationId, "4711"],
      "The application has no API key with the number 4711; `belfry app key list` shows those that exist.",
    ],
    [["create", applicationId, "--kind", "CUSTOM"], /^role is missing; a CUSTOM key /],
    [
      ["create", applicationId, "--kind", "REST", "--addresses", "::1,10.1.2.3/8"],
      "addresses[1] has more than its first 8 bits set: the range is 10.0.0.0/8, the address alone 10.1.2.3.",
    ],
    [["regenerate", applicationId, "REST"], 'the number of the key: "REST" is no whole number.'],
  ] as const) {
    const { code, stdout, stderr } = await workspace.run(["app", "key", ...words])
    expect({ code, stdout }).toEqual({ code: expect.any(Number), stdout: "" })
    expect(code).not.toBe(0)
    expect(stderr.trim().replace(/^belfry: /, "")).toMatch(message)
  }
})
