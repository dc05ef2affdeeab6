import type { Outcome } from "../domain/outcome.ts"
import type { Platform, ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { Authorization } from "./authorization.ts"
import type { Answer, ClientTimings, RequestTemplate } from "./http2/client.ts"
import type { PreparedPush, Provider } from "./provider.ts"

/** What every provider is opened with besides its credential. */
export interface ProviderSetup {
  /** Sends go to this origin (a simulator or proxy) instead of the provider's own. */
  readonly origin?: string
  /** PEM of the authorities to trust instead of the well-known ones. */
  readonly ca?: string
  readonly timings?: Partial<ClientTimings>
  /** Pushes in flight at most; each provider has a default. */
  readonly inFlightMax?: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** A message translated for a provider, as the provider's own `prepare` returns it. */
export interface TranslatedPush extends PreparedPush {
  readonly payloadBytesMax: number
  /** Milliseconds since 1970; the provider's time to live is derived from it when sending (reliability.md 4.5). */
  readonly expiresAt: number
  /** Why it cannot be sent to anybody, in words that help: what is wrong and what would be right. */
  readonly problem?: string
}

/** What an answer means: for the push, and for what is shared with other pushes. */
export interface Verdict {
  readonly outcome: Outcome
  /** Our access token was refused: renew it and send the push once more, else settle the outcome. */
  readonly isTokenRefused?: true
  /** Not accepted, but nobody gets this answer whose access token the provider does not take. */
  readonly provesToken?: true
  /** Send nothing more on the connection that answered. */
  readonly retiresConnection?: true
}

/** One provider's wire protocol, as `PushFlow` needs it. All methods are pure. */
export interface PushProtocol<Push extends TranslatedPush> {
  readonly name: ProviderName
  readonly limits: Provider["limits"]
  /**
   * A renewed access token goes on new connections only (Apple's rule, providers.md 2.2): the one that refused the old one
   * takes none any more.
   */
  readonly renewsOnNewConnections: boolean
  translate(content: PushContent, platform: Platform): Push
  /** What of the time to live is written into the request, now: the template is rebuilt when it changes. */
  lifetime(push: Push, now: number): number
  template(push: Push, authorization: Authorization, lifetime: number): RequestTemplate
  /** The token as it goes into the request; undefined when it cannot be a token of this provider. */
  address(token: string): string | undefined
  interpret(answer: Answer, push: Push): Verdict
}

/** The whole seconds from `now` to the expiry, at most `secondsMax`; below 1 nothing is sent (reliability.md 4.5). */
export function secondsToLive(expiresAt: number, now: number, secondsMax = Number.POSITIVE_INFINITY): number {
  return Math.min(Math.floor((expiresAt - now) / 1000), secondsMax)
}

/** The problem of a payload that is too large, naming size and limit; undefined when it fits. */
export function sizeProblem(provider: string, bytes: number, bytesMax: number): string | undefined {
  if (bytes <= bytesMax) return undefined
  return `the payload has ${bytes} bytes; ${provider} takes at most ${bytesMax}`
}
