import { existsSync, readdirSync, readFileSync } from "node:fs"
import { getPriority } from "node:os"
import { describe, expect, test, vi } from "vitest"
import { Argon2Process } from "../../src/runtime/argon2-process.ts"
import { Workspace } from "../cli/belfry-process.ts"

/** As slow as real ones, so that a process can be caught at its work. */
const SLOW = { memoryCost: 65_536, timeCost: 10, parallelism: 1 }
const QUICK = { memoryCost: 1024, timeCost: 1, parallelism: 1 }

const isLinux = process.platform === "linux"
/** Whatever the machine is busy with comes before the processes that hash. */
const PATIENCE = { timeout: 120_000, interval: 5 }
const SCHED_IDLE = "5"
const hasChrt = ["/usr/bin/chrt", "/bin/chrt", "/usr/sbin/chrt", "/sbin/chrt"].some((path) =>
  existsSync(path),
)

/** The fields of /proc/PID/stat after the name of the program; none of a process that is gone. */
function stateOf(path: string): readonly string[] {
  try {
    const state = readFileSync(`${path}/stat`, "latin1")
    const fields = state.slice(state.lastIndexOf(")") + 2).split(" ")
    // It has ended, and nobody asked how: in a container, perhaps nobody ever will.
    return fields[0] === "Z" ? [] : fields
  } catch {
    return []
  }
}

function childrenOf(pid: number | undefined): readonly number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
  return all.filter((name) => stateOf(`/proc/${name}`)[1] === String(pid)).map(Number)
}

async function anotherThan(before: number | undefined, hashing: Argon2Process): Promise<number> {
  const pid = () => (hashing.pid === before ? undefined : hashing.pid)
  await vi.waitFor(() => expect(pid()).toBeDefined(), PATIENCE)
  return pid() as number
}

describe("The process that hashes passwords", () => {
  test("starts with the first one", async () => {
    const hashing = new Argon2Process()
    expect(hashing.pid).toBeUndefined()
    await hashing.hash("x", QUICK)
    expect(hashing.pid).toEqual(expect.any(Number))
  })

  test.runIf(isLinux)(
    "is the last in the line for a processor, and knows nothing of our environment",
    async () => {
      const hashing = new Argon2Process()
      const ours = getPriority()
      process.env["BELFRY_MASTER_KEY"] = "a secret"
      await hashing.hash("x", QUICK)
      delete process.env["BELFRY_MASTER_KEY"]
      const place = `/proc/${hashing.pid}`
      expect(stateOf(place)[16]).toBe("19")
      // It alone: everything else is as it was.
      expect(getPriority()).toBe(ours)
      // The kernel may be built without it.
      if (existsSync("/proc/self/autogroup")) {
        const ofSession = readFileSync(`${place}/autogroup`, "utf8")
        expect(ofSession).toMatch(/nice 10\n/)
        expect(ofSession).not.toBe(readFileSync("/proc/self/autogroup", "utf8"))
      }
      const names = readFileSync(`${place}/environ`, "utf8")
        .split("\0")
        .map((line) => line.split("=", 1)[0] ?? "")
      // What Node needs: the pipe and the cache.
      expect(names.filter((name) => name !== "" && !name.startsWith("NODE_"))).toEqual([])
    },
  )

  test.runIf(isLinux && hasChrt)("gives way at once to whoever wakes up beside it", async () => {
    const hashing = new Argon2Process()
    await hashing.hash("x", QUICK)
    await vi.waitFor(() => expect(stateOf(`/proc/${hashing.pid}`)[38]).toBe(SCHED_IDLE), PATIENCE)
  })

  test("is followed by another one when it is killed, which answers what it owed", async () => {
    const hashing = new Argon2Process()
    const known = await hashing.hash("x", QUICK)
    const first = hashing.pid as number
    const owed = [
      hashing.hash("y", SLOW),
      hashing.verify(known, "x", QUICK),
      hashing.verify(known, "y", QUICK),
    ]
    process.kill(first, "SIGKILL")
    expect(await Promise.all(owed)).toEqual([expect.stringMatching(/^\$argon2id\$/), true, false])
    expect(hashing.pid).not.toBe(first)
  })

  test("fails what two of them could not answer, and goes on with the next password", async () => {
    const hashing = new Argon2Process()
    await hashing.hash("x", QUICK)
    const failed = hashing.hash("y", { ...SLOW, timeCost: 1000 }).catch(String)
    const first = hashing.pid as number
    process.kill(first, "SIGKILL")
    process.kill(await anotherThan(first, hashing), "SIGKILL")
    expect(await failed).toContain("ended with SIGKILL")
    expect(await hashing.hash("z", QUICK)).toMatch(/^\$argon2id\$/)
  })

  test("says what is wrong with a hash, and goes on", async () => {
    const hashing = new Argon2Process()
    await expect(hashing.verify("$argon2id$broken", "x", QUICK)).rejects.toThrow("Decoding failed")
    const known = await hashing.hash("x", QUICK)
    expect(await hashing.verify(known, "x", QUICK)).toBe(true)
  })

  test("ends when it has nothing to do, and another one starts with the next password", async () => {
    const hashing = new Argon2Process(1)
    await hashing.hash("x", QUICK)
    await vi.waitFor(() => expect(hashing.pid).toBeUndefined(), PATIENCE)
    expect(await hashing.hash("x", QUICK)).toMatch(/^\$argon2id\$/)
  })

  test.runIf(isLinux)("ignores what stops the server, and ends with it, however that ended", async () => {
    await using workspace = await Workspace.open()
    const { process: server, url } = await workspace.serve(["--no-sandbox"])
    // Nobody logged in: it would be memory for nothing.
    expect(childrenOf(server.child.pid)).toEqual([])
    const login = () =>
      fetch(`${url}/admin/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "nobody", password: "wrong" }),
      })
    expect((await login()).status).toBe(401)
    const [hashing, ...others] = childrenOf(server.child.pid)
    expect(others).toEqual([])
    process.kill(hashing as number, "SIGTERM")
    expect((await login()).status).toBe(401)
    expect(childrenOf(server.child.pid)).toEqual([hashing])
    // At its work.
    const unanswered = login().catch(String)
    await server.stop("SIGKILL")
    await unanswered
    await vi.waitFor(() => expect(stateOf(`/proc/${hashing}`)).toEqual([]), PATIENCE)
  })
})
