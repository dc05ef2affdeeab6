import { expect, test } from "vitest"
import type { Belfry } from "../../src/cli/belfry.ts"
import { runProgram } from "../../src/cli/program.ts"
import { settingRows } from "../../src/config/settings.ts"

/** What every command has in common. */

const storageNames = new Set(["data-dir", "database-url", "master-key"])
const belfry = {
  version: "1.2.3",
  calledAs: "belfry",
  storageSettings: settingRows().filter(({ name }) => storageNames.has(name)),
  serverSettings: settingRows(),
} as unknown as Belfry

async function helpOf(words: readonly string[]): Promise<string> {
  const lines: string[] = []
  const write = (text: string) => void lines.push(text)
  const terminal = { print: write, note: write, live: { isTTY: false, columns: 80, write } }
  expect(await runProgram({ belfry, terminal }, [...words, "--help"])).toBe(0)
  return lines.join("\n")
}

/** Every command that does something, by its words. */
async function commandsBelow(words: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const listed = /^Commands:\n((?: {2}.*\n?)+)/m.exec(await helpOf(words))?.[1]
  if (listed === undefined) return [words]
  const names = [...listed.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name = ""]) => name)
  return (await Promise.all(names.map((name) => commandsBelow([...words, name])))).flat()
}

test("every command takes --data-dir and --json", async () => {
  const commands = await commandsBelow()
  expect(commands).toEqual(
    expect.arrayContaining([["serve"], ["app", "key", "list"], ["simulate"], ["doctor"]]),
  )
  for (const words of commands) {
    const help = await helpOf(words)
    expect({ words, help }).toEqual({ words, help: expect.stringMatching(/^ +--data-dir <DIR>/m) })
    expect({ words, help }).toEqual({ words, help: expect.stringMatching(/^ +--json /m) })
  }
})
