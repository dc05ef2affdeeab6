import type { User } from "../../domain/user.ts"
import type { UserProperties } from "../../domain/user-properties.ts"

/** A user as SDKs read one (contract 6.1): properties beside what the server says, never a password. */
export function encodeUser(user: User, identityProperty: string, userToken?: string): UserProperties {
  return {
    ...user.properties,
    ...(user.identity !== undefined && { [identityProperty]: user.identity }),
    ___class: "Users",
    objectId: user.id,
    ownerId: user.id,
    userStatus: user.status,
    socialAccount: "BACKENDLESS",
    created: user.createdAt,
    updated: user.updatedAt ?? null,
    lastLogin: user.lastLoginAt ?? null,
    ...(userToken !== undefined && { "user-token": userToken }),
  }
}
