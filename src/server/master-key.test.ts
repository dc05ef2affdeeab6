import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { systemRandom } from "../runtime/random.ts"
import { agreeOnFile } from "./agreed-file.ts"
import { type DataDirectory, dataDirectoryAt } from "./data-directory.ts"
import { openMasterKey } from "./master-key.ts"

let directory: DataDirectory

beforeEach(async () => {
  directory = dataDirectoryAt(await mkdtemp(join(tmpdir(), "belfry-key-")))
})

afterEach(() => rm(directory.path, { recursive: true }))

const open = (given?: Buffer) => openMasterKey(given, directory, systemRandom)

describe("the master key", () => {
  test("is made once, for its owner alone, and found again", async () => {
    const made = await open()
    expect(made?.key).toHaveLength(32)
    expect((await stat(directory.masterKey)).mode & 0o777).toBe(0o600)
    expect(await open()).toEqual(made)
    expect(await readdir(directory.path)).toEqual(["master.key"])
  })

  test("is the same for all who start at once", async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => open()))
    expect(new Set(keys.map((opened) => opened?.key.toString("hex"))).size).toBe(1)
    expect(await readdir(directory.path)).toEqual(["master.key"])
  })

  test("is not made anew beside a store whose key is gone", async () => {
    await writeFile(directory.database, "")
    expect(await open()).toBeUndefined()
    expect(await readdir(directory.path)).toEqual(["belfry.db"])
  })

  test("comes from the environment without leaving a file", async () => {
    const given = systemRandom.bytes(32)
    expect(await open(given)).toEqual({ key: given, source: "environment" })
    expect(await readdir(directory.path)).toEqual([])
  })

  test.each(["", "abc\n", "z".repeat(64)])("is refused as %j, which stays as it is", async (content) => {
    await writeFile(directory.masterKey, content)
    await expect(open()).rejects.toThrow(/does not hold a master key \(64 hexadecimal digits\): restore it/)
    expect(await readFile(directory.masterKey, "utf8")).toBe(content)
  })
})

test("a file that is agreed on is never replaced", async () => {
  const file = join(directory.path, "word")
  const agreed = await Promise.all(
    ["one", "two", "three"].map((word) => agreeOnFile(file, word, systemRandom)),
  )
  expect(agreed.filter(({ isNew }) => isNew)).toHaveLength(1)
  expect(new Set(agreed.map(({ content }) => content)).size).toBe(1)
  expect(await agreeOnFile(file, "four", systemRandom)).toEqual({ content: agreed[0]?.content, isNew: false })
})
