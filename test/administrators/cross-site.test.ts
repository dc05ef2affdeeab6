import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Administration, openAdministration, PASSWORD } from "./administration.ts"

/**
 * What another page could make the browser of an administrator send: every combination of where the browser says that it
 * comes from, and of the type of what it sends. Only those of a page of the server itself may change anything.
 */

const HOST = "belfry.example"
const LOCAL_HOST = "127.0.0.1:9000"

const SITES = [
  undefined,
  "same-origin",
  "same-site",
  "cross-site",
  "none",
  "",
  "same-origin, cross-site",
  "Same-Origin",
]
const ORIGINS = [
  undefined,
  `https://${HOST}`,
  `http://${HOST}`,
  `https://${HOST}:444`,
  `https://${HOST}.evil.example`,
  `https://evil-${HOST}`,
  `https://sub.${HOST}`,
  "https://evil.example",
  "null",
  "",
]
const TYPES = [
  undefined,
  "application/json",
  "application/json; charset=utf-8",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
]

interface Combination {
  readonly site: string | undefined
  readonly origin: string | undefined
  readonly type: string | undefined
}

const COMBINATIONS: readonly Combination[] = SITES.flatMap((site) =>
  ORIGINS.flatMap((origin) => TYPES.map((type) => ({ site, origin, type }))),
)

const isFromHere = ({ site, origin }: Combination) =>
  site === "same-origin" || (site === undefined && origin === `https://${HOST}`)
const isJson = ({ type }: Combination) =>
  type?.startsWith("application/json") === true && type !== "application/jsonp"

const headersOf = ({ site, origin, type }: Combination, host = HOST): Record<string, string> => ({
  host,
  ...(site !== undefined && { "sec-fetch-site": site }),
  ...(origin !== undefined && { origin }),
  ...(type !== undefined && { "content-type": type }),
})

let server: Administration
let cookie: string
let applicationId: string

beforeAll(async () => {
  server = await openAdministration({ flags: { "rate-per-administrator": "0", "rate-per-address": "0" } })
  cookie = (await server.person("Anna")).cookie ?? ""
  applicationId = (await server.services.applications.create("App")).id
})

afterAll(() => server[Symbol.asyncDispose]())

/** Changes something without a body, and says whether anything was changed. */
async function changeWith(headers: Record<string, string>): Promise<{ status: number; changed: boolean }> {
  const channels = `/admin/v1/applications/${applicationId}/channels`
  await server.services.channels.create(
    (await server.services.applications.get(applicationId)).number,
    "news",
  )
  const { status } = await server.ask("DELETE", `${channels}/news`, { headers })
  const bearer = await server.bearer("read")
  const after = await server.ask("GET", `${channels}/news`, { headers: bearer })
  if (after.status === 200)
    await server.services.channels.delete(
      (await server.services.applications.get(applicationId)).number,
      "news",
    )
  return { status, changed: after.status === 404 }
}

describe("a request with a session that changes something", () => {
  test(`is refused in ${COMBINATIONS.length} combinations but those of a page of the server`, async () => {
    const outcomes = []
    for (const combination of COMBINATIONS) {
      const { status, changed } = await changeWith({ cookie, ...headersOf(combination) })
      const expected = isFromHere(combination) && isJson(combination)
      outcomes.push({ combination, status, changed, expected })
    }
    const wrong = outcomes.filter(
      ({ status, changed, expected }) => changed !== expected || (status === 200) !== expected,
    )
    expect(wrong).toEqual([])
    expect(outcomes.filter(({ expected }) => expected).length).toBe(2 * (ORIGINS.length + 1))
    const refusals = new Set(outcomes.filter(({ expected }) => !expected).map(({ status }) => status))
    expect([...refusals].sort()).toEqual([403, 415])
  })

  test("from the machine itself may come over plain http, from elsewhere not", async () => {
    const local = {
      cookie,
      ...headersOf({ site: undefined, origin: `http://${LOCAL_HOST}`, type: TYPES[1] }, LOCAL_HOST),
    }
    expect(await changeWith(local)).toEqual({ status: 200, changed: true })
    for (const host of ["192.168.1.5:9000", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"]) {
      const headers = {
        cookie,
        ...headersOf({ site: undefined, origin: `http://${host}`, type: TYPES[1] }, host),
      }
      expect(await changeWith(headers)).toEqual({ status: 403, changed: false })
    }
  })

  test("with a token needs none of it", async () => {
    const bearer = await server.bearer("administer")
    expect(await changeWith({ ...bearer, host: HOST })).toEqual({ status: 200, changed: true })
    const fromElsewhere = {
      ...bearer,
      ...headersOf({ site: "cross-site", origin: "https://evil.example", type: undefined }),
    }
    expect(await changeWith(fromElsewhere)).toEqual({ status: 200, changed: true })
  })
})

describe("a login", () => {
  test("from another page is refused, so that nobody is logged in as somebody else", async () => {
    const outcomes = []
    for (const combination of COMBINATIONS.filter(({ type }) => type === "application/json")) {
      const reply = await server.ask("POST", "/admin/v1/session", {
        headers: headersOf(combination),
        body: { name: "Anna", password: PASSWORD },
      })
      const isAProgram = combination.site === undefined && combination.origin === undefined
      outcomes.push({
        combination,
        status: reply.status,
        expected: isFromHere(combination) || isAProgram ? 200 : 403,
      })
    }
    expect(outcomes.filter(({ status, expected }) => status !== expected)).toEqual([])
  })

  test("is refused unless it is JSON, which no form can send", async () => {
    for (const type of TYPES.filter((type) => type !== undefined && !type.startsWith("application/json"))) {
      const headers = headersOf({ site: "same-origin", origin: undefined, type })
      const body = JSON.stringify({ name: "Anna", password: PASSWORD })
      expect((await server.ask("POST", "/admin/v1/session", { headers, body })).status).toBe(415)
    }
  })
})

test("no answer of the management surface lets another page read it", async () => {
  for (const path of ["/admin/v1/session", "/admin/v1/applications", "/admin/v1/nowhere"]) {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const headers = { cookie, host: HOST, origin: "https://evil.example", "sec-fetch-site": "cross-site" }
      const reply = await server.ask(method, path, { headers })
      expect(Object.keys(reply.headers).filter((name) => name.startsWith("access-control-"))).toEqual([])
    }
  }
})
