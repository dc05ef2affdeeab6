import { RESENDS } from "../domain/message.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { Platform } from "../domain/platform.ts"
import { EXPRESS_AUDIENCE_MAX, type RetryDevice } from "../store/message-store.ts"
import { Flight, type Results } from "./flight.ts"
import type { Outlet } from "./outlet.ts"
import type { HeldPlaces } from "./places.ts"
import { Recorder } from "./recorder.ts"
import { markSharedTokens } from "./shared-tokens.ts"
import { type Claiming, type Stop, Tenure } from "./tenure.ts"
import type { Workplace } from "./workplace.ts"

/** A retry beyond the budget comes back after 1 to 3 s. */
const BUDGET_PAUSE_MS = 1_000
/** Retries of a message that ends are taken up whether they are due or not. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER

/** Works on the devices of a claimed message that wait for another attempt and are due. */
export async function runRetries(workplace: Workplace, claiming: Claiming): Promise<void> {
  const tenure = new Tenure(workplace, claiming)
  const runner = new RetryRunner(workplace, tenure, claiming)
  try {
    await runner.run()
  } finally {
    tenure.leave()
    runner.leave()
  }
}

/** Batch by batch: a device is marked as reserved before it is sent to, and no page is read while one is in flight. */
class RetryRunner {
  readonly #workplace: Workplace
  readonly #tenure: Tenure
  readonly #flight: Flight
  readonly #recorder: Recorder
  readonly #places: HeldPlaces
  /** Those of the page that was read last. */
  #platforms: ReadonlySet<Platform> = new Set()
  /** Devices that are taken up at once. */
  readonly #batchMax: number
  #batchStart = 0
  #batchEnd = 0
  /** A device of the page can be sent to, but not now. */
  #obstructed: Outlet | undefined

  constructor(workplace: Workplace, tenure: Tenure, { claimed, lane }: Claiming) {
    const { audienceSize } = claimed.message
    const isExpress = audienceSize <= EXPRESS_AUDIENCE_MAX
    this.#workplace = workplace
    this.#tenure = tenure
    this.#batchMax = Math.min(workplace.settings.reservation, Math.max(1, audienceSize))
    this.#flight = new Flight(workplace, tenure, this.#batchMax, isExpress)
    this.#recorder = new Recorder(workplace, tenure, this.#flight)
    this.#places = workplace.places.hold(lane)
  }

  async run(): Promise<void> {
    const { clock } = this.#workplace
    for (;;) {
      const stop = this.#tenure.stop()
      if (stop === "paused" || stop === "draining") return this.#tenure.release(clock.now())
      const devices = await this.#read(isEnding(stop) ? END_OF_TIME : clock.now())
      if (devices === undefined) continue
      if (devices.length === 0) return this.#tenure.release(clock.now())
      const reserve = this.#takeUp(devices, this.#tenure.stop())
      if (this.#batchStart === this.#batchEnd) {
        await this.#recorder.pause(this.#obstructed)
        if (!(await this.#recorder.renewIfDue(""))) return
      } else if (!(await this.#store(reserve)) || !(await this.#sendBatch())) return
    }
  }

  /** Nothing is kept for this runner any more. */
  leave(): void {
    this.#flight.leave()
    this.#places.shrink(0)
  }

  async #read(dueBy: number): Promise<readonly RetryDevice[] | undefined> {
    const { segments } = this.#workplace
    const page = await this.#tenure.read(() => segments.retryPage(this.#tenure.claim, dueBy, this.#batchMax))
    const devices = page && (await markSharedTokens(page, this.#tenure, segments))
    if (devices === undefined) return undefined
    this.#platforms = new Set(devices.flatMap(({ platform }) => platform ?? []))
    await this.#flight.outlets.find(this.#platforms)
    return devices
  }

  /** Admits a batch, without those that could not be sent to at once; returns the registrations that will be sent to. */
  #takeUp(devices: readonly RetryDevice[], stop: Stop | undefined): readonly number[] {
    const reserve: number[] = []
    this.#places.shrink(0)
    const places = this.#places.grow(devices.length)
    this.#batchStart = this.#batchEnd
    this.#obstructed = undefined
    this.#flight.outlets.forgetVacancies()
    for (const device of devices) {
      if (reserve.length >= places) break
      if (!isEnding(stop) && !device.uncertain && this.#isObstructed(device)) continue
      const ticket = this.#batchEnd
      const doubts = device.uncertain ? 1 : 0
      this.#batchEnd += 1
      this.#flight.hold(ticket, device, {
        attempts: device.attempts + doubts,
        copies: device.copies + doubts,
        reason: device.reason,
      })
      if (isEnding(stop)) this.#flight.settle(ticket, ending(stop))
      else if (device.uncertain) this.#takeUpUncertain(ticket, device)
      else if (this.#maySend(ticket, device)) reserve.push(device.registration)
    }
    return reserve
  }

  #isObstructed(device: RetryDevice): boolean {
    const outlet = this.#flight.obstructed(device)
    this.#obstructed ??= outlet
    return outlet !== undefined
  }

  /** Sent by an owner that crashed: the copy is made durable first, then the device comes with the next page. */
  #takeUpUncertain(ticket: number, device: RetryDevice): void {
    const isCopyLeft = device.copies + 1 <= RESENDS[this.#tenure.message.delivery]
    if (isCopyLeft) this.#flight.postpone(ticket, this.#workplace.clock.now(), "crash")
    else this.#flight.settle(ticket, { kind: "outcome_unknown", reason: "crash" })
  }

  #maySend(ticket: number, device: RetryDevice): boolean {
    const { clock, random } = this.#workplace
    const outlet = this.#flight.judge(ticket)
    if (outlet === undefined) return false
    if (device.attempts === 0 || outlet.dispatcher.budget.take(clock.monotonic())) return true
    const notBefore = clock.now() + Math.ceil(BUDGET_PAUSE_MS * (1 + 2 * random.fraction()))
    this.#flight.postpone(ticket, notBefore, "retry_budget")
    return false
  }

  /** Sends what the batch reserved and waits for the answers. False: the segment is lost or was given back. */
  async #sendBatch(): Promise<boolean> {
    const { clock, shutdown } = this.#workplace
    while (this.#flight.open > 0) {
      // The credential may have paused, and another taken its place.
      await this.#flight.outlets.find(this.#platforms)
      const stop = this.#tenure.stop()
      this.#flight.withdraw(stop === undefined)
      if (stop === undefined) this.#send()
      else this.#setAside(stop)
      const isHurried = shutdown.hurry.aborted && this.#flight.inFlight > 0
      if (!(await this.#saveIfNeeded())) return false
      if (isHurried) {
        await this.#tenure.release(clock.now())
        return false
      }
      await this.#recorder.pause()
    }
    return this.#saveIfNeeded()
  }

  #send(): void {
    for (let ticket = this.#batchStart; ticket < this.#batchEnd; ticket += 1) this.#flight.send(ticket)
    this.#flight.flush()
  }

  #setAside(stop: Stop): void {
    for (let ticket = this.#batchStart; ticket < this.#batchEnd; ticket += 1) {
      if (isEnding(stop)) this.#flight.settle(ticket, ending(stop))
      else this.#flight.postpone(ticket, this.#workplace.clock.now(), "not_now")
    }
  }

  #saveIfNeeded(): Promise<boolean> {
    return this.#flight.unsaved > 0 ? this.#store([]) : this.#recorder.renewIfDue("")
  }

  #store(reserve: readonly number[]): Promise<boolean> {
    const { segments } = this.#workplace
    return this.#recorder.store(({ settled, retries }: Results, leaseUntil, now) =>
      segments.checkpointRetries(this.#tenure.claim, { settled, retries, reserve, leaseUntil, now }),
    )
  }
}

function isEnding(stop: Stop | undefined): stop is "expired" | "cancelled" {
  return stop === "expired" || stop === "cancelled"
}

/** What each device waited for is on record with it. */
function ending(stop: "expired" | "cancelled"): Outcome {
  return stop === "expired" ? { kind: stop, reason: "" } : { kind: stop }
}
