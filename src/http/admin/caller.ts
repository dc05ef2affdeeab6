import type { AdministratorPrincipal } from "../../policy/principal.ts"

/** Keeps the Idempotency-Keys of different callers apart: a person has the same in every browser. */
export function callerName({ via, label }: AdministratorPrincipal): string {
  if (via?.kind === "session") return `administrator ${via.administrator}`
  return via?.kind === "token" ? `token ${via.token}` : label
}
