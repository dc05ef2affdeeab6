import type { Platform } from "../domain/platform.ts"
import type { Provider } from "../provider/provider.ts"

/** A provider with the credential of one application (or the sandbox in its place). */
export interface Carrier {
  /** Names the credential; another one after it was replaced or its provider was opened anew. Limits are kept per key. */
  readonly key: string
  readonly provider: Provider
  /** Why nothing may be sent with the credential at present; undefined: it may. Asked before every push. */
  paused(): string | undefined
  /**
   * Stores the pause. `paused` answers with the reason from the call on, until somebody resumes the credential; where it
   * does not, nothing is paused (the sandbox). Called again later when it throws.
   */
  pause(reason: string): Promise<void>
}

export interface Carriers {
  /** What carries to a platform for an application; undefined: no credential and no sandbox. May throw on I/O failure. */
  find(application: number, platform: Platform): Promise<Carrier | undefined>
}
