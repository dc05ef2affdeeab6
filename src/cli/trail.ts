import { actorOf } from "../service/audit.ts"
import type { Services } from "../service/services.ts"

/** Leaves the trace of a command that changed something, as the management API does of its calls. */
export async function noteChange(
  { audit }: Pick<Services, "audit">,
  action: string,
  target: string,
  /** The public id of the application that it concerns; undefined: the server, or not known. */
  application?: string,
): Promise<void> {
  const actor = actorOf({ kind: "system" })
  await audit.append({ actor, action, application, target, details: {} })
}
