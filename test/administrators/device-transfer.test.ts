import { describe, expect, test } from "vitest"
import { openAdministration } from "./administration.ts"

/** Devices as CSV, and devices from somewhere else. */

async function setup() {
  const server = await openAdministration()
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("administer")
  const path = `/admin/v1/applications/${id}`
  return {
    server,
    id,
    number,
    get: (more: string, as = headers) => server.ask("GET", path + more, { headers: as }),
    post: (more: string, body: unknown) => server.ask("POST", path + more, { headers, body }),
    register: (deviceId: string, more: object = {}) =>
      server.services.devices.register(number, {
        ...{ deviceId, deviceToken: `token of ${deviceId}`, os: "IOS", osVersion: "1" },
        ...{ channels: ["all"], expiresAt: undefined },
        ...more,
      }),
  }
}

/** RFC 4180, as strictly as it is written. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let at = 0
  while (at < text.length) {
    const row: string[] = []
    for (;;) {
      let field = ""
      if (text[at] === '"') {
        for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
          if (text[at] === '"') at += 1
          field += text[at]
        }
        at += 1
      } else {
        while (!",\r".includes(text[at] ?? "\r")) field += text[at++]
      }
      row.push(field)
      if (text[at++] !== ",") break
    }
    expect(text[at++]).toBe("\n")
    rows.push(row)
  }
  return rows
}

const original = (field: string) => field.replace(/^'/, "")
const channelsIn = (field: string) =>
  [...original(field).matchAll(/((?:\\.|[^\\;])+)(?:;|$)/g)].map(([, name = ""]) =>
    name.replace(/\\(.)/g, "$1"),
  )

const NASTY = [
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "'=quoted",
  "''",
  'a "quoted" one',
  "a,b",
  "＝wide",
  "plain",
]

describe("an export", () => {
  test("has every device in RFC 4180, and no field that a spreadsheet would run", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    for (const text of NASTY) {
      await register(text, {
        osVersion: text,
        os: text.slice(0, 15),
        channels: [text.replace(/,|\//g, "_"), "a;b", "c\\d"],
      })
    }
    await register("expiring", { expiresAt: server.clock.now() + 5 })
    await register("expired", { expiresAt: server.clock.now() })
    const reply = await get("/device-export")
    expect(reply.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present")
    expect(reply.headers["content-disposition"]).toBe('attachment; filename="devices.csv"')
    const [header, ...rows] = parseCsv(reply.text)
    expect(header?.join()).toBe("deviceId,os,osVersion,channels,expiration,createdAt,registeredAt,userId")
    expect(rows.map(([deviceId = ""]) => original(deviceId))).toEqual([...NASTY, "expiring"])
    for (const [index, row] of rows.slice(0, -1).entries()) {
      const text = NASTY[index] as string
      expect(original(row[2] ?? "")).toBe(text)
      expect(channelsIn(row[3] ?? "")).toEqual([text.replace(/,|\//g, "_"), "a;b", "c\\d"])
      expect(row.slice(4)).toEqual(["", String(server.clock.now()), String(server.clock.now()), ""])
    }
    expect(rows.flat().filter((field) => /^[=+\-@＝＋－＠\t\r]/.test(field))).toEqual([])
    expect(rows.at(-1)?.[4]).toBe(String(server.clock.now() + 5))
    expect(reply.text).not.toContain("token of")
  })

  test("is of one channel and one system when asked", async () => {
    const { server, get, register } = await setup()
    await using _ = server
    await register("a", { channels: ["news"] })
    await register("b", { channels: ["news"], os: "ANDROID" })
    await register("c")
    const ids = async (query: string) =>
      parseCsv((await get(`/device-export?${query}`)).text)
        .slice(1)
        .map(([id]) => id)
    expect(await ids("channel=news")).toEqual(["a", "b"])
    expect(await ids("channel=news&os=android")).toEqual(["b"])
    expect(await ids("os=ios")).toEqual(["a", "c"])
    expect((await get("/device-export?channel=none")).body).toMatchObject({ code: 90_011 })
  })

  test("has the tokens for administrators alone, who are noted", async () => {
    const { server, id, get, register } = await setup()
    await using _ = server
    await register("a", { deviceToken: "=token" })
    const operator = await server.bearer("operate")
    expect((await get("/device-export?tokens=true", operator)).status).toBe(403)
    expect((await get("/device-export", operator)).status).toBe(200)
    expect((await server.services.audit.page({ application: id }, undefined, 10)).entries).toEqual([])
    const rows = parseCsv((await get("/device-export?tokens=true&channel=all")).text)
    expect(rows.map((row) => row.at(-1))).toEqual(["deviceToken", "'=token"])
    expect((await server.services.audit.page({ application: id }, undefined, 10)).entries).toMatchObject([
      { action: "device.export-tokens", target: "all" },
    ])
    expect((await get("/device-export?tokens=yes")).status).toBe(400)
  })

  test("reads no further than it can be written", async () => {
    const { server, number, register } = await setup()
    await using _ = server
    await Promise.all(Array.from({ length: 2_100 }, (_, index) => register(`phone-${index}`)))
    const reads: number[] = []
    const { exportDevices } = await import("../../src/service/device-export.ts")
    const search = {
      page: (...parameters: Parameters<typeof server.services.deviceSearch.page>) => {
        reads.push(parameters[2])
        return server.services.deviceSearch.page(...parameters)
      },
    }
    const stop = new AbortController()
    const options = { withTokens: false, signal: stop.signal }
    const lines = exportDevices(search, number, { channel: undefined, os: undefined }, options)
    await lines.next()
    expect(reads).toEqual([])
    await lines.next()
    expect(reads).toEqual([0])
    await lines.next()
    expect(reads).toHaveLength(2)
    stop.abort()
    expect((await lines.next()).done).toBe(true)
    expect(reads).toHaveLength(2)
  })
})

describe("an import", () => {
  const device = (deviceId: string, more: object = {}) => ({
    ...{ deviceId, deviceToken: `token-${deviceId}`, os: "IOS", osVersion: "1" },
    ...more,
  })

  test("registers what it can, and says of every other row why not", async () => {
    const { server, get, post, register } = await setup()
    await using _ = server
    await register("there")
    const { body, status } = await post("/device-imports", {
      devices: [
        device("new", { channels: ["news"], expiration: server.clock.now() + 60_000 }),
        device("there", { channels: ["news"] }),
        { deviceId: "incomplete" },
        device("late", { expiration: server.clock.now() - 1 }),
        device("x".repeat(46)),
        null,
        device("a/b", { channels: ["a/b"] }),
        device("new", { osVersion: "2" }),
      ],
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      created: 1,
      renewed: 2,
      refused: [
        { index: 2, code: 90_005, message: expect.stringContaining("os") },
        { index: 3, code: 5004, message: expect.any(String) },
        { index: 4, code: 8000, message: expect.stringContaining("deviceId") },
        { index: 5, code: 90_005, message: expect.any(String) },
        { index: 6, code: 90_005, message: expect.stringContaining("channels[0]") },
      ],
    })
    expect((await get("/devices/new")).body).toMatchObject({ osVersion: "2", channels: ["news", "default"] })
    expect((await get("/devices/there")).body).toMatchObject({ channels: ["all", "news"] })
    expect((await get("/devices/late")).status).toBe(404)
  })

  test("takes a thousand rows of the largest size, and not one more", async () => {
    const { server, number, post } = await setup()
    await using _ = server
    const rows = Array.from({ length: 1_001 }, (_, index) =>
      device(`phone-${String(index).padStart(39, "0")}`, { os: "WP", deviceToken: "x".repeat(700) }),
    )
    const refused = await post("/device-imports", { devices: rows })
    expect(refused.body).toMatchObject({ code: 90_005, errorData: { limit: 1_000, length: 1_001 } })
    expect((await post("/device-imports", { devices: rows.slice(1) })).body).toMatchObject({ created: 1_000 })
    expect(await server.services.deviceSearch.count(number)).toMatchObject({ wp: 1_000 })
    for (const devices of [[], {}, undefined]) {
      expect((await post("/device-imports", { devices })).status).toBe(400)
    }
  })

  test("of what an export says brings the same devices back", async () => {
    const { server, get, post, register } = await setup()
    await using _ = server
    for (const text of NASTY) await register(text, { osVersion: text, channels: ["a;b", "c\\d"] })
    const [, ...rows] = parseCsv((await get("/device-export?tokens=true")).text)
    const { id } = await server.services.applications.create("Copy")
    const headers = await server.bearer("operate")
    const devices = rows.map((row) => ({
      deviceId: original(row[0] ?? ""),
      os: original(row[1] ?? ""),
      osVersion: original(row[2] ?? ""),
      channels: channelsIn(row[3] ?? ""),
      expiration: row[4] === "" ? null : Number(row[4]),
      deviceToken: original(row[8] ?? ""),
    }))
    const path = `/admin/v1/applications/${id}`
    const imported = await server.ask("POST", `${path}/device-imports`, { headers, body: { devices } })
    expect(imported.body).toEqual({ created: NASTY.length, renewed: 0, refused: [] })
    const copy = await server.ask("GET", `${path}/device-export?tokens=true`, {
      headers: await server.bearer("administer"),
    })
    const withoutTimes = (text: string) => parseCsv(text).map((row) => row.toSpliced(5, 2))
    expect(withoutTimes(copy.text)).toEqual(withoutTimes((await get("/device-export?tokens=true")).text))
    expect((await post("/device-imports", { devices })).body).toMatchObject({ renewed: NASTY.length })
  })
})
