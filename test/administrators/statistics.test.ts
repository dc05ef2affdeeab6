import { describe, expect, test } from "vitest"
import { HOURS_KEPT } from "../../src/service/statistics.ts"
import { FIRST_PASS } from "../../src/store/message-store.ts"
import { openAdministration } from "./administration.ts"

/** Figures over time. */

const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Point {
  readonly at: number
  readonly registered: number
  readonly renewed: number
  readonly departed: number
  readonly messages: number
  readonly outcomes: Readonly<Record<string, number>>
}

async function setup() {
  const server = await openAdministration()
  const { id, number } = await server.services.applications.create("App")
  const headers = await server.bearer("operate")
  const path = `/admin/v1/applications/${id}`
  const get = (query: string) => server.ask("GET", `${path}/statistics?${query}`, { headers })
  return {
    server,
    id,
    number,
    get,
    points: async (query: string) => (await get(query)).body["points"] as readonly Point[],
    publish: (body: object) => server.ask("POST", `${path}/messages`, { headers, body }),
    register: (deviceId: string, expiresAt?: number) =>
      server.services.devices.register(number, {
        ...{ deviceId, deviceToken: deviceId, os: "IOS", osVersion: "1" },
        ...{ channels: ["all"], expiresAt },
      }),
  }
}

const eventsOf = ({ registered, renewed, departed, messages }: Point) => [
  registered,
  renewed,
  departed,
  messages,
]

describe("statistics", () => {
  test("count what happened in each hour, and nothing where nothing did", async () => {
    const { server, number, points, register, publish } = await setup()
    await using _ = server
    const begin = Math.ceil(server.clock.now() / HOUR) * HOUR
    await server.clock.advance(begin - server.clock.now())
    await Promise.all(["a", "b", "c", "a"].map((deviceId) => register(deviceId)))
    await register("short", begin + HOUR / 2)
    await publish({ channel: "all", message: "x" })
    await server.clock.advance(2 * HOUR)
    await server.services.devices.cancel(number, "a")
    await server.store.devices.removeExpired(server.clock.now(), 10)
    await register("b")
    const seen = await points(`from=${begin}&to=${begin + 3 * HOUR}`)
    expect(seen.map(({ at }) => at)).toEqual([begin, begin + HOUR, begin + 2 * HOUR])
    expect(seen.map(eventsOf)).toEqual([
      [4, 1, 0, 1],
      [0, 0, 0, 0],
      [0, 1, 2, 0],
    ])
    const days = await points(`step=day&from=${begin - DAY}&to=${begin + DAY}`)
    expect(days.length).toBeGreaterThan(1)
    expect(days.every(({ at }) => at % DAY === 0)).toBe(true)
    expect(
      [0, 1, 2, 3].map((index) => days.reduce((sum, day) => sum + (eventsOf(day)[index] ?? 0), 0)),
    ).toEqual([4, 2, 2, 1])
  })

  test("count the outcomes when they were settled, and of one application alone", async () => {
    const { server, points, register, publish } = await setup()
    await using _ = server
    for (const deviceId of ["a", "b", "c"]) await register(deviceId)
    await publish({ channel: "all", message: "x" })
    await server.clock.advance(HOUR)
    const now = server.clock.now()
    const claimed = await server.store.segments.claim("any", "t", now, now + 1_000)
    const [first, second] = await server.store.segments.audiencePage(claimed?.claim as never, 0, 10)
    const progress = {
      ...{ cursor: 9e15, reserved: 9e15, doneAbove: [], pass: FIRST_PASS, obstacle: "" },
      ...{ retries: [], leaseUntil: now, now },
      settled: [
        { registration: first?.registration ?? 0, outcome: { kind: "accepted" } as const },
        {
          registration: second?.registration ?? 0,
          outcome: { kind: "payload_rejected", reason: "x" } as const,
        },
      ],
    }
    const rest = { kind: "suppressed", reason: "left_audience" } as const
    await server.store.segments.finish(claimed?.claim as never, progress, rest)
    const [before, after] = (await points("")).slice(-2)
    expect(before?.messages).toBe(1)
    expect(before?.outcomes["accepted"]).toBe(0)
    expect(after?.outcomes).toMatchObject({ accepted: 1, payload_rejected: 1, suppressed: 1, expired: 0 })
    const { id } = await server.services.applications.create("Other")
    const headers = await server.bearer("read", [id])
    const other = await server.ask("GET", `/admin/v1/applications/${id}/statistics`, { headers })
    for (const point of other.body["points"] as readonly Point[]) {
      expect([...eventsOf(point), ...Object.values(point.outcomes)].every((count) => count === 0)).toBe(true)
    }
  })

  test("count nothing for what was refused or undone", async () => {
    const { server, number, points, register } = await setup()
    await using _ = server
    await register("a")
    const tooMany = { deviceId: "b", deviceToken: "b", os: "IOS", osVersion: "", expiresAt: undefined }
    const channels = Array.from({ length: 1_001 }, (_, index) => `c${index}`)
    const group = [
      server.services.devices.register(number, { ...tooMany, channels }).catch((error: unknown) => error),
      register("c"),
    ]
    expect(await Promise.all(group)).toMatchObject([{ error: "invalid_property" }, { created: true }])
    expect((await points("")).at(-1)).toMatchObject({ registered: 2, renewed: 0 })
  })

  test("of old hours are added up into days without a loss, and of old days removed", async () => {
    const { server, points, get, register } = await setup()
    await using _ = server
    const begin = (Math.floor(server.clock.now() / DAY) + 1) * DAY
    await server.clock.advance(begin - server.clock.now())
    for (let hour = 0; hour < 30; hour++) {
      await register(`phone-${hour}`)
      await server.clock.advance(HOUR)
    }
    const { statistics } = server.services
    expect(await statistics.rollUp()).toBe(0)
    const firstDays = () => points(`step=day&from=${begin}&to=${begin + 2 * DAY}`)
    const expected = [24, 6]
    expect((await firstDays()).map(({ registered }) => registered)).toEqual(expected)
    // Exactly one of the two days is old enough.
    await server.clock.advance(begin + DAY + HOURS_KEPT * HOUR - server.clock.now())
    expect(await statistics.rollUp()).toBe(23)
    expect(await statistics.rollUp()).toBe(0)
    expect((await firstDays()).map(({ registered }) => registered)).toEqual(expected)
    expect((await get(`from=${begin}&to=${begin + DAY}`)).body).toMatchObject({
      code: 90_005,
      message: expect.stringContaining("step=day"),
    })
    const second = await points(`from=${begin + DAY}&to=${begin + 2 * DAY}`)
    expect(second.map(({ registered }) => registered).slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 0])
    await server.clock.advance(800 * DAY)
    await statistics.rollUp()
    while ((await statistics.rollUp()) > 0);
    expect((await firstDays()).map(({ registered }) => registered)).toEqual([0, 0])
  })

  test.each([
    "step=week",
    "from=5&to=5",
    "from=x",
    "from=-1",
    "step=hour&from=0",
    "step=day&from=0&to=999999999999999",
  ])("are not to be had with %s", async (query) => {
    const { server, get } = await setup()
    await using _ = server
    expect((await get(query)).body).toMatchObject({ code: 90_005 })
  })

  test("begin 24 hours or 30 days ago", async () => {
    const { server, points } = await setup()
    await using _ = server
    const hours = await points("")
    expect(hours).toHaveLength(24)
    expect(hours.at(-1)?.at).toBe(Math.floor(server.clock.now() / HOUR) * HOUR)
    expect(await points("step=day")).toHaveLength(30)
  })
})

test("the figures of an application go with it", async () => {
  const { server, id, number, register } = await setup()
  await using _ = server
  await register("a")
  await server.services.applications.delete(id)
  expect(await server.store.statistics.hours(number, 0, 2 ** 24)).toEqual([])
})
