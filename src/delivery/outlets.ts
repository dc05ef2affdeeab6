import type { Message } from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { Platform } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { PreparedPush } from "../provider/provider.ts"
import type { Carrier } from "./carrier.ts"
import type { Dispatcher } from "./dispatcher.ts"
import { Outlet, type Source } from "./outlet.ts"
import type { Workplace } from "./workplace.ts"

/** Where devices of a platform go: out, or straight to the outcome that they all have. */
export type Route = Outlet | Outcome

/**
 * A credential may be set, replaced or resumed while a segment is worked on. One that is missing or paused is asked for
 * anew: that it cannot be used is final for a device, and another may have been set. Whoever finds a new one has the provider
 * of the old one closed: the other runners must find it before that counts as unreachable (limiter.ts).
 */
const FRESH_MS = 500

interface Known {
  readonly route: Route
  /** The credential was paused when it was found. */
  readonly refusal: Outcome | undefined
  readonly carrier: Carrier | undefined
  readonly foundAt: number
}

/** The ways out for the message of one runner, one for each platform, with the message translated once for each. */
export class Outlets {
  readonly #workplace: Workplace
  readonly #message: Message
  readonly #source: Source
  readonly #isExpress: boolean
  readonly #known = new Map<Platform, Known>()
  /** Those of replaced credentials, too: pushes may still wait in them. */
  readonly #outlets: Outlet[] = []
  #content: PushContent | undefined

  constructor(workplace: Workplace, message: Message, source: Source, isExpress: boolean) {
    this.#workplace = workplace
    this.#message = message
    this.#source = source
    this.#isExpress = isExpress
  }

  /** Looks up what carries to the platforms, unless that was done a moment ago. */
  async find(platforms: Iterable<Platform>): Promise<void> {
    for (const platform of platforms) {
      const now = this.#workplace.clock.monotonic()
      const known = this.#known.get(platform)
      if (known !== undefined && now - known.foundAt < FRESH_MS && !isFinalForDevices(known)) continue
      this.#known.set(platform, await this.#find(platform, known, now))
    }
  }

  /**
   * The route of a platform that `find` was asked for. A credential that has paused since is still a way out: the send gate
   * lets nothing through, and whether another took its place is known after the next `find`.
   */
  at(platform: Platform): Route {
    const known = this.#known.get(platform)
    return known?.refusal ?? known?.route ?? UNAVAILABLE
  }

  /** What devices of a platform wait for beyond their turn (obstacle.ts); undefined: for nothing that is known. */
  obstacle(platform: Platform): string | undefined {
    const route = this.#known.get(platform)?.route ?? UNAVAILABLE
    if (route instanceof Outlet) return route.dispatcher.obstacle()
    return "reason" in route ? route.reason : undefined
  }

  /** Before a round of reservations. */
  forgetVacancies(): void {
    for (const outlet of this.#outlets) outlet.forgetVacancies()
  }

  /** Sends what was handed to the outlets on its way. */
  flush(): void {
    for (const outlet of this.#outlets) outlet.dispatcher.enqueue(outlet)
  }

  /** Takes back what no provider has taken yet; with `blockedOnly`, only where it has no prospect of going out soon. */
  withdraw(blockedOnly: boolean): readonly number[] {
    const tickets: number[] = []
    for (const outlet of this.#outlets) {
      if (!blockedOnly || outlet.dispatcher.blockedMs() > 0) tickets.push(...outlet.withdraw())
    }
    return tickets
  }

  async #find(platform: Platform, known: Known | undefined, foundAt: number): Promise<Known> {
    const { carriers, dispatchers, log } = this.#workplace
    let carrier: Carrier | undefined
    try {
      carrier = await carriers.find(this.#message.application, platform)
    } catch (error) {
      log.error(
        { application: this.#message.application, platform, err: error },
        "no carrier could be opened",
      )
      const isUsable = known !== undefined && !isFinalForDevices(known)
      return isUsable ? known : { ...NOWHERE, route: UNAVAILABLE, foundAt }
    }
    if (carrier === undefined) return { ...NOWHERE, route: NO_CREDENTIAL, foundAt }
    const dispatcher = dispatchers.for(carrier)
    const refusal = pausedOutcome(dispatcher)
    const isSame = known?.carrier?.key === carrier.key && known.carrier.provider === carrier.provider
    if (known !== undefined && isSame) {
      return { ...known, refusal: known.route instanceof Outlet ? refusal : undefined, carrier, foundAt }
    }
    const push = this.#prepare(carrier, platform)
    if ("kind" in push) return { route: push, refusal: undefined, carrier, foundAt }
    const outlet = new Outlet(dispatcher, push, this.#source, this.#isExpress)
    this.#outlets.push(outlet)
    return { route: outlet, refusal, carrier, foundAt }
  }

  #prepare(carrier: Carrier, platform: Platform): PreparedPush | Outcome {
    const { log, toContent } = this.#workplace
    try {
      this.#content ??= toContent(this.#message)
      const push = carrier.provider.prepare(this.#content, platform)
      return push.payloadBytes > carrier.provider.limits.payloadBytesMax ? TOO_LARGE : push
    } catch (error) {
      // A mistake of ours, and one that would come back with every attempt: the message must not stay open for it.
      log.error({ message: this.#message.id, platform, err: error }, "a message could not be translated")
      return UNTRANSLATABLE
    }
  }
}

/** Whether devices would be refused for good because of the credential, or because there is none. */
function isFinalForDevices({ route, refusal }: Known): boolean {
  if (refusal !== undefined) return true
  return route instanceof Outlet ? route.dispatcher.paused() !== undefined : route === NO_CREDENTIAL
}

/** A paused credential is final for the device: after its repair the log names whom to send to again. */
function pausedOutcome(dispatcher: Dispatcher): Outcome | undefined {
  const reason = dispatcher.paused()
  return reason === undefined ? undefined : { kind: "credential_refused", reason, scope: "credential" }
}

const NOWHERE = { refusal: undefined, carrier: undefined }
const NO_CREDENTIAL: Outcome = { kind: "suppressed", reason: "no_credential" }
const TOO_LARGE: Outcome = { kind: "payload_rejected", reason: "payload_too_large" }
const UNTRANSLATABLE: Outcome = { kind: "payload_rejected", reason: "not_translatable" }
const UNAVAILABLE: Outcome = { kind: "retry_later", reason: "carrier_unavailable" }
