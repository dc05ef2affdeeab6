import type { Carrier } from "../../src/delivery/carrier.ts"
import { type Engine, openEngine } from "../../src/delivery/engine.ts"
import type { DeliverySettings } from "../../src/delivery/settings.ts"
import type { Platform } from "../../src/domain/platform.ts"
import type { OutcomeSink, OutgoingBatch, Provider, SendGate } from "../../src/provider/provider.ts"
import type { Clock } from "../../src/runtime/clock.ts"
import type { Log } from "../../src/runtime/log.ts"
import { seededRandom } from "../../src/runtime/random.ts"
import type { SegmentStore } from "../../src/store/message-store.ts"
import type { FakeProvider } from "./fake-provider.ts"
import type { DeliveryStore } from "./memory-store.ts"
import { toContent } from "./setup.ts"
import { wrap } from "./troubled-segments.ts"

/** What surrounds the nodes of a simulation: time, chance, the store behind its network, the credentials. */
export interface SimulatedWorld {
  readonly clock: Clock
  readonly log: Log
  readonly settings: DeliverySettings
  readonly store: DeliveryStore
  /** How likely a call of the store fails while there is trouble. */
  readonly storeErrors: number
  readonly isTroubled: boolean
  chance(probability: number): boolean
  integer(below: number): number
  readonly pick: <T>(choices: readonly T[]) => T
  /** How long one way to the store takes. */
  storeMs(): number
  later(ms: number, callback: () => void): void
  carrier(node: SimulatedNode, application: number, platform: Platform): Carrier | undefined
}

/** A process that can be killed or frozen: all that reaches its engine goes through here. */
export class SimulatedNode {
  readonly engine: Engine
  readonly clock: Clock
  isDead = false
  isDraining = false
  isDrained = false
  #isFrozen = false
  #backlog: (() => void)[] = []

  constructor(world: SimulatedWorld, name: string) {
    this.clock = this.#clock(world)
    this.engine = openEngine({
      store: { segments: this.#segments(world), devices: world.store.devices },
      carriers: { find: async (application, platform) => world.carrier(this, application, platform) },
      toContent,
      owner: name,
      clock: this.clock,
      random: seededRandom(world.integer(1_000_000)),
      log: world.log,
      settings: world.settings,
    })
    this.engine.start()
  }

  crash(): void {
    this.isDead = true
    this.#backlog = []
  }

  freeze(): void {
    this.#isFrozen = true
  }

  thaw(): void {
    this.#isFrozen = false
    const backlog = this.#backlog
    this.#backlog = []
    for (const callback of backlog) callback()
  }

  /** Runs a callback of the outside world in the process: never once it is dead, later while it is frozen. */
  deliver(callback: () => void): void {
    if (this.isDead) return
    if (this.#isFrozen) this.#backlog.push(callback)
    else callback()
  }

  #clock({ clock, pick }: SimulatedWorld): Clock {
    const skew = pick([0, 0, 200, -300])
    const after: Clock["after"] = (ms, callback) => clock.after(ms, () => this.deliver(callback))
    return {
      now: () => clock.now() + skew,
      monotonic: () => clock.monotonic(),
      after,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve()
          const cancel = after(ms, resolve)
          signal?.addEventListener("abort", () => {
            cancel()
            resolve()
          })
        }),
    }
  }

  /** The store behind a network: a call takes time, may fail, and may take effect although its caller died meanwhile. */
  #segments(world: SimulatedWorld): SegmentStore {
    const call = <T>(operation: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const apply = async () => {
          if (world.isTroubled && world.chance(world.storeErrors)) {
            this.deliver(() => reject(new Error("the store is out of order")))
            return
          }
          const result = await operation()
          world.later(world.storeMs(), () => this.deliver(() => resolve(result)))
        }
        if (!this.isDead) world.later(world.storeMs(), apply)
      })
    return wrap(world.store.segments, call)
  }
}

/** A provider as one node sees it: what it answers reaches only a living process. */
export function providerOn(node: SimulatedNode, provider: FakeProvider): Provider {
  return {
    name: provider.name,
    limits: provider.limits,
    prepare: (content, platform) => provider.prepare(content, platform),
    ready: (wanted, waiter) => {
      if (node.isDead) return { room: 0 }
      return provider.ready(wanted, { room: () => node.deliver(() => waiter.room()) })
    },
    offer: (batch: OutgoingBatch, from: number, gate: SendGate, sink: OutcomeSink) => {
      if (node.isDead) return 0
      // A dead process writes nothing: its gate is closed for good.
      const guardedGate: SendGate = (ticket) => (node.isDead ? { kind: "cancelled" } : gate(ticket))
      return provider.offer(batch, from, guardedGate, {
        settle: (ticket, outcome) => node.deliver(() => sink.settle(ticket, outcome)),
        room: () => node.deliver(() => sink.room()),
      })
    },
    close: () => provider.close(),
  }
}
