import { existsSync, readFileSync } from "node:fs"
import { chmod, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import Database from "better-sqlite3"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { Workspace } from "./belfry-process.ts"

/** What an operator reads when something is wrong before anything could begin. */

/** What follows a fault of the command line that a command's `--help` answers. */
const SEE_HELP = "Add --help to see what there is.\n"

let workspace: Workspace

beforeAll(async () => {
  workspace = await Workspace.open()
})

afterAll(() => workspace[Symbol.asyncDispose]())

describe("a wrong command line or setting ends with 2 and names what is wrong", () => {
  test.each<[string[], string]>([
    [["serve", "--port", "http"], 'belfry: --port is "http" and must be a whole number from 0 to 65535.\n'],
    [["serve", "--prot", "9000"], `belfry: unknown option '--prot'\n(Did you mean --port?)\n${SEE_HELP}`],
    [
      ["serve", "now"],
      `belfry: too many arguments for 'serve'. Expected 0 arguments but got 1: now.\n${SEE_HELP}`,
    ],
    [["app", "create"], `belfry: missing required argument 'name'\n${SEE_HELP}`],
    [
      ["app", "create", "x", "--preset", "open"],
      `belfry: option '--preset <preset>' argument 'open' is invalid. Allowed choices are locked, compatible.\n${SEE_HELP}`,
    ],
    [["publish", "--message", "x"], `belfry: required option '--app <id>' not specified\n${SEE_HELP}`],
    [
      ["publish", "--app", "x", "--message", "x", "--header", "none"],
      'belfry: --header is "none" and must be name=value.\n',
    ],
    [
      ["publish", "--app", "x", "--message", "x", "--ttl", "soon"],
      'belfry: --ttl is "soon" and must be a whole number of seconds.\n',
    ],
    [
      ["app", "key", "create", "x", "--kind", "REST", "--expires-in-days", "0"],
      'belfry: "0" is no number of days from 1 to 99999.\n',
    ],
    [
      ["app", "key", "change", "x", "1", "--expires-in-days", "100000000"],
      'belfry: "100000000" is no number of days from 1 to 99999.\n',
    ],
    [
      ["administrator", "setup-link", "--url", "push.example.com"],
      'belfry: --url is "push.example.com" and must be an address such as https://push.example.com.\n',
    ],
    [["token", "remove", "first"], 'belfry: "first" is no number of a token; `token list` shows them.\n'],
    [
      ["simulate", "--port", "65535"],
      'belfry: --port is "65535" and must be a whole number from 1 to 65531.\n',
    ],
    [["launch"], `belfry: unknown command 'launch'\n${SEE_HELP}`],
  ])("%j", async (words, stderr) => {
    expect(await workspace.run(words)).toEqual({ code: 2, signal: null, stdout: "", stderr })
  })

  test("also in the environment, all at once and without secrets", async () => {
    const { code, stderr } = await workspace.run(["app", "list"], {
      BELFRY_MASTER_KEY: "not-a-key",
      BELFRY_DATABASE_URL: "postgres://me:secret@db/belfry",
      BELFRY_LOG_LEVEL: "loud",
    })
    expect(code).toBe(2)
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^belfry: The value of BELFRY_MASTER_KEY must be 32 bytes/),
      'belfry: BELFRY_LOG_LEVEL is "loud" and must be one of silent, error, warn, info, debug.',
      expect.stringMatching(/^belfry: PostgreSQL is not supported yet by this version/),
      "",
    ])
    expect(stderr).not.toMatch(/not-a-key|secret/)
  })
})

test("a directory for test credentials that cannot be used ends with 2 and one line", async () => {
  const directory = join(workspace.path, "credentials")
  const file = join(directory, "simulator-ca.pem")
  await mkdir(file, { recursive: true })
  const run = async (path: string) => {
    const { code, stdout, stderr } = await workspace.run(["simulate", "--credentials-dir", path])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    return stderr
  }
  expect(await run("/dev/null")).toBe(
    "belfry: --credentials-dir: /dev/null cannot be made: there is a file of that name.\n",
  )
  expect(await run(directory)).toBe(
    `belfry: --credentials-dir: ${file} cannot be written: there is a directory of that name.\n`,
  )
})

const UNPRIVILEGED_PORTS = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
const isPrivileged = (port: number) =>
  existsSync(UNPRIVILEGED_PORTS) && Number(readFileSync(UNPRIVILEGED_PORTS, "utf8")) > port

test.runIf(isPrivileged(604))(
  "ports of simulators that the user may not take end with 1 and one line",
  async () => {
    // The superuser may take every port: the program runs as nobody then.
    const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: "/" } : {}
    expect(await workspace.run(["simulate", "--port", "600"], {}, options)).toMatchObject({
      code: 1,
      stderr:
        "belfry: One of the ports 600 to 604 needs more rights than this user has. Choose others with --port, or leave it out.\n",
    })
  },
)

describe("a data directory that cannot be used ends with 1 and one line", () => {
  const line = async (dataDir: string, words = ["app", "create", "x"], options = {}) => {
    const { code, stdout, stderr } = await workspace.run([...words, "--data-dir", dataDir], {}, options)
    expect({ code, stdout, lines: stderr.split("\n").length }).toEqual({ code: 1, stdout: "", lines: 2 })
    return stderr
  }

  test("because it is a file", async () => {
    const file = join(workspace.path, "a-file")
    await writeFile(file, "")
    expect(await line(file)).toBe(
      `belfry: The data directory ${file} is a file. Choose a directory with --data-dir.\n`,
    )
    expect(await line(join(file, "below"))).toMatch(/cannot be made: a part of the path is a file/)
  })

  // A recursive mkdir of Node never comes back from there.
  test.runIf(process.platform === "linux")("because its file system makes no directories", async () => {
    expect(await line("/proc/belfry")).toMatch(/cannot be made: a part of the path does not exist/)
    expect(await line("/proc/belfry/below")).toMatch(/cannot be made: a part of the path does not exist/)
  })

  test("because the user may not write there", async () => {
    const directory = join(workspace.path, "read-only")
    await mkdir(directory)
    await chmod(directory, 0o555)
    await chmod(workspace.path, 0o755)
    // The superuser may write everywhere: the program runs as nobody then.
    const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: "/" } : {}
    expect(await line(directory, ["app", "create", "x"], options)).toMatch(
      /^belfry: The data directory \S+ cannot be written: permission denied\./,
    )
    expect(await line(join(directory, "below"), ["app", "create", "x"], options)).toMatch(
      /cannot be made: permission denied/,
    )
    for (const one of [directory, join(directory, "below"), join(directory, "below", "further")]) {
      const words = ["doctor", "--json", "--port", "0", "--data-dir", one]
      const { code, stdout } = await workspace.run(words, {}, options)
      const { checks } = JSON.parse(stdout) as { checks: readonly object[] }
      expect(code).toBe(1)
      expect(checks).toContainEqual(
        expect.objectContaining({
          check: "data directory",
          state: "fail",
          found: expect.stringMatching(/cannot be (written|made): permission denied/),
        }),
      )
    }
  })

  test("because the user may not write, or not even read, what is in it", async () => {
    const directory = join(workspace.path, "taken")
    expect((await workspace.run(["app", "create", "x", "--data-dir", directory])).code).toBe(0)
    await chmod(directory, 0o777)
    await chmod(workspace.path, 0o755)
    const options = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: "/" } : {}
    await chmod(join(directory, "master.key"), 0o444)
    for (const mode of [0o444, 0o000]) {
      await chmod(join(directory, "belfry.db"), mode)
      expect(await line(directory, ["app", "list"], options)).toMatch(
        /^belfry: The store \S+ cannot be opened for writing: permission denied\. Give it.* to the user that runs Belfry/,
      )
    }
  })

  test("because a newer version wrote it", async () => {
    const directory = join(workspace.path, "newer")
    expect((await workspace.run(["app", "create", "x", "--data-dir", directory])).code).toBe(0)
    const database = new Database(join(directory, "belfry.db"))
    database.prepare("insert into schema_versions (version, applied_at) values (9999, 0)").run()
    database.close()
    const expected =
      /^belfry: The data was written by a newer version of Belfry \(schema 9999; this version knows \d+\)\./
    expect(await line(directory)).toMatch(expected)
    expect(await line(directory, ["serve", "--port", "0"])).toMatch(expected)
  })

  test("because the store is no database", async () => {
    const directory = join(workspace.path, "damaged")
    await mkdir(directory)
    await writeFile(join(directory, "belfry.db"), "not a database ".repeat(1_000))
    const expected = /^belfry: The store \S+ cannot be opened: file is not a database\. Restore it/
    expect(await line(directory)).toMatch(expected)
    expect(await line(directory, ["serve", "--port", "0"])).toMatch(expected)
  })

  test("because the master key is damaged", async () => {
    const directory = join(workspace.path, "bad-key")
    await mkdir(directory)
    await writeFile(join(directory, "master.key"), "rusty")
    expect(await line(directory)).toMatch(/^belfry: The file \S+master\.key does not hold a master key/)
  })

  test("because there is nothing in it and the command only reads", async () => {
    const directory = join(workspace.path, "misspelt")
    for (const words of [
      ["app", "list"],
      ["token", "list"],
      ["credentials", "list"],
    ]) {
      expect(await line(directory, words)).toMatch(/^belfry: There is no Belfry data in \S+misspelt\./)
    }
  })
})

describe("help", () => {
  test("of the server names every setting with its environment variable and default", async () => {
    const { code, stdout } = await workspace.run(["serve", "--help"])
    expect(code).toBe(0)
    const text = stdout.replaceAll(/\s+/g, " ")
    expect(text).toMatch(/--port <PORT> Port to listen on; 0 takes a free one\. \[BELFRY_PORT; 9000\]/)
    expect(text).toMatch(/--limit-device-token <N> .*?\[BELFRY_LIMIT_DEVICE_TOKEN; 256\]/)
    expect(text).toMatch(/Environment only: BELFRY_MASTER_KEY/)
    expect(text).toMatch(/--no-sandbox/)
  })

  test("fits a terminal of 80 columns, but for a name that is longer by itself", async () => {
    const commands = [["serve"], ["app", "create"], ["audit", "verify"], ["administrator", "setup-link"]]
    for (const words of commands) {
      const { stdout } = await workspace.run([...words, "--help"])
      const tooLong = stdout.split("\n").filter((line) => line.length > 80 && !/^ +\[BELFRY_\w+;$/.test(line))
      expect(tooLong).toEqual([])
    }
  })

  test("says what the exit codes mean", async () => {
    const { stdout } = await workspace.run(["--help"])
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}done\n/)
  })
})
