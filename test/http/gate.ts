import type { Route } from "../../src/http/route.ts"
import { get } from "./raw/case.ts"
import { Talk } from "./raw/talk.ts"
import { text } from "./toy-server.ts"

/** A door that a handler waits at, so that a test decides when a request is finished. */
export function gate(path = "/gate") {
  const arrived = Promise.withResolvers<AbortSignal>()
  const opened = Promise.withResolvers<void>()
  let isHere = false
  const route: Route = {
    ...text,
    path,
    handle: async ({ signal }) => {
      isHere = true
      arrived.resolve(signal)
      await opened.promise
      return { passed: true }
    },
  }
  return {
    route,
    arrived: arrived.promise,
    open: () => opened.resolve(),
    /** Whether a request has come, by the time that another connection was opened and served. */
    async hasArrived(port: number): Promise<boolean> {
      const other = await Talk.open(port)
      other.say(get("/nowhere"))
      await other.hear("No operation has this path.")
      other.hangUp()
      return isHere
    },
  }
}
