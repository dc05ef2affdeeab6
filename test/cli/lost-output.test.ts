import { open } from "node:fs/promises"
import { describe, expect, test } from "vitest"
import { type BelfryProcess, type Introduced, register, Workspace } from "./belfry-process.ts"

/** What the program does when nobody reads what it says any more, or when it cannot be written. */

/** Takes no byte, as a disk that is full. */
const FULL = "/dev/full"
const onLinux = test.runIf(process.platform === "linux")

async function servesAndStops(server: Introduced, process: BelfryProcess): Promise<void> {
  expect((await register(server, "a-phone")).status).toBe(200)
  expect(await process.stop()).toMatchObject({ code: 0, signal: null })
}

describe("a server", () => {
  test("goes on and stops with 0 when the reader of its output has gone", async () => {
    await using workspace = await Workspace.open()
    const { process, ...server } = await workspace.serve()
    process.child.stdout?.destroy()
    process.child.stderr?.destroy()
    await servesAndStops(server, process)
  })

  onLinux("starts, goes on and stops with 0 when its log cannot be written", async () => {
    await using workspace = await Workspace.open()
    await using full = await open(FULL, "w")
    const process = workspace.start(
      ["serve", "--port", "0", "--json"],
      {},
      { stdio: ["ignore", "pipe", full.fd] },
    )
    await servesAndStops(JSON.parse(await process.printed(/\n/)) as Introduced, process)
  })
})

describe("a command", () => {
  test("ends with its own code when nobody reads its complaint", async () => {
    await using workspace = await Workspace.open()
    const command = workspace.start(["launch"])
    command.child.stderr?.destroy()
    expect(await command.ended).toMatchObject({ code: 2, signal: null })
  })

  onLinux("ends with 1 and says why when its result cannot be written", async () => {
    await using workspace = await Workspace.open()
    await using full = await open(FULL, "w")
    const command = workspace.start(["--help"], {}, { stdio: ["ignore", full.fd, "pipe"] })
    expect(await command.ended).toMatchObject({
      code: 1,
      stderr: "belfry: standard output cannot be written: the disk is full.\n",
    })
  })
})
