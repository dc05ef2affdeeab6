import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Introduced, Workspace } from "../cli/belfry-process.ts"
import { PASSWORD } from "./administration.ts"

/** Commands for administrators, beside a running server on the same data directory. */

let workspace: Workspace
let server: Introduced & { readonly setupUrl?: string | null }

beforeAll(async () => {
  workspace = await Workspace.open()
  server = await workspace.serve()
})

afterAll(() => workspace[Symbol.asyncDispose]())

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/admin/v1${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const tokenIn = (setupUrl: string | null | undefined) =>
  /\/console\/#setup=([\w-]{43})$/.exec(setupUrl ?? "")?.[1]

test("a first start prints a link that makes the first administrator, and a later one none", async () => {
  expect(server.setupUrl?.startsWith(server.url)).toBe(true)
  const setup = { token: tokenIn(server.setupUrl), name: "Anna", password: PASSWORD }
  const reply = await call("POST", "/setup", setup)
  expect(reply.status).toBe(200)
  expect(reply.headers.get("set-cookie")).toMatch(/^__Host-belfry=/)
  expect((await call("POST", "/setup", setup)).status).toBe(401)
  const again = await workspace.start(["serve", "--port", "0", "--json"]).printed(/\n/)
  expect(JSON.parse(again)).toMatchObject({ setupUrl: null })
})

test("a link that a command prints makes another administrator, at the address that was asked for", async () => {
  const made = await workspace.json<{ setupUrl: string }>(
    "administrator",
    "setup-link",
    "--url",
    `${server.url}/`,
  )
  expect(made.setupUrl.startsWith(`${server.url}/console/#setup=`)).toBe(true)
  const setup = { token: tokenIn(made.setupUrl), name: "Bob", password: PASSWORD }
  expect((await call("POST", "/setup", setup)).status).toBe(200)
  const listed = await workspace.json<readonly { name: string }[]>("administrator", "list")
  expect(listed.map(({ name }) => name)).toEqual(["Anna", "Bob"])
  expect(JSON.stringify(listed)).not.toContain("argon2")
})

test("a command ends the sessions of an administrator on the running server, and removes them", async () => {
  const login = await call("POST", "/session", { name: "Bob", password: PASSWORD })
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? ""
  const isLoggedIn = async () => (await call("GET", "/session", undefined, { cookie })).status
  expect(await isLoggedIn()).toBe(200)
  expect(await workspace.json("administrator", "sign-out", "2")).toEqual({ number: 2, ended: 2 })
  expect(await isLoggedIn()).toBe(401)
  expect(await workspace.json("administrator", "remove", "2")).toEqual({ number: 2, removed: true })
  expect((await call("POST", "/session", { name: "Bob", password: PASSWORD })).status).toBe(401)
})

test("a token that a command makes is restricted as it says, and refused from its removal on", async () => {
  const other = await workspace.json<{ applicationId: string }>("app", "create", "Other")
  const words = ["--scope", "operate", "--label", "CI", "--app", server.applicationId, "--days", "30"]
  const { token } = await workspace.json<{ token: string }>("token", "create", ...words)
  const headers = { authorization: `Bearer ${token}` }
  const statusOf = async (path: string) => (await call("GET", path, undefined, headers)).status
  expect(await statusOf(`/applications/${server.applicationId}`)).toBe(200)
  expect(await statusOf(`/applications/${other.applicationId}`)).toBe(404)
  const [listed] = await workspace.json<readonly Record<string, unknown>[]>("token", "list")
  expect(listed).toMatchObject({ label: "CI", scope: "operate", applications: [server.applicationId] })
  const days = (Number(listed?.["expiresAt"]) - Number(listed?.["createdAt"])) / 86_400_000
  expect(Math.round(days)).toBe(30)
  await workspace.json("token", "remove", String(listed?.["number"]))
  expect(await statusOf(`/applications/${server.applicationId}`)).toBe(401)
})

describe("what cannot be done is one clear line", () => {
  test.each<[string[], number, string]>([
    [["administrator", "remove", "1"], 1, "Nobody else may administer the whole server"],
    [["administrator", "remove", "77"], 1, "No administrator has the number 77"],
    [["administrator", "sign-out", "Anna"], 2, '"Anna" is no number of an administrator'],
    [["token", "create", "--app", "unknown"], 1, "No application has the id unknown."],
    [["token", "create", "--days", "0"], 2, '"0" is no number of days'],
  ])("%j", async (words, code, line) => {
    const ended = await workspace.run(words)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" })
    expect(ended.stderr).toContain(`belfry: ${line}`)
  })
})

describe("the audit log", () => {
  test("has what commands did, and is verified by a command", async () => {
    const database = new Database(join(workspace.dataDir, "belfry.db"), { readonly: true })
    const actions = database
      .prepare("select actor || ': ' || action from audit order by number")
      .pluck()
      .all()
    database.close()
    expect(actions).toEqual(
      expect.arrayContaining([
        "administrator Anna: administrator.setup",
        "command line: administrator.setup-link",
        "command line: administrator.end-sessions",
        "command line: administrator.remove",
        "command line: token.create",
        "command line: token.revoke",
      ]),
    )
    const verified = await workspace.run(["audit", "verify", "--json"])
    expect(verified.code).toBe(0)
    expect(JSON.parse(verified.stdout)).toMatchObject({
      isWhole: true,
      entries: actions.length,
      broken: null,
    })
  })

  test("that was altered behind the back of the server fails the command, which says where", async () => {
    const intruder = new Database(join(workspace.dataDir, "belfry.db"))
    intruder.exec("drop trigger audit_is_not_altered")
    intruder.exec("update audit set actor = 'nobody' where number = 2")
    intruder.close()
    const verified = await workspace.run(["audit", "verify"])
    expect(verified.code).toBe(1)
    expect(verified.stdout).toMatch(/^broken at entry 2: 1 good entries before it/)
  })
})
