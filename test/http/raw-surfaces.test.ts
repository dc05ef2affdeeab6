import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"
import { adminCases } from "./raw/admin-surface.ts"
import type { RawCase } from "./raw/case.ts"
import { consoleCases } from "./raw/console-surface.ts"
import { type Exchange, exchange } from "./raw/exchange.ts"
import { userCases } from "./raw/user-surface.ts"

/** Raw bytes at the real routes of users, management and Console (reliability.md T-14c), each with a declared verdict. */

/** Stands for the beginning of the paths, known only when the server runs. */
const BASE = "/APPLICATION/API-KEY"
const GROUPS = { console: consoleCases(), management: adminCases(), users: userCases(BASE) }

let server: RegistrationServer
const results = new Map<RawCase, Promise<Exchange>>()

beforeAll(async () => {
  server = await openRegistrationServer({ flags: { "http-keep-alive-ms": "300" } })
  for (const cases of Object.values(GROUPS)) {
    for (const raw of cases) results.set(raw, exchange(server.port, { ...raw, send: withBase(raw.send) }))
  }
  await Promise.allSettled(results.values())
})

afterAll(async () => {
  expect(server.incidents).toEqual([])
  await server[Symbol.asyncDispose]()
})

const withBase = (send: RawCase["send"]) => {
  const [application = "", key = ""] = server.keyPath("ANDROID").slice(1).split("/")
  return String(send)
    .replaceAll("APPLICATION", application)
    .replaceAll("API-KEY", key)
    .replaceAll("API%2dKEY", key.replace(/-/g, "%2d"))
    .replaceAll("API%252dKEY", key.replace(/-/g, "%252d"))
}

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(group, () => {
    test.each(cases.map((raw) => [raw.name, raw] as const))("%s", async (_, raw) => {
      const { answers, rest } = await (results.get(raw) as Promise<Exchange>)
      const seen = answers.map(({ status, body }, index) => ({
        status,
        ...(status >= 400 && raw.answers[index]?.head !== true && { code: JSON.parse(body).code as number }),
      }))
      expect(seen).toEqual(
        raw.answers.map(({ status, code }) => ({ status, ...(code !== undefined && { code }) })),
      )
      expect(rest).toBe("")
      for (const { body, headers } of answers) {
        expect(body).not.toMatch(/root:x:|"dependencies"/)
        expect(headers).not.toHaveProperty("server")
        expect(headers["x-content-type-options"] ?? headers["location"]).toMatch(/^(nosniff|\/console\/)$/)
      }
    })
  })
}

test("the corpus has a hundred cases, each with a name of its own", () => {
  const names = Object.entries(GROUPS).flatMap(([group, cases]) =>
    cases.map(({ name }) => `${group}: ${name}`),
  )
  expect(names.length).toBeGreaterThanOrEqual(100)
  expect(new Set(names).size).toBe(names.length)
})
