import type { Outcome } from "../domain/outcome.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Log } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { AuthorizationChanged, AuthorizationSource, AuthorizationState } from "./authorization.ts"
import { backOffMs } from "./back-off.ts"
import { type FormReply, postForm } from "./form-post.ts"
import { jsonObjectOf } from "./json-object.ts"
import { retryAfterMs } from "./retry-after.ts"

export interface OAuthOptions {
  readonly tokenUrl: string
  /** The form of one exchange, made anew each time because it may contain a signed, short-lived assertion. */
  readonly form: () => Readonly<Record<string, string>>
  readonly ca?: string | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly changed: AuthorizationChanged
}

const EXCHANGE_MS_MAX = 15_000
const REFRESH_BEFORE_EXPIRY_MS = 5 * 60_000
/** Exchanges made because a token was refused are at least this far apart, or a credential refused for good fetches on and on. */
const FORCED_EXCHANGE_GAP_MS = 60_000
/** A refused credential is tried again when pushes ask for it: somebody may have repaired it on the other side. */
const REFUSED_PAUSE_MS = 30_000
const BACK_OFF = { minMs: 1_000, maxMs: 60_000 }
const LIFETIME_S_DEFAULT = 3_600
const HEADER_SAFE = /^[\x21-\x7e]+$/

interface Token {
  readonly state: AuthorizationState & { kind: "ready" }
  /** All by the monotonic clock, in milliseconds. */
  readonly refreshAt: number
  readonly expiresAt: number
}

interface Failure {
  readonly outcome: Outcome
  readonly retryAt: number
}

/**
 * The access token of one OAuth credential: at most one exchange at a time, refreshed 5 minutes before it expires while
 * the old one still serves. 4xx of the exchange is a fault of the credential; 5xx, a bad reply and silence are not
 * (providers.md 1.2).
 */
export class OAuthTokens implements AuthorizationSource {
  readonly #options: OAuthOptions
  readonly #abort = new AbortController()
  #token: Token | undefined
  #failure: Failure | undefined
  #failures = 0
  #version = 0
  /** The newest version that the provider took. */
  #served = 0
  #isExchanging = false
  #forcedAt: number | undefined

  constructor(options: OAuthOptions) {
    this.#options = options
  }

  current(): AuthorizationState {
    const now = this.#options.clock.monotonic()
    const token = this.#token
    if (token === undefined || now >= token.refreshAt) this.#startExchange(now)
    if (token !== undefined && now < token.expiresAt) return token.state
    if (this.#isExchanging || this.#failure === undefined) return { kind: "pending" }
    const afterMs = Math.max(0, Math.ceil(this.#failure.retryAt - now))
    return { kind: "failed", outcome: withPause(this.#failure.outcome, afterMs), afterMs }
  }

  served(version: number): void {
    if (version > this.#served) this.#served = version
  }

  refused(version: number): "renewed" | "stale" | "later" | "hopeless" {
    const token = this.#token
    if (token === undefined || version < token.state.authorization.version) return "stale"
    const now = this.#options.clock.monotonic()
    if (this.#forcedAt !== undefined && now - this.#forcedAt < FORCED_EXCHANGE_GAP_MS) {
      return version <= this.#served ? "later" : "hopeless"
    }
    this.#forcedAt = now
    this.#token = undefined
    this.#startExchange(now)
    return "renewed"
  }

  close(): void {
    this.#abort.abort()
  }

  #startExchange(now: number): void {
    const isTooEarly = this.#failure !== undefined && now < this.#failure.retryAt
    if (this.#isExchanging || isTooEarly || this.#abort.signal.aborted) return
    this.#isExchanging = true
    this.#exchange(now).then(
      () => this.#ended(),
      (error: Error & { code?: string }) => {
        this.#failed({ kind: "retry_later", reason: `token exchange: ${error.code ?? error.message}` })
        this.#ended()
      },
    )
  }

  async #exchange(startedAt: number): Promise<void> {
    const { tokenUrl, form, ca, clock } = this.#options
    const signal = this.#abort.signal
    const reply = await postForm({
      url: tokenUrl,
      form: form(),
      ca,
      timeoutMs: EXCHANGE_MS_MAX,
      clock,
      signal,
    })
    const grant = reply.status === 200 ? grantOf(reply.body) : undefined
    if (grant === undefined) return this.#failed(exchangeFault(reply, clock.now()))
    this.#version += 1
    this.#failure = undefined
    this.#failures = 0
    const authorization = { value: `Bearer ${grant.accessToken}`, version: this.#version }
    const lifetimeMs = grant.lifetimeS * 1000
    const expiresAt = startedAt + lifetimeMs
    const refreshAt = expiresAt - Math.min(REFRESH_BEFORE_EXPIRY_MS, lifetimeMs / 2)
    this.#token = { state: { kind: "ready", authorization }, refreshAt, expiresAt }
  }

  #failed(outcome: Outcome): void {
    const { clock, random, log, tokenUrl } = this.#options
    if (this.#abort.signal.aborted) return
    this.#failures += 1
    const backOff = backOffMs(this.#failures, BACK_OFF, random)
    const asked = "afterMs" in outcome ? (outcome.afterMs ?? 0) : 0
    const pause = outcome.kind === "credential_refused" ? REFUSED_PAUSE_MS : Math.max(backOff, asked)
    this.#failure = { outcome, retryAt: clock.monotonic() + pause }
    log.warn({ tokenUrl: new URL(tokenUrl).origin, outcome }, "an access token could not be fetched")
  }

  #ended(): void {
    this.#isExchanging = false
    if (!this.#abort.signal.aborted) this.#options.changed()
  }
}

function withPause(outcome: Outcome, afterMs: number): Outcome {
  return outcome.kind === "retry_later" ? { ...outcome, afterMs } : outcome
}

function grantOf(body: string): { readonly accessToken: string; readonly lifetimeS: number } | undefined {
  const reply = jsonObjectOf(body)
  const accessToken = reply?.["access_token"]
  if (typeof accessToken !== "string" || !HEADER_SAFE.test(accessToken)) return undefined
  // A number with Google, a text with Microsoft (providers.md 3.1).
  const lifetimeS = Number(reply?.["expires_in"])
  return { accessToken, lifetimeS: lifetimeS > 0 ? lifetimeS : LIFETIME_S_DEFAULT }
}

/** What a reply without a token means for the pushes that wait for one. */
function exchangeFault(reply: FormReply, now: number): Outcome {
  const isRefusal = reply.status >= 300 && reply.status < 500 && reply.status !== 408 && reply.status !== 429
  const reason = `token exchange: ${errorCode(reply.body) ?? `status ${reply.status}`}`
  if (isRefusal) return { kind: "credential_refused", reason, scope: "credential" }
  const afterMs = retryAfterMs(reply.retryAfter, now)
  return { kind: "retry_later", reason, ...(afterMs === undefined ? {} : { afterMs }) }
}

/** The OAuth error code and, because it names a wrong clock, Google's sentence about short-lived tokens. */
function errorCode(body: string): string | undefined {
  const reply = jsonObjectOf(body)
  const code = reply?.["error"]
  if (typeof code !== "string" || !/^[\w.-]{1,60}$/.test(code)) return undefined
  const isClockFault = String(reply?.["error_description"]).includes("short-lived token")
  return isClockFault ? `${code} (is the clock of this machine right?)` : code
}
