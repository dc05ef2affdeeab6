import { describe, expect, test, vi } from "vitest"
import { RequestCounts } from "../../src/http/request-counts.ts"
import { openRegistrationServer } from "../registration-server.ts"
import { gate } from "./gate.ts"
import { chunked, get, HOST, request, send } from "./raw/case.ts"
import { Talk } from "./raw/talk.ts"
import { listenToyServer } from "./toy-server.ts"

/** Requests that a client sends on one connection without waiting for the answers. */

const NEVER = new AbortController().signal

const statuses = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)

describe("requests behind another on one connection", () => {
  test("are begun when it was answered", async () => {
    const first = gate()
    const second = gate("/second")
    await using server = await listenToyServer({ system: [first.route, second.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + get("/second") + get("/nowhere"))
    await first.arrived
    expect(await second.hasArrived(server.port)).toBe(false)
    first.open()
    await second.arrived
    second.open()
    expect(statuses(await talk.hear("No operation has this path."))).toEqual(["200", "200", "404"])
  })

  test("are answered also by a server that stops", async () => {
    const door = gate()
    const server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + get("/nowhere"))
    await door.arrived
    const closed = server.close(NEVER)
    door.open()
    expect(statuses(await talk.hearOut())).toEqual(["200", "404"])
    await closed
  })

  test("are not begun when their body broke in the meantime", async () => {
    const door = gate()
    await using server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + chunked("1\r\n{\r\nthis is no chunk\r\n"))
    await door.arrived
    door.open()
    expect(statuses(await talk.hearOut())).toEqual(["200", "400"])
  })

  test("are begun before the last word about what is no request", async () => {
    const door = gate()
    await using server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + get("/nowhere") + get("//") + get("/gate"))
    await door.arrived
    door.open()
    expect(statuses(await talk.hearOut())).toEqual(["200", "404", "400"])
  })

  test("are refused when a hundred wait already", async () => {
    const door = gate()
    await using server = await listenToyServer({ system: [door.route] })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + get("/nowhere").repeat(102))
    await door.arrived
    door.open()
    const heard = await talk.hearOut()
    expect(statuses(heard)).toEqual(["200", ...Array.from({ length: 100 }, () => "404"), "429"])
    expect(heard).toContain('"limit":100')
  })

  test("are refused when those that wait already hold 256 KB of memory", async () => {
    const door = gate()
    const refused = Promise.withResolvers<void>()
    const requestCounts = new RequestCounts()
    vi.spyOn(requestCounts, "count").mockImplementation((_, status) => {
      if (status === 429) refused.resolve()
    })
    await using server = await listenToyServer({ system: [door.route], requestCounts })
    const talk = await Talk.open(server.port)
    talk.say(get("/gate") + send("POST", "/nowhere", "x".repeat(60_000)).repeat(10))
    await refused.promise
    door.open()
    const heard = await talk.hearOut()
    const answers = statuses(heard)
    expect(answers.at(-1)).toBe("429")
    // Bytes are counted by what one read brings, 64 KB at most.
    expect(answers.length).toBeGreaterThan(4)
    expect(answers.length).toBeLessThan(9)
    expect(heard).toContain('"limit":262144')
  })
})

test("a device is registered, found, cancelled and not found any more, all sent at once", async () => {
  await using server = await openRegistrationServer({ threaded: true })
  const all = `${server.keyPath()}/messaging/registrations`
  const one = `${all}/device`
  const body = JSON.stringify({ deviceToken: "token", deviceId: "device", os: "IOS", osVersion: "18" })
  const register = send("POST", all, body)
  const cancel = request(`DELETE ${one} HTTP/1.1`, [HOST])
  const talk = await Talk.open(server.port)
  talk.say(register + get(one) + cancel + get(one) + cancel + register + get("/nowhere"))
  const heard = await talk.hear("No operation has this path.")
  expect(statuses(heard)).toEqual(["200", "200", "200", "400", "400", "200", "404"])
})
