import { expect, test, vi } from "vitest"
import { DomainError } from "../../src/domain/errors.ts"
import { loginLane } from "../../src/http/login-lane.ts"
import type { PlainRequest } from "../../src/http/plain-request.ts"
import { keyPrincipal } from "../../src/policy/principal.ts"
import { Argon2Process } from "../../src/runtime/argon2-process.ts"
import { type Answer, KeepAliveClient } from "../http/keep-alive-client.ts"
import { openRegistrationServer } from "../registration-server.ts"

/** Logins that are refused without a look at them, because the line for hashing passwords is full. */

/** One that is hashed, and 32 that wait. */
const LINE = 33

test("with a full line, a login on a kept connection is refused in the same words as on a new one", async () => {
  await using server = await openRegistrationServer({ flags: { "http-trusted-proxies": "127.0.0.1" } })
  const login = (client: KeepAliveClient, number: number): Promise<Answer> =>
    client.send({
      method: "POST",
      path: `${server.keyPath()}/users/login`,
      headers: { "x-forwarded-for": `198.51.100.${number}` },
      body: JSON.stringify({ login: `user-${number}@example.com`, password: "wrong" }),
    })
  const kept = new KeepAliveClient(server.port)
  await login(kept, 0)
  // The line stays full for as long as the test looks at it.
  const compared = Promise.withResolvers<boolean>()
  using _ = vi.spyOn(Argon2Process.prototype, "verify").mockReturnValue(compared.promise)
  const crowd = Array.from({ length: LINE }, () => new KeepAliveClient(server.port))
  const waiting = crowd.map((client, index) => login(client, index + 1).catch(() => undefined))
  await expect.poll(() => server.services.userSessions.loginRefusal()).toBeInstanceOf(DomainError)
  const asked = vi.spyOn(server.services.userSessions, "loginRefusal")
  const fresh = new KeepAliveClient(server.port)
  const byRoute = await login(fresh, 101)
  expect(asked).not.toHaveBeenCalled()
  const byLane = await login(kept, 102)
  expect(asked).toHaveBeenCalledOnce()
  compared.resolve(false)
  await Promise.all(waiting)
  for (const client of [kept, fresh, ...crowd]) client[Symbol.dispose]()
  expect(byRoute).toMatchObject({ status: 429, headers: { "retry-after": "2" } })
  expect(withoutDate(byLane)).toEqual(withoutDate(byRoute))
})

function withoutDate({ headers: { date: _, ...headers }, ...answer }: Answer) {
  return { ...answer, headers }
}

const application = { number: 1, id: "APP", name: "A", preset: "locked", createdAt: 0 } as const

function laneOf(more: Partial<Parameters<typeof loginLane>[0]> = {}, keyKind: "ANDROID" | "BL" = "ANDROID") {
  const counted: string[] = []
  const lane = loginLane({
    refusal: () => new DomainError("too_many_requests", "busy", {}),
    rememberedKey: () => keyPrincipal({ application, keyNumber: 1, keyKind }),
    authorize: () => {},
    mayPass: ({ url }) => counted.push(url ?? "") > 0,
    reply: () => ({ status: 429, headers: {}, body: { code: 1, message: "", errorData: {} } }),
    ...more,
  })
  const takes = (request: Partial<PlainRequest>) =>
    lane({ method: "POST", url: "/APP/KEY/users/login", headers: {}, ...request } as PlainRequest) !==
    undefined
  return { takes, counted }
}

const refusedCaller = () => {
  throw new DomainError("no_permission", "no", {})
}

test.each<[string, Parameters<typeof laneOf>, Partial<PlainRequest>, boolean]>([
  ["of a key that is remembered", [], {}, true],
  ["while the line has room", [{ refusal: () => undefined }], {}, false],
  ["with another method", [], { method: "GET" }, false],
  ["at another path", [], { url: "/APP/KEY/users/logout" }, false],
  ["with a query", [], { url: "/APP/KEY/users/login?a=1" }, false],
  ["by host name", [], { url: "/api/users/login" }, false],
  ["of a key that is not remembered", [{ rememberedKey: () => undefined }], {}, false],
  ["by server code, which needs no password", [{}, "BL"], {}, false],
  ["of a caller who may not log in", [{ authorize: refusedCaller }], {}, false],
  ["that a rate limit has to look at", [{ mayPass: () => false }], {}, false],
])("a login %s", (_, options, request, isTaken) => {
  expect(laneOf(...options).takes(request)).toBe(isTaken)
})

test("counts what it refuses, and nothing else", () => {
  const { takes, counted } = laneOf()
  takes({ method: "GET" })
  expect(counted).toEqual([])
  takes({})
  expect(counted).toEqual(["/APP/KEY/users/login"])
})
