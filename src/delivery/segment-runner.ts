import { RESENDS } from "../domain/message.ts"
import { othersWaitingFor } from "../domain/obstacle.ts"
import type { Outcome } from "../domain/outcome.ts"
import { PLATFORMS, type ProviderName, providerOf } from "../domain/platform.ts"
import { type AudienceDevice, EXPRESS_AUDIENCE_MAX, type SegmentProgress } from "../store/message-store.ts"
import { AudienceReader } from "./audience-reader.ts"
import { Flight, type History, NO_HISTORY } from "./flight.ts"
import type { Outlet } from "./outlet.ts"
import { Pass } from "./pass.ts"
import type { HeldPlaces } from "./places.ts"
import { Recorder } from "./recorder.ts"
import { type Claiming, type Stop, Tenure } from "./tenure.ts"
import type { Workplace } from "./workplace.ts"

/** Devices settled without sending that one checkpoint may store. */
const VERDICTS_MAX = 512

type Position = Pick<SegmentProgress, "cursor" | "reserved" | "doneAbove" | "pass" | "obstacle">

/** Works on a claimed slice of the audience until it is finished, lost, or to be given back. */
export async function runSegment(workplace: Workplace, claiming: Claiming): Promise<void> {
  const tenure = new Tenure(workplace, claiming)
  const runner = new SegmentRunner(workplace, tenure, claiming)
  try {
    await runner.run()
  } finally {
    tenure.leave()
    runner.leave()
  }
}

/**
 * The fan-out of reliability 4.3. Tickets number the devices of this run in the order of the audience:
 * `head` ≤ `durable` ≤ `planned`. Below head everything is done; up to durable the stored reservation reaches, so these
 * may be sent; up to planned the next checkpoint will reserve: only what can be sent to at once.
 */
class SegmentRunner {
  readonly #workplace: Workplace
  readonly #tenure: Tenure
  readonly #flight: Flight
  readonly #pass: Pass
  /** Those that carry to devices of the message. */
  readonly #providers: readonly ProviderName[]
  readonly #reader: AudienceReader
  readonly #recorder: Recorder
  readonly #places: HeldPlaces
  readonly #claimed: Claiming["claimed"]
  /** Done by an earlier owner, above the cursor, and not met yet. */
  readonly #doneEarlier: Set<number>
  /** Up to here, an earlier owner may have taken up devices in this pass. */
  readonly #takenEarlier: number
  #head = 0
  #durable = 0
  #planned = 0
  #cursor: number
  #reserved: number
  /** Devices that a crashed owner left in doubt come first. */
  #hasDoubts: boolean
  /** The next device can be sent to, but not now. */
  #obstructed: Outlet | undefined
  /** What the devices that were not taken up yet wait for beyond their turn. */
  #obstacle: string

  constructor(workplace: Workplace, tenure: Tenure, { claimed, lane }: Claiming) {
    const { audience, audienceSize } = claimed.message
    const isExpress = audienceSize <= EXPRESS_AUDIENCE_MAX
    this.#workplace = workplace
    this.#tenure = tenure
    this.#claimed = claimed
    this.#flight = new Flight(workplace, tenure, this.#spanMax, isExpress)
    this.#pass = new Pass(claimed.pass)
    this.#providers = (audience.platforms ?? PLATFORMS).flatMap((platform) => providerOf(platform) ?? [])
    this.#reader = new AudienceReader(workplace, tenure, this.#flight.outlets, this.#pass, claimed.cursor)
    this.#recorder = new Recorder(workplace, tenure, this.#flight)
    this.#places = workplace.places.hold(lane)
    this.#doneEarlier = new Set(claimed.doneAbove)
    this.#takenEarlier = Math.max(claimed.reserved, ...claimed.doneAbove)
    this.#cursor = claimed.cursor
    this.#reserved = claimed.reserved
    this.#hasDoubts = claimed.cursor < claimed.reserved
    this.#obstacle = claimed.obstacle
  }

  async run(): Promise<void> {
    // Only the store knows how many wait for a retry, and a claim does not tell.
    const mayBeCrowded = this.#claimed.message.audienceSize > this.#workplace.settings.retryingMax
    if (mayBeCrowded && !(await this.#tenure.renew(this.#obstacle))) return
    for (;;) {
      const stop = this.#stop()
      if (stop === undefined) {
        if (!(await this.#plan())) continue
        if (this.#isComplete && this.#pass.leavesOut) return this.#turnBack()
        if (this.#isComplete) return this.#finish({ kind: "suppressed", reason: "left_audience" })
      } else {
        this.#flight.withdraw()
        if (this.#flight.inFlight === 0 || this.#isHurried) return this.#end(stop)
      }
      if (!(await this.#save())) return
      if (this.#stop() === undefined) this.#send()
      await this.#recorder.pause(this.#obstructed)
    }
  }

  /** Nothing is kept for this runner any more. */
  leave(): void {
    this.#flight.leave()
    this.#places.shrink(0)
  }

  /** No more than the message has devices: most messages have one, and thousands of them may be worked on in a second. */
  get #spanMax(): number {
    return Math.min(2 * this.#workplace.settings.reservation, Math.max(1, this.#claimed.message.audienceSize))
  }

  get #isHurried(): boolean {
    return this.#workplace.shutdown.hurry.aborted
  }

  get #isComplete(): boolean {
    return this.#reader.isAtEnd && this.#flight.open === 0
  }

  get #hasRoom(): boolean {
    return this.#planned - this.#head < this.#spanMax && this.#flight.unsaved < VERDICTS_MAX
  }

  /** "crowded": so many devices wait for a retry with each provider that this pass is for. */
  #stop(): Stop | "crowded" | undefined {
    return this.#tenure.stop() ?? (this.#isCrowded ? "crowded" : undefined)
  }

  get #isCrowded(): boolean {
    const providers = this.#providers.filter((provider) => this.#pass.isFor(provider))
    return providers.length > 0 && providers.every((provider) => this.#tenure.isCrowded(provider))
  }

  /** Takes up devices as far as the window reaches. False: the engine is being stopped and the store does not answer. */
  async #plan(): Promise<boolean> {
    const { reservation } = this.#workplace.settings
    this.#flight.withdraw(true)
    if (!(await this.#reader.fill(reservation))) return false
    this.#advance()
    this.#obstructed = undefined
    const planned = this.#planned
    if (this.#hasDoubts) this.#takeUpDoubts()
    else this.#reserve(this.#places.grow(reservation))
    if (!this.#pass.leavesOut) this.#obstacle = this.#obstacleNow(this.#planned > planned)
    return true
  }

  /** While nothing is taken up, what was known of an obstruction holds until something else is known. */
  #obstacleNow(isMoving: boolean): string {
    if (this.#obstructed === undefined) return ""
    return this.#obstructed.dispatcher.obstacle() ?? (isMoving ? "" : this.#obstacle)
  }

  /** Takes up devices until so many are open, or until one cannot be sent to at once. */
  #reserve(places: number): void {
    this.#flight.outlets.forgetVacancies()
    for (let next = this.#reader.peek; next !== undefined; next = this.#reader.peek) {
      if (!this.#hasRoom || this.#flight.open >= places) return
      if (this.#isToBeLeftOut(next)) {
        this.#leaveOut(next)
        continue
      }
      this.#obstructed = this.#doneEarlier.has(next.registration) ? undefined : this.#flight.obstructed(next)
      if (this.#obstructed !== undefined) return
      const ticket = this.#takeUp(next, NO_HISTORY)
      this.#reserved = next.registration
      this.#flight.judge(ticket)
      if (ticket === this.#head) this.#advance()
    }
  }

  /** Too many devices wait for its provider, and no earlier owner can have taken up this one or any of them after it. */
  #isToBeLeftOut({ platform, registration }: AudienceDevice): boolean {
    const provider = providerOf(platform)
    return provider !== undefined && registration > this.#takenEarlier && this.#tenure.isCrowded(provider)
  }

  /** The device and all of its provider that come after it are left to the next pass. */
  #leaveOut({ platform, registration }: AudienceDevice): void {
    const obstacle = platform && this.#flight.outlets.obstacle(platform)
    const provider = providerOf(platform)
    if (provider !== undefined) this.#pass.leaveOut(provider, registration - 1)
    this.#reader.sift()
    this.#obstacle = othersWaitingFor(obstacle || this.#flight.obstacle || this.#obstacle)
  }

  /**
   * Takes up the block that a crashed owner left in doubt. If the copy budget allows another copy, the devices go to the
   * retry list, where their first copy is on record before a second is sent.
   */
  #takeUpDoubts(): void {
    const { message, reserved } = this.#claimed
    const { clock } = this.#workplace
    for (let next = this.#reader.peek; next !== undefined; next = this.#reader.peek) {
      if (!this.#hasRoom || next.registration > reserved) break
      const ticket = this.#takeUp(next, IN_DOUBT)
      if (RESENDS[message.delivery] > 0) this.#flight.postpone(ticket, clock.now(), "crash")
      else this.#flight.settle(ticket, { kind: "outcome_unknown", reason: "crash" })
      if (ticket === this.#head) this.#advance()
    }
    this.#hasDoubts = !this.#reader.isPast(reserved)
  }

  /** Takes in the next device of the audience. */
  #takeUp(device: AudienceDevice, history: History): number {
    this.#reader.take()
    const ticket = this.#planned
    this.#planned += 1
    if (this.#doneEarlier.delete(device.registration)) this.#flight.skip(ticket, device)
    else this.#flight.hold(ticket, device, history)
    return ticket
  }

  #advance(): void {
    while (this.#head < this.#planned && this.#flight.isDone(this.#head)) {
      this.#cursor = this.#flight.registration(this.#head)
      this.#head += 1
    }
  }

  #send(): void {
    for (let ticket = this.#head; ticket < this.#durable; ticket += 1) this.#flight.send(ticket)
    this.#flight.flush()
  }

  /** Stores what there is to store, or renews the lease when it is time. False: the segment is lost. */
  async #save(): Promise<boolean> {
    if (this.#flight.unsaved === 0 && this.#planned === this.#durable)
      return this.#recorder.renewIfDue(this.#obstacle)
    const planned = this.#planned
    const open = this.#flight.open
    if (!(await this.#checkpoint(this.#position()))) return false
    this.#durable = planned
    this.#places.shrink(open)
    return true
  }

  #checkpoint(position: Position): Promise<boolean> {
    const { segments } = this.#workplace
    return this.#recorder.store((results, leaseUntil, now) =>
      segments.checkpoint(this.#tenure.claim, { ...position, ...results, leaseUntil, now }),
    )
  }

  async #finish(rest: Outcome): Promise<void> {
    const { segments } = this.#workplace
    const position = this.#position()
    await this.#recorder.store((results, leaseUntil, now) =>
      segments.finish(this.#tenure.claim, { ...position, ...results, leaseUntil, now }, rest),
    )
  }

  #position(): Position {
    this.#advance()
    const doneAbove: number[] = []
    for (let ticket = this.#head; ticket < this.#planned; ticket += 1) {
      if (this.#flight.isDone(ticket)) doneAbove.push(this.#flight.registration(ticket))
    }
    for (const registration of this.#doneEarlier) {
      if (registration > this.#cursor) doneAbove.push(registration)
    }
    const reserved = Math.max(this.#reserved, this.#cursor)
    return { cursor: this.#cursor, reserved, doneAbove, pass: this.#pass.stored, obstacle: this.#obstacle }
  }

  /**
   * Everybody on this way had a turn: whoever claims the segment next begins with the first who was left out. The outcomes
   * are stored before, with the cursor where it is: by it the store knows those that it was told of already.
   */
  async #turnBack(): Promise<void> {
    if (!(await this.#checkpoint(this.#position()))) return
    const { cursor, pass } = this.#pass.next()
    const position = { cursor, reserved: cursor, doneAbove: [], pass, obstacle: this.#obstacle }
    if (await this.#checkpoint(position)) await this.#tenure.release(this.#workplace.clock.now())
  }

  async #end(stop: Stop | "crowded"): Promise<void> {
    const isFinal = stop === "expired" || stop === "cancelled"
    if (!isFinal || this.#flight.inFlight > 0) return this.#giveBack(stop)
    const rest: Outcome = stop === "expired" ? this.#tenure.expired(this.#obstacle) : { kind: stop }
    if (await this.#settleDoubts(rest)) await this.#finish(rest)
  }

  /** Nothing is sent any more, but what an earlier owner may have sent must not be counted as not sent. */
  async #settleDoubts(outcome: Outcome): Promise<boolean> {
    const { reserved } = this.#claimed
    while (this.#hasDoubts) {
      if (!(await this.#reader.fill(1))) return false
      this.#advance()
      if (this.#reader.isPast(reserved)) break
      const next = this.#reader.peek
      if (next !== undefined) this.#flight.settle(this.#takeUp(next, IN_DOUBT), outcome)
    }
    return true
  }

  /**
   * Stores the progress with the reservation taken back to what was really sent, so that the next owner finds nothing in
   * doubt, and releases the segment.
   */
  async #giveBack(stop: Stop | "crowded"): Promise<void> {
    const { clock, settings } = this.#workplace
    if (stop === "crowded") this.#obstacle = othersWaitingFor(this.#flight.obstacle || this.#obstacle)
    if (this.#planned > 0 || this.#flight.unsaved > 0) {
      if (!(await this.#checkpoint(this.#unreserved()))) return
    } else if (this.#obstacle !== this.#claimed.obstacle) {
      if (!(await this.#tenure.renew(this.#obstacle))) return
    }
    const pauseMs = stop === "crowded" ? settings.retryingPauseMs : 0
    await this.#tenure.release(clock.now() + pauseMs)
  }

  #unreserved(): Position {
    // What nobody has taken up yet stays in doubt.
    if (this.#hasDoubts) return { ...this.#position(), reserved: this.#claimed.reserved }
    let last = this.#planned - 1
    while (last >= this.#head && !this.#flight.isInFlight(last)) last -= 1
    for (let ticket = this.#head; ticket < last; ticket += 1) {
      // Without an answer in time a later device stays in doubt; this one must not be taken for such a one.
      this.#flight.postpone(ticket, this.#workplace.clock.now(), "not_now")
    }
    const position = this.#position()
    const lastSent = last < this.#head ? position.cursor : this.#flight.registration(last)
    return { ...position, reserved: Math.max(position.cursor, lastSent) }
  }
}

/** A device that a crashed owner may have sent to. */
const IN_DOUBT: History = { attempts: 1, copies: 1, reason: "crash" }
