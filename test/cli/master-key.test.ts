import { rename } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type BelfryProcess, type Introduced, register, Workspace } from "./belfry-process.ts"

/** A server whose master key is gone, or another one: devices register, and everything says that nothing is delivered. */

interface Check {
  readonly check: string
  readonly state: string
  readonly found: string
  readonly advice?: string
}

let workspace: Workspace
let first: Introduced

const keyFile = () => join(workspace.dataDir, "master.key")
const restored = (lost: () => Promise<void>) => async () => {
  await rename(keyFile(), `${keyFile()}.away`)
  try {
    await lost()
  } finally {
    await rename(`${keyFile()}.away`, keyFile())
  }
}

beforeAll(async () => {
  workspace = await Workspace.open()
  const server = await workspace.serve()
  await server.process.stop()
  first = server
})

afterAll(() => workspace[Symbol.asyncDispose]())

const findings = async (environment: NodeJS.ProcessEnv = {}) => {
  const { code, stdout } = await workspace.run(["doctor", "--json", "--port", "0"], environment)
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Check[] }
  return { code, ok, of: (name: string) => checks.filter(({ check }) => check === name) }
}

describe("without the master key", () => {
  test(
    "a start says that nothing is delivered, and devices still register",
    restored(async () => {
      const server = workspace.start(["serve", "--port", "0"])
      const text = await server.printed(/token create.*\n/)
      expect(text).toMatch(/^REST API key +cannot be shown: the master key is missing$/m)
      expect(text.match(/^ {2}\w+ +nobody yet: they wait until the master key is back/gm)).toHaveLength(4)
      expect(text).not.toMatch(/sandbox|credentials set/)
      await server.stop()
      const other = await workspace.serve()
      const held = { ios: "held", osx: "held", android: "held", wp: "held" }
      expect(other).toMatchObject({ masterKey: "missing", delivery: held })
      expect((await register({ ...first, url: other.url }, "a-phone")).status).toBe(200)
      await other.process.stop()
    }),
  )

  test(
    "doctor fails for the key and for delivery",
    restored(async () => {
      const { code, ok, of } = await findings()
      expect({ code, ok }).toEqual({ code: 1, ok: false })
      expect(of("master key")).toMatchObject([{ state: "fail", found: expect.stringMatching(/missing/) }])
      expect(of("delivery")).toMatchObject([
        { state: "fail", found: expect.stringMatching(/^nothing is delivered/) },
      ])
    }),
  )

  test(
    "what needs a secret says that the key is missing, not that it is another one",
    restored(async () => {
      const words = [
        ["app", "show", first.applicationId],
        ["app", "create", "Another"],
      ]
      for (const one of words) {
        const { code, stdout, stderr } = await workspace.run(one)
        expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
        expect(stderr).toMatch(/^belfry: .*the master key is missing.*BELFRY_MASTER_KEY.*\n$/)
        expect(stderr).not.toMatch(/not the (one|key) that sealed/)
      }
    }),
  )

  test(
    "the management API refuses it with a declared error, and says where messages go",
    restored(async () => {
      const server = await workspace.serve()
      const { token } = await workspace.json<{ token: string }>("token", "create")
      const ask = async (path: string, body?: object) => {
        const answer = await fetch(`${server.url}/admin/v1/${path}`, {
          method: body === undefined ? "GET" : "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...(body && { body: JSON.stringify(body) }),
        })
        return { status: answer.status, body: await answer.json() }
      }
      const refused = {
        status: 503,
        body: { code: 90018, message: expect.stringMatching(/the master key is missing/) },
      }
      const keys = `applications/${first.applicationId}/keys`
      expect(await ask("applications", { name: "Another" })).toMatchObject(refused)
      expect(await ask(keys, { kind: "REST" })).toMatchObject(refused)
      expect(await ask(`${keys}?reveal=true`)).toMatchObject(refused)
      expect((await ask(keys)).status).toBe(200)
      expect(await ask("server")).toMatchObject({
        body: { sandbox: { applications: [{ delivery: Array(4).fill({ to: "held" }) }] } },
      })
      expect(await ask(`applications/${first.applicationId}/phones`, { os: "IOS" })).toMatchObject({
        status: 409,
        body: { message: expect.stringMatching(/without the right master key/) },
      })
      expect((await register({ ...first, url: server.url }, "waiting")).status).toBe(200)
      const messages = `applications/${first.applicationId}/messages`
      const { body: published } = await ask(messages, { channel: "default", message: "hi" })
      const { messageId } = published as { readonly messageId: string }
      const why = /What kept it from being sent: the server runs without the right master key/
      expect(await ask(`${messages}/${messageId}/devices/waiting`)).toMatchObject({
        body: { verdict: "pending", summary: expect.stringMatching(why) },
      })
      const { stderr } = await server.process.stop()
      expect(stderr).not.toMatch(/internal error/)
    }),
  )
})

test("a wrong key is looked for where it came from", async () => {
  const environment = { BELFRY_MASTER_KEY: "ab".repeat(32) }
  const given = await findings(environment)
  expect(given.of("master key")).toMatchObject([
    { state: "fail", found: expect.stringMatching(/^BELFRY_MASTER_KEY is not the key/) },
  ])
  expect(given.of("delivery")).toMatchObject([{ state: "fail" }])
  const shown = await workspace.run(["app", "show", first.applicationId], environment)
  expect(shown.stderr).toMatch(/BELFRY_MASTER_KEY is not the key that sealed.* leave it out/)
})

test("with the key back, everything is as before", async () => {
  const server = await workspace.serve()
  expect(server).toMatchObject({ masterKey: "good", delivery: { ios: "sandbox" } })
  await server.process.stop()
  expect(await workspace.json("app", "show", first.applicationId)).toMatchObject({ apiKeys: first.apiKeys })
  expect((await findings()).of("delivery")).toMatchObject([{ state: "ok" }])
})

test("a message that is cancelled while nothing is delivered is watched until nothing of it is pending", async () => {
  const publish = [
    "publish",
    "--app",
    first.applicationId,
    "--message",
    "Hello",
    "--channel",
    "held",
    "--watch",
  ]
  let watching: BelfryProcess | undefined
  await restored(async () => {
    const server = await workspace.serve()
    const held = { ...first, url: server.url }
    expect((await register(held, "waiting", { channels: ["held"] })).status).toBe(200)
    watching = workspace.start([...publish, "--os", "android"])
    const id = (await watching.noted(/^\S+\n/)).split("\n")[0]
    const url = `${server.url}/${first.applicationId}/${first.apiKeys["REST"]}/messaging/${id}`
    expect((await fetch(url, { method: "DELETE" })).status).toBe(200)
    await server.process.stop()
  })()
  const server = await workspace.serve()
  const { code, stdout } = (await watching?.ended) ?? {}
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^status +cancelled\naudience +1 device\ncancelled +1$/m),
  })
  await server.process.stop()
})
