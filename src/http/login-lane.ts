import type { DomainError } from "../domain/errors.ts"
import type { Permission } from "../domain/permission.ts"
import type { KeyPrincipal, Principal } from "../policy/principal.ts"
import type { ErrorReply } from "./errors.ts"
import { KeyPaths } from "./key-paths.ts"
import { fail, plainAnswer } from "./lane-answer.ts"
import type { PlainHandler } from "./plain-lane.ts"
import type { RequestHead } from "./plain-request.ts"

export interface LoginLaneOptions {
  /** Why no user can log in with a password at the moment; undefined while one can. */
  readonly refusal: () => DomainError | undefined
  /** A caller who was authenticated within the last seconds and is accepted; undefined leaves the request to the route. */
  readonly rememberedKey: (keyPath: string, request: RequestHead) => KeyPrincipal | undefined
  readonly authorize: (principal: Principal, permission: Permission) => void
  /** Counts the request; false leaves it to the route, which looks at the rate limits more closely. */
  readonly mayPass: (request: RequestHead, principal: KeyPrincipal) => boolean
  readonly reply: (error: unknown) => ErrorReply
}

/**
 * Refuses logins while too many wait for their passwords to be hashed, before anything is read of them. The route would
 * refuse them too, in the same words, after ten times the work: a flood of logins would take from registrations what it
 * cannot take from the hashes. All other logins are the route's (backendless/routes/users.ts).
 */
export function loginLane(options: LoginLaneOptions): PlainHandler {
  const { refusal, rememberedKey, authorize, mayPass, reply } = options
  const keyPaths = new KeyPaths("/users/login")
  return (request) => {
    if (request.method !== "POST") return undefined
    const keyPath = keyPaths.of(request.url)
    const fault = keyPath === undefined ? undefined : refusal()
    if (keyPath === undefined || fault === undefined) return undefined
    const principal = rememberedKey(keyPath, request)
    // Server code may log users in without a password.
    if (principal === undefined || principal.keyKind === "BL") return undefined
    try {
      authorize(principal, "user:login")
    } catch {
      return undefined
    }
    return mayPass(request, principal) ? (write) => fail(plainAnswer(write), reply(fault)) : undefined
  }
}
