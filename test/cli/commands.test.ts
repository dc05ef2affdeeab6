import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { UNUSED_ORIGIN } from "../provider/unused-origin.ts"
import { fetchAs, type Introduced, register, Workspace } from "./belfry-process.ts"

/** Commands beside a running server, on the same data directory. */

const TENANT = "1f6b3a52-6c1e-4d0b-9a5e-2f2f0f6f2a10"

let workspace: Workspace
let server: Introduced

interface Created {
  readonly applicationId: string
  readonly name: string
  readonly apiKeys: Record<string, string>
}

beforeAll(async () => {
  workspace = await Workspace.open()
  server = await workspace.serve()
})

afterAll(() => workspace[Symbol.asyncDispose]())

describe("an application", () => {
  test("that a command creates is served at once, and no more after it was deleted", async () => {
    const created = await workspace.json<Created>("app", "create", "Shop", "--preset", "compatible")
    const { applicationId, name, apiKeys } = created
    expect(Object.keys(created)).toEqual(["applicationId", "name", "apiKeys"])
    expect(name).toBe("Shop")
    expect(Object.keys(apiKeys)).toEqual(["REST", "JS", "ANDROID", "IOS", "WP", "BL"])
    expect((await register({ ...created, url: server.url }, "phone")).status).toBe(200)

    const shown = await workspace.json<object>("app", "show", applicationId)
    expect(shown).toMatchObject({ applicationId, name, preset: "compatible", apiKeys, hosts: [] })
    const listed = await workspace.json<Created[]>("app", "list")
    expect(listed.map((application) => application.name)).toEqual(["My App", "Shop"])

    expect(await workspace.json("app", "delete", applicationId)).toEqual({ applicationId, deleted: true })
    // A server remembers a key for two seconds at most.
    const refused = async () => (await register({ ...created, url: server.url }, "phone")).status
    await expect.poll(refused).toBe(400)
  })

  test("is served under a host name from the moment in which it is bound", async () => {
    const { applicationId } = server
    const host = "Push.Example.com"
    const ask = () => fetchAs(`${server.url}/api/messaging/registrations/nobody`, "push.example.com")
    expect(await ask()).toMatchObject({ code: 2002 })
    await workspace.json("app", "host", "add", applicationId, host, "--key", "REST")
    expect(await ask()).toMatchObject({ code: 5000 })
    expect(await workspace.json("app", "host", "list", applicationId)).toContainEqual({
      host: "push.example.com",
      keyKind: "REST",
      keyNumber: expect.any(Number),
      role: null,
    })
    await workspace.json("app", "host", "remove", host)
    await expect.poll(ask).toMatchObject({ code: 2002 })
  })
})

test("a token is listed without its text, and removed", async () => {
  const { token } = await workspace.json<{ token: string }>(
    "token",
    "create",
    "--label",
    "CI",
    "--scope",
    "read",
  )
  expect(token).toMatch(/^bat_[\w-]{43}$/)
  const listed = await workspace.run(["token", "list", "--json"])
  expect(listed.stdout).not.toContain(token)
  const [{ number, label, scope }] = JSON.parse(listed.stdout)
  expect({ label, scope }).toEqual({ label: "CI", scope: "read" })
  expect(await workspace.json("token", "remove", String(number))).toEqual({ number, removed: true })
  expect(await workspace.json("token", "list")).toEqual([])
})

test("a message that a command publishes is carried by the running server", async () => {
  for (const deviceId of ["one", "two", "three"]) await register(server, deviceId)
  const ended = await workspace.run([
    "publish",
    "--app",
    server.applicationId,
    "--message",
    "Hello",
    "--watch",
    "--json",
  ])
  expect(JSON.parse(ended.stdout)).toMatchObject({
    status: "finished",
    audience: 3,
    counts: { accepted: 3 },
    pending: 0,
  })
  expect(ended.stderr).toMatch(/^sent {2}100 % {2}3\/3 {2}accepted 3$/m)
  expect(ended.code).toBe(0)
})

test("device ids that are not registered with the channel are named, not passed over", async () => {
  const app = server.applicationId
  expect((await register(server, "known")).status).toBe(200)
  const devices = ["--device", "known", "--device", "mistyped"]
  const ended = await workspace.run(["publish", "--app", app, "--message", "Hello", ...devices])
  expect(ended.stderr).toContain("belfry: not registered with the channel: mistyped\n")
  const publish = ["publish", "--app", app, "--message", "Hello", ...devices]
  const published = { audience: 1, unknownDeviceIds: ["mistyped"] }
  expect(await workspace.json(...publish)).toMatchObject(published)
  expect(await workspace.json(...publish, "--watch")).toMatchObject(published)
})

test("of many unknown device ids the first ten are named, and how many more there are", async () => {
  const ids = Array.from({ length: 13 }, (_, index) => `unknown-${index}`)
  const devices = ids.flatMap((id) => ["--device", id])
  const publish = ["publish", "--app", server.applicationId, "--message", "Hello", ...devices]
  const ended = await workspace.run(publish)
  expect(ended.stderr).toContain(`with the channel: ${ids.slice(0, 10).join(", ")} and 3 more\n`)
  expect(await workspace.json(...publish)).toMatchObject({ unknownDeviceIds: ids })
})

test("a message that nobody can be reached with says why while it is watched, and in its end", async () => {
  const app = await workspace.json<Created>("app", "create", "Unreachable")
  const secret = join(workspace.path, "secret.txt")
  await writeFile(secret, "Q8~made.up.for.this-test_0123456789abcdefg")
  const { applicationId } = app
  const wns = ["--tenant-id", TENANT, "--client-id", TENANT, "--client-secret-file", secret]
  await workspace.json(
    ...["credentials", "set", "wns", "--app", applicationId, ...wns, "--origin", UNUSED_ORIGIN],
  )
  const os = { os: "WP", deviceToken: "https://wns2-par02p.notify.windows.com/w/?token=1" }
  expect((await register({ ...app, url: server.url }, "far", os)).status).toBe(200)
  const ended = await workspace.run([
    "publish",
    "--app",
    applicationId,
    "--message",
    "Hello",
    "--ttl",
    "8",
    "--watch",
  ])
  const why =
    "What kept it from being sent: the provider gave no access token (token exchange: ECONNREFUSED)."
  expect(ended.stderr).toContain(`belfry: 1 device waits. ${why} Look at the way from this server`)
  expect(ended.stdout).toContain(`expired: token exchange: ECONNREFUSED (1) ${why}`)
  expect(ended.code).toBe(1)
})

test("text for people goes to standard output, and what is only said to standard error", async () => {
  const { stdout } = await workspace.run(["app", "list"])
  expect(stdout).toMatch(
    /^ID +NAME +PRESET +CREATED\n[0-9A-F-]{36} {2}My App +locked {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/,
  )
  await using other = await Workspace.open()
  await other.run(["app", "create", "Without credentials"])
  const { stdout: nothing, stderr } = await other.run(["credentials", "list"])
  expect({ nothing, stderr }).toEqual({ nothing: "", stderr: "There is no credential.\n" })
})

describe("what cannot be done is one clear line and exit code 1", () => {
  const unknown = "00000000-0000-4000-8000-000000000000"

  test.each([
    ["app", "show", unknown],
    ["app", "delete", unknown],
    ["app", "host", "add", unknown, "push.example.com"],
    ["app", "host", "list", unknown],
    ["credentials", "list", "--app", unknown],
    ["publish", "--app", unknown, "--message", "x"],
  ])("%s %s %s of an unknown application", async (...words) => {
    expect(await workspace.run(words)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `belfry: No application has the id ${unknown}; \`belfry app list\` shows those that exist.\n`,
    })
  })

  test.each<[string[], string]>([
    [
      ["app", "host", "add", "ID", "not a host"],
      'host "not a host" is no host name such as push.example.com (without a port).',
    ],
    [["app", "host", "remove", "nobody.example"], "The host name nobody.example is bound to no application."],
    [["app", "create", ""], "name is empty; it needs at least 1 character(s)."],
    [["app", "create", "  "], "name has blanks only; it needs a character that can be seen."],
    [
      ["token", "remove", "77"],
      "No administrator's token has the number 77; `belfry token list` shows those that exist.",
    ],
    [
      ["credentials", "remove", "fcm", "--app", "ID"],
      "The application has no fcm credential; `belfry credentials list` shows those that exist.",
    ],
  ])("%j", async (words, line) => {
    const ended = await workspace.run(words.map((word) => (word === "ID" ? server.applicationId : word)))
    expect(ended).toMatchObject({ code: 1, stdout: "", stderr: `belfry: ${line}\n` })
  })
})
