import { actorOf } from "../service/audit.ts"
import type { Services } from "../service/services.ts"

export interface Noted<T> {
  readonly action: string
  /** The public id of the application that it concerns; undefined: the server, or not known. */
  readonly application?: string
  /** What it is done to, or how to tell it by the result. */
  readonly target: string | ((result: T) => string)
}

/** Makes a change that leaves its trace, as the management API does of its calls. */
export function noted<T>(
  { audit }: Pick<Services, "audit">,
  { action, application, target }: Noted<T>,
  change: () => Promise<T>,
): Promise<T> {
  const told = (text: string) => ({ actor: actorOf({ kind: "system" }), action, application, target: text })
  return typeof target === "string"
    ? audit.note(told(target), change, () => told(target))
    : audit.note(told(""), change, (result) => told(target(result)))
}
