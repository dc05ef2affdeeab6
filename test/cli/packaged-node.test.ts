import { execFile, spawn } from "node:child_process"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, test } from "vitest"

/** On a machine whose Node is too old, the one of the packages is used, whether or not npm has linked it. */

const older = (script: string) => [
  "--import",
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.1.0"}})',
  script,
]
const run = promisify(execFile)

let path: string

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "belfry-node-"))
})

afterAll(() => rm(path, { recursive: true }))

test("the program runs on it and ends with its code", async () => {
  const { stdout } = await run(process.execPath, [...older("bin/belfry.js"), "--version"])
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const wrong = run(process.execPath, [...older("bin/belfry.js"), "app", "show"])
  await expect(wrong).rejects.toMatchObject({ code: 2 })
})

test("a server is stopped by the signal that only the process before it gets", async () => {
  const line = [...older("bin/belfry.js"), "serve", "--port", "0", "--data-dir", join(path, "data")]
  const server = spawn(process.execPath, line, { stdio: ["ignore", "pipe", "ignore"] })
  const ended = new Promise((resolve) => server.on("exit", (code, signal) => resolve({ code, signal })))
  await Promise.race([new Promise((resolve) => server.stdout.once("data", resolve)), ended])
  server.kill("SIGTERM")
  await expect(ended).resolves.toEqual({ code: 0, signal: null })
})

test("so do the scripts of npm, and what they start finds it first", async () => {
  const script = join(path, "versions.mjs")
  await writeFile(
    script,
    `import { execFileSync } from "node:child_process"
     console.log(process.version, String(execFileSync("node", ["-p", "process.version"])).trim(), process.argv.slice(2))`,
  )
  const { stdout } = await run(process.execPath, [...older("bin/with-node.js"), script, "a", "b"])
  expect(stdout).toMatch(/^(v2[4-9]\.\S+) \1 \[ 'a', 'b' \]\n$/)
  const { stdout: same } = await run(process.execPath, ["bin/with-node.js", script, "a", "b"])
  expect(same).toMatch(/\[ 'a', 'b' \]\n$/)
})

test("without the packages, before `npm ci`, the program ends with 1 and one line", async () => {
  await cp("bin", join(path, "bin"), { recursive: true })
  await writeFile(join(path, "package.json"), '{"type":"module"}')
  const started = run(process.execPath, [...older(join(path, "bin/belfry.js")), "--version"])
  await expect(started).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr:
      "belfry: This is Node 20.1.0; Belfry runs on 24, which comes with its packages: run `npm ci` first.\n",
  })
})
