import type { IncomingMessage, ServerResponse } from "node:http"
import { expect, test } from "vitest"
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts"
import { RegistrationLane } from "../../src/http/registration-lane.ts"
import { keyPrincipal, withUser } from "../../src/policy/principal.ts"
import type { Services } from "../../src/service/services.ts"

/** Which requests with a user token take the short way: those whose caller is known without waiting. */

const application = { number: 1, id: "APP", name: "A", preset: "locked", createdAt: 0 } as const
const holder = keyPrincipal({ application, keyNumber: 1, keyKind: "ANDROID" })
const user = withUser(holder, { id: "ann", kind: "registered", roles: [] })

function take(
  headers: Readonly<Record<string, string>>,
  rememberedUser?: (token: string) => typeof user | undefined,
) {
  const callers: unknown[] = []
  const lane = new RegistrationLane({
    services: {} as Services,
    limits: DEFAULT_LIMITS,
    rememberedKey: () => holder,
    ...(rememberedUser && { rememberedUser: (_, token) => rememberedUser(token) }),
    authorize: (principal) => callers.push(principal),
    reply: () => {
      throw new Error("not expected")
    },
  })
  const request = {
    method: "POST",
    url: "/APP/KEY/messaging/registrations",
    headers: { "content-length": "10", ...headers },
    on: () => {},
  }
  const isTaken = lane.take(request as unknown as IncomingMessage, {} as ServerResponse)
  return { isTaken, caller: callers[0] }
}

const remembers = (token: string) => (token === "known" ? user : undefined)

test.each<[string, Readonly<Record<string, string>>, typeof remembers | undefined, object]>([
  ["no user token", {}, remembers, { isTaken: true, caller: holder }],
  ["a remembered one", { "user-token": "known" }, remembers, { isTaken: true, caller: user }],
  ["an unknown one", { "user-token": "unknown" }, remembers, { isTaken: false, caller: undefined }],
  ["an empty one", { "user-token": "" }, remembers, { isTaken: false, caller: undefined }],
  [
    "one, where nobody remembers",
    { "user-token": "known" },
    undefined,
    { isTaken: false, caller: undefined },
  ],
])("a registration with %s", (_, headers, rememberedUser, expected) => {
  expect(take(headers, rememberedUser)).toEqual(expected)
})
