import { describe, expect, test } from "vitest"
import { CsvRows } from "../../console/src/screens/devices/import/csv-rows.ts"
import { type DeviceRow, readDevices } from "../../console/src/screens/devices/import/device-rows.ts"

/** How files are read that people import; without a browser, whose files are the same Blobs. */

const HEADER = "deviceId,os,osVersion,channels,expiration,deviceToken"

async function rowsOf(file: Blob): Promise<readonly DeviceRow[]> {
  const rows: DeviceRow[] = []
  await readDevices(
    file,
    async (piece) => {
      rows.push(...piece.rows)
    },
    new AbortController().signal,
  )
  return rows
}

describe("CSV", () => {
  const TEXT = 'a,"b ""c"",\r\nd",\r\n\r\n"",ü😀\n"x",y,z\r1,2,3'
  const ROWS = [
    { line: 1, fields: ["a", 'b "c",\r\nd', ""] },
    { line: 4, fields: ["", "ü😀"] },
    { line: 5, fields: ["x", "y", "z"] },
    { line: 6, fields: ["1", "2", "3"] },
  ]

  test.for([1, 2, 3, 5, 8, 1000])("is the same however it arrives: %s characters at a time", (size) => {
    const csv = new CsvRows()
    const rows = []
    for (let at = 0; at < TEXT.length; at += size) rows.push(...csv.next(TEXT.slice(at, at + size)))
    expect([...rows, ...csv.end()]).toEqual(ROWS)
  })

  test.for([
    ["comma", "a,b;b,c", ["a", "b;b", "c"]],
    ["semicolon", "a;b,b;c", ["a", "b,b", "c"]],
    ["tab", "a\tb,b\tc", ["a", "b,b", "c"]],
  ] as const)("is told by its first line to be parted by a %s", ([, text, fields]) => {
    const csv = new CsvRows()
    expect([...csv.next(`${text}\n`), ...csv.end()]).toEqual([{ line: 1, fields }])
  })

  test.for(['a,b\nc,"d', 'a,b\nc,"d"e\nf,g'])("with a broken quote says on which line: %j", (text) => {
    const csv = new CsvRows()
    expect(() => [...csv.next(text), ...csv.end()]).toThrow(/begins on line 2 has a quote/)
  })
})

describe("a file of devices", () => {
  test("keeps every character, wherever the browser divides it", async () => {
    const names = Array.from({ length: 40_000 }, (_, index) => `${"é漢😀".slice(index % 3)}-${index}`)
    const lines = names.map((name) => `${name},ANDROID,16,${name},,token-${name}`)
    const rows = await rowsOf(new Blob([`${HEADER}\n${lines.join("\n")}`]))
    expect(rows.map(({ device }) => device.deviceId)).toEqual(names)
    expect(rows.map(({ device }) => device.channels)).toEqual(names.map((name) => [name]))
    expect(rows.at(-1)?.line).toBe(names.length + 1)
  })

  test("may begin with a byte order mark", async () => {
    const rows = await rowsOf(new Blob([`\uFEFF${HEADER}\nx,IOS,1,,,t`]))
    expect(rows.map(({ device }) => device.deviceId)).toEqual(["x"])
  })

  test("that is not UTF-8 is refused, instead of names becoming others", async () => {
    const latin1 = Buffer.from(`${HEADER}\nbücher,IOS,1,,,t`, "latin1")
    await expect(rowsOf(new Blob([latin1]))).rejects.toThrow(/not UTF-8/)
  })

  test.for(["", "\n\n"])("without a line of columns is refused: %j", async (text) => {
    await expect(rowsOf(new Blob([text]))).rejects.toThrow(/first line must name the columns/)
  })

  test("has a row with more fields than columns pointed out, and is right about lines after blank ones", async () => {
    const rows = await rowsOf(new Blob([`${HEADER}\n\na,IOS,1,news,,t\n   \nb,IOS,1,news,sport,,t\n`]))
    expect(rows.map(({ line, problem }) => [line, problem !== undefined])).toEqual([
      [3, false],
      [5, true],
    ])
    expect(rows[1]?.problem).toContain("7 fields")
  })
})
