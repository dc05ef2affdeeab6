import { execFile } from "node:child_process"
import { readFile, stat, writeFile } from "node:fs/promises"
import { connect, createServer, type Socket } from "node:net"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { fetchAs, type Introduced, register, Workspace } from "./belfry-process.ts"

const bash = (script: string) => promisify(execFile)("bash", ["-c", script])

const keysOf = ({ applicationId, apiKeys }: Introduced) => ({ applicationId, apiKeys })

describe("a first start", () => {
  test("prints a call that registers a device when it is pasted into a shell, and stops with 0", async () => {
    await using workspace = await Workspace.open()
    const server = workspace.start(["serve", "--port", "0"])
    const text = await server.printed(/sandbox\/journal'\n/)
    const call = /^curl.*?registrations'$/ms.exec(text)?.[0] ?? ""
    const { stdout } = await bash(call)
    expect(JSON.parse(stdout)).toEqual({ registrationId: expect.stringMatching(/^\S+::default$/) })
    expect(text).toMatch(/^Application id {2}[0-9A-F-]{36}$/m)
    expect(text).toMatch(/^REST API key {4}[0-9A-F-]{36}$/m)
    expect(text).toMatch(/^Console {9}http:\/\/127\.0\.0\.1:\d+\/console\/$/m)
    expect(text.match(/the sandbox, which plays/g)).toHaveLength(4)
    const publishCall = /^curl[^$]*?messaging\/default'$/ms.exec(
      text.slice(text.indexOf("Publish to it:")),
    )?.[0]
    const published = JSON.parse((await bash(publishCall ?? "")).stdout)
    expect(published).toMatchObject({ messageId: expect.any(String), status: "scheduled" })
    const tokenCall = /^TOKEN=.*$/m.exec(text)?.[0] ?? ""
    const token = (await bash(`${tokenCall}; echo "$TOKEN"`)).stdout.trim()
    expect(token).toMatch(/^bat_[\w-]{43}$/)
    const journalCall = /^curl.*sandbox\/journal'$/m.exec(text)?.[0] ?? ""
    await expect.poll(async () => (await bash(`TOKEN=${token}; ${journalCall}`)).stdout).toContain("Hello")
    const ended = await server.stop()
    expect(ended).toMatchObject({ code: 0, signal: null })
    expect(ended.stderr).not.toContain("still open")
  })

  test.runIf(process.platform === "linux")(
    "begins with two arenas for its memory, unless told otherwise",
    async () => {
      await using workspace = await Workspace.open()
      const server = workspace.start(["serve", "--port", "0"])
      await server.printed(/registrations/)
      const environment = await readFile(`/proc/${server.child.pid}/environ`, "latin1")
      const own = process.env["MALLOC_ARENA_MAX"]
      expect(environment.split("\0")).toContain(`MALLOC_ARENA_MAX=${own ?? "2"}`)
      expect(await server.stop()).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Warning") })
    },
  )

  test("keeps its secrets to their owner and serves the /api form on this machine", async () => {
    await using workspace = await Workspace.open()
    const server = await workspace.serve()
    expect(server.isFirstStart).toBe(true)
    const names = ["", "master.key", "belfry.db", "belfry.db-wal", "first-application"]
    for (const name of names) {
      expect((await stat(join(workspace.dataDir, name))).mode & 0o077, name).toBe(0)
    }
    expect(await readFile(join(workspace.dataDir, "master.key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/)
    const port = new URL(server.url).port
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      const answer = await fetchAs(`${server.url}/api/messaging/registrations/nobody`, `${host}:${port}`)
      expect({ host, answer }).toMatchObject({ answer: { code: 5000 } })
    }
  })

  test("of two servers on one data directory makes one application, which both serve", async () => {
    await using workspace = await Workspace.open()
    const [one, other] = await Promise.all([workspace.serve(), workspace.serve()])
    expect(keysOf(one)).toEqual(keysOf(other))
    expect([one.isFirstStart, other.isFirstStart].toSorted()).toEqual([false, true])
    expect((await register(one, "first")).status).toBe(200)
    expect((await register(other, "second")).status).toBe(200)
    expect(await workspace.json("app", "list")).toMatchObject([
      { applicationId: one.applicationId, name: "My App" },
    ])
    await Promise.all([one.process.stop(), other.process.stop()])
    const { code, stdout } = await workspace.run(["doctor", "--json", "--port", "0"])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true })
    expect(code).toBe(0)
  })
})

describe("a later start", () => {
  test("says where the keys are, if a service must not write them into its journal again", async () => {
    await using workspace = await Workspace.open()
    const first = await workspace.serve()
    await first.process.stop()
    const server = workspace.start(["serve", "--port", "0", "--no-show-keys"])
    const text = await server.printed(/sandbox\/journal'\n/)
    for (const key of Object.values(first.apiKeys)) expect(text).not.toContain(key)
    const shown = /^REST API key {4}.* (app show \S+) --data-dir \S+$/m.exec(text)?.[1] ?? ""
    const { apiKeys } = await workspace.json<Introduced>(...shown.split(" "))
    expect(apiKeys).toEqual(first.apiKeys)
    await server.stop()
  })

  test("introduces the same application, and makes no other after that was deleted", async () => {
    await using workspace = await Workspace.open()
    const first = await workspace.serve()
    await first.process.stop()
    const second = await workspace.serve(["--no-sandbox"])
    expect(keysOf(second)).toEqual(keysOf(first))
    expect(second).toMatchObject({
      isFirstStart: false,
      delivery: { ios: "none", android: "none", wp: "none" },
    })
    await workspace.json("app", "delete", first.applicationId)
    await second.process.stop()
    const third = await workspace.serve()
    expect(third.applicationId).toBeNull()
    expect(await workspace.json("app", "list")).toEqual([])
  })

  test("under another master key keeps registering and shows no key", async () => {
    await using workspace = await Workspace.open()
    const first = await workspace.serve()
    await first.process.stop()
    const other = await workspace.serve([], { BELFRY_MASTER_KEY: "ab".repeat(32) })
    expect(other).toMatchObject({ masterKey: "wrong", apiKeys: null, applicationId: first.applicationId })
    expect((await register({ ...first, url: other.url }, "a-phone")).status).toBe(200)
    const refused = await workspace.run(["app", "create", "Another"], { BELFRY_MASTER_KEY: "ab".repeat(32) })
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^belfry: Stored secrets can be neither opened nor added: BELFRY_MASTER_KEY.*\n$/,
      ),
    })
  })
})

describe("a stop", () => {
  test("lets a request finish whose body is still arriving, and refuses new ones", async () => {
    await using workspace = await Workspace.open()
    const server = await workspace.serve()
    const body = JSON.stringify({ deviceToken: "t", deviceId: "slow", os: "IOS", osVersion: "18" })
    const socket = beginRegistration(server, body.length)
    let answer = ""
    socket.on("data", (text: string) => {
      answer += text
    })
    const closed = new Promise((resolve) => socket.on("close", resolve))
    socket.write(body.slice(0, 10))
    // The server has the beginning of that request once it answers one that was sent later.
    expect((await register(server, "another")).status).toBe(200)
    server.process.child.kill("SIGTERM")
    await server.process.noted(/stopping after SIGTERM/)
    expect(await isRefused(server.url)).toBe(true)
    socket.write(body.slice(10))
    await closed
    expect(answer).toMatch(/^HTTP\/1.1 200 .*registrationId/s)
    expect(await server.process.ended).toMatchObject({ code: 0 })
  })

  test("is cut short by a second signal, but not by the copy that npm passes on", async () => {
    await using workspace = await Workspace.open()
    const server = await workspace.serve()
    beginRegistration(server, 10)
    expect((await register(server, "another")).status).toBe(200)
    server.process.child.kill("SIGINT")
    server.process.child.kill("SIGINT")
    await server.process.noted(/stopping after SIGINT/)
    const again = setInterval(() => server.process.child.kill("SIGINT"), 100)
    const ended = await server.process.ended
    clearInterval(again)
    expect(ended).toMatchObject({ code: null, signal: "SIGINT" })
  })
})

describe("a server that cannot start says why in one line and ends with 1", () => {
  test("when the port is in use", async () => {
    await using workspace = await Workspace.open()
    const taken = createServer().listen(0, "127.0.0.1")
    await new Promise((resolve) => taken.once("listening", resolve))
    const { port } = taken.address() as { port: number }
    const ended = await workspace.run(["serve", "--port", String(port), "--log-level", "silent"])
    taken.close()
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `belfry: Port ${port} on 127.0.0.1 is in use. Stop the program that has it, or choose another with --port (BELFRY_PORT).\n`,
    })
  })

  test("when the address is one that cannot be listened at", async () => {
    await using workspace = await Workspace.open()
    const words = ["serve", "--host", "fe80::1", "--port", "0", "--log-level", "silent"]
    // In other words where there is no IPv6.
    const stderr = expect.stringMatching(
      /^belfry: .*fe80::1.* Choose another with --host \(BELFRY_HOST\).*\n$/,
    )
    expect(await workspace.run(words)).toMatchObject({ code: 1, stderr })
  })

  test("when the data directory is a file", async () => {
    await using workspace = await Workspace.open()
    await writeFile(workspace.dataDir, "")
    const ended = await workspace.run(["serve", "--port", "0", "--log-level", "silent"])
    expect(ended).toMatchObject({
      code: 1,
      stderr: `belfry: The data directory ${workspace.dataDir} is a file. Choose a directory with --data-dir.\n`,
    })
  })
})

/** A request whose body is still to come. */
function beginRegistration({ url, applicationId, apiKeys }: Introduced, bodyBytes: number): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding("utf8")
  // The server that is cut short resets it.
  socket.on("error", () => {})
  socket.write(
    [
      `POST /${applicationId}/${apiKeys["IOS"]}/messaging/registrations HTTP/1.1`,
      `host: ${hostname}`,
      "content-type: application/json",
      `content-length: ${bodyBytes}`,
      "connection: close",
      "\r\n",
    ].join("\r\n"),
  )
  return socket
}

/** Whether a request is turned away: on a new connection by the system, on one kept alive by the server. */
function isRefused(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (answer) => answer.status === 503,
    () => true,
  )
}
