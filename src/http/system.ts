import { Type } from "typebox"
import { DomainError } from "../domain/errors.ts"
import type { Route } from "./route.ts"

/** What an orchestrator asks: is the process alive, and may it be sent traffic? */

/** Why the server cannot do its work now, in a few words for people; undefined when it can. */
export type Readiness = () => Promise<string | undefined>

/** How long an orchestrator should wait before it asks again. */
const RETRY_AFTER_MS = 1000

export function systemRoutes(readiness: Readiness): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/healthz",
      permission: "open",
      summary: "Answers as long as the process is alive; restart it when this fails.",
      reply: Type.Object({ status: Type.Literal("ok") }),
      errors: [],
      handle: () => ({ status: "ok" }),
    },
    {
      method: "GET",
      path: "/readyz",
      permission: "open",
      summary: "Answers 200 when the server can do its work; route traffic elsewhere when it does not.",
      reply: Type.Object({ status: Type.Literal("ready") }),
      errors: ["unavailable"],
      handle: async () => {
        const obstacle = await readiness()
        if (obstacle === undefined) return { status: "ready" }
        throw new DomainError("unavailable", `Not ready: ${obstacle}.`, { retryAfterMs: RETRY_AFTER_MS })
      },
    },
  ]
}
