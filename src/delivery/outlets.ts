import type { Message } from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { Platform } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { PreparedPush } from "../provider/provider.ts"
import type { Carrier } from "./carrier.ts"
import { Outlet, type Source } from "./outlet.ts"
import type { Workplace } from "./workplace.ts"

/** Where devices of a platform go: out, or straight to the outcome that they all have. */
export type Route = Outlet | Outcome

/** A credential may be set, replaced or resumed while a segment is worked on. */
const FRESH_MS = 5_000

interface Known {
  readonly route: Route
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
      if (known !== undefined && now - known.foundAt < FRESH_MS) continue
      this.#known.set(platform, await this.#find(platform, known, now))
    }
  }

  /** The route of a platform that `find` was asked for. */
  at(platform: Platform): Route {
    return this.#known.get(platform)?.route ?? UNAVAILABLE
  }

  /** What devices of a platform wait for beyond their turn (obstacle.ts); undefined: for nothing that is known. */
  obstacle(platform: Platform): string | undefined {
    const route = this.at(platform)
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
      return known ?? { route: UNAVAILABLE, carrier: undefined, foundAt }
    }
    if (carrier === undefined) return { route: NO_CREDENTIAL, carrier, foundAt }
    const dispatcher = dispatchers.for(carrier)
    const isSame = known?.carrier?.key === carrier.key && known.carrier.provider === carrier.provider
    if (known !== undefined && isSame) return { ...known, carrier, foundAt }
    const push = this.#prepare(carrier, platform)
    if ("kind" in push) return { route: push, carrier, foundAt }
    const outlet = new Outlet(dispatcher, push, this.#source, this.#isExpress)
    this.#outlets.push(outlet)
    return { route: outlet, carrier, foundAt }
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

const NO_CREDENTIAL: Outcome = { kind: "suppressed", reason: "no_credential" }
const TOO_LARGE: Outcome = { kind: "payload_rejected", reason: "payload_too_large" }
const UNTRANSLATABLE: Outcome = { kind: "payload_rejected", reason: "not_translatable" }
const UNAVAILABLE: Outcome = { kind: "retry_later", reason: "carrier_unavailable" }
