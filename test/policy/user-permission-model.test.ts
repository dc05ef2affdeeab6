import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type MessagingOperation, PRESETS } from "../../src/domain/permission.ts"
import { PermissionRules } from "../../src/domain/permission-rules.ts"
import { API_KEY_KINDS, type ApiKeyKind, type UserIdentity, type UserKind } from "../../src/domain/roles.ts"
import { authorize } from "../../src/policy/authorize.ts"
import { type KeyPrincipal, keyPrincipal, withUser } from "../../src/policy/principal.ts"
import { anyChannel, anyOperation, anyRules, CHANNELS, CUSTOM, mayDo } from "./permission-reference.ts"

/** Requests with a user token against the text of the rules: from key and user to the decision, on thousands of settings. */

const KEY_ROLES: { readonly [K in ApiKeyKind]: readonly string[] } = {
  REST: ["RestUser"],
  JS: ["JSUser"],
  ANDROID: ["AndroidUser"],
  IOS: ["IOSUser"],
  WP: ["DotNetUser"],
  BL: ["ServerCodeUser"],
  AS: ["ASUser"],
  CUSTOM: [],
}

const KIND_ROLES: { readonly [K in UserKind]: readonly string[] } = {
  registered: ["AuthenticatedUser"],
  guest: ["AuthenticatedUser", "GuestUser"],
  social: ["AuthenticatedUser", "SocialUser"],
}

/** The ids are those that rules speak of; one of them is also the name of a role. */
const anyUser: fc.Arbitrary<UserIdentity> = fc.record({
  id: fc.constantFrom("ann", "bob", "JSUser", "nobody speaks of me"),
  kind: fc.constantFrom("registered" as const, "guest" as const, "social" as const),
  roles: fc.subarray([...CUSTOM]),
})

const anyRequest = fc.record({
  preset: fc.constantFrom(...PRESETS),
  keyKind: fc.constantFrom(...API_KEY_KINDS),
  boundRoles: fc.subarray([...CUSTOM]),
  user: fc.option(anyUser, { nil: undefined }),
})

type Request = typeof anyRequest extends fc.Arbitrary<infer T> ? T : never

function principalOf(request: Request, rules: PermissionRules): KeyPrincipal {
  const { preset, keyKind, boundRoles, user } = request
  const application = { number: 1, id: "A", name: "A", preset, createdAt: 0 }
  const holder = keyPrincipal({ application, keyNumber: 1, keyKind, boundRoles }, rules)
  return user === undefined ? holder : withUser(holder, user)
}

function expectedRoles({ keyKind, boundRoles, user }: Request): readonly string[] {
  const ofUser = user === undefined ? ["NotAuthenticatedUser"] : [...KIND_ROLES[user.kind], ...user.roles]
  return [...KEY_ROLES[keyKind], ...boundRoles, ...ofUser]
}

function isAllowed(principal: KeyPrincipal, operation: MessagingOperation, channel?: string): boolean {
  try {
    authorize(principal, operation, channel)
    return true
  } catch {
    return false
  }
}

describe("for any rules, key and user", () => {
  it("a request may do what the rules say of its user, its roles and its channel", () => {
    fc.assert(
      fc.property(anyRules, anyRequest, anyOperation, (rules, request, operation) => {
        const principal = principalOf(request, new PermissionRules(rules))
        expect([...principal.roles].sort()).toEqual([...new Set(expectedRoles(request))].sort())
        const caller = { preset: request.preset, roles: expectedRoles(request), user: request.user?.id }
        for (const channel of [undefined, ...CHANNELS]) {
          expect(isAllowed(principal, operation, channel)).toBe(mayDo(rules, caller, operation, channel))
        }
      }),
      { numRuns: 10_000 },
    )
  })

  it("a rule of the user on the channel outranks every other one, and of another user none at all", () => {
    fc.assert(
      fc.property(
        anyRules,
        anyRequest,
        anyUser,
        anyOperation,
        anyChannel,
        fc.constantFrom("grant" as const, "deny" as const),
        (rules, request, user, operation, channel, access) => {
          const others = rules.filter((rule) => !("user" in rule) || rule.user !== user.id)
          const own = { level: "channel", channel, user: user.id, operation, access } as const
          const decided = (user: UserIdentity, rules: typeof others) =>
            isAllowed(principalOf({ ...request, user }, new PermissionRules(rules)), operation, channel)
          expect(decided(user, [...others, own])).toBe(access === "grant")
          const stranger = { ...user, id: "somebody else" }
          expect(decided(stranger, [...others, own])).toBe(decided(stranger, others))
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it("logging in changes nothing of the holder of the key, who is somebody else's caller too", () => {
    fc.assert(
      fc.property(
        anyRules,
        anyRequest,
        anyUser,
        anyOperation,
        anyChannel,
        (rules, request, user, operation, channel) => {
          const holder = principalOf({ ...request, user: undefined }, new PermissionRules(rules))
          const before = isAllowed(holder, operation, channel)
          isAllowed(withUser(holder, user), operation, channel)
          expect(isAllowed(holder, operation, channel)).toBe(before)
          expect(holder.roles).toContain("NotAuthenticatedUser")
          expect(holder.claim.userId).toBeUndefined()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
