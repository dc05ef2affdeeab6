import type { Config } from "../config/config.ts"
import type { PushFigures } from "../delivery/push-counts.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Services } from "../service/services.ts"
import type { MessageChanges } from "./message-changes.ts"
import type { Storage } from "./storage.ts"

/** What an attachment may build on. */
export interface ServerParts {
  readonly config: Config
  /** An attachment that needs secrets must not start unless `storage.masterKey` is "good". */
  readonly storage: Storage
  readonly services: Services
  /** What was published or changed on this node: wakes the engine. */
  readonly messageChanges: MessageChanges
  readonly clock: Clock
  readonly random: Random
  readonly openLog: (subsystem: string) => Log
}

/** Something that runs beside the HTTP server, such as the delivery engine. */
export interface Attachment {
  /** Finishes what is under way until the signal aborts, then ends. */
  close(signal: AbortSignal): Promise<void>
  /** Of one that sends pushes. */
  figures?(): PushFigures
}

/** Starts one. Throwing ends the start of the whole server. */
export type Attach = (parts: ServerParts) => Promise<Attachment>

/** The last one first, since it may build on the others. One that fails does not spare the others. */
export async function closeInReverse(attached: readonly Attachment[], signal: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const attachment of attached.toReversed()) {
    await attachment.close(signal).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}
