import type { Message } from "../domain/message.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"
import { DeviceReports, type Verdict } from "./device-report.ts"

export interface DeviceMessage extends Verdict {
  readonly message: Message
}

/** Messages that one call looks at: most may be for other devices. */
const LOOK_MAX = 200
const LOOK_AT_ONCE = 100

/** The latest messages of an application with what became of each for one device. */
export class DeviceMessages {
  readonly #store: Store
  readonly #reports: DeviceReports

  /** `standstill`: see `DeviceReports`. */
  constructor(store: Store, clock: Clock, standstill = "") {
    this.#store = store
    this.#reports = new DeviceReports(store, clock, standstill)
  }

  /**
   * The latest first, `before` exclusive. Unless all are asked for, messages that were for others are left out: a page may
   * then hold fewer than `limit` and still have a next one.
   */
  async page(
    application: number,
    deviceId: string,
    {
      all,
      before,
      limit,
    }: { readonly all: boolean; readonly before: number | undefined; readonly limit: number },
  ): Promise<{ readonly messages: readonly DeviceMessage[]; readonly next: number | undefined }> {
    const found: DeviceMessage[] = []
    let last = before
    for (let looked = 0; looked < LOOK_MAX; looked += LOOK_AT_ONCE) {
      const size = all ? Math.min(limit - found.length, LOOK_AT_ONCE) : LOOK_AT_ONCE
      const page = await this.#store.messages.page(application, last, size)
      const messages = page.messages.map(({ message }) => message)
      const verdicts = await this.#reports.verdicts(application, deviceId, messages)
      for (const [index, message] of messages.entries()) {
        const verdict = verdicts[index] as Verdict
        if (!all && !concerns(message, deviceId, verdict)) continue
        found.push({ message, ...verdict })
        if (found.length === limit) return { messages: found, next: message.number }
      }
      if (page.next === undefined) return { messages: found, next: undefined }
      last = page.next
    }
    return { messages: found, next: last }
  }
}

/** A publish that named the device is of interest although nothing could be sent. */
function concerns(message: Message, deviceId: string, { verdict }: Verdict): boolean {
  if (verdict === "not_in_audience" || verdict === "not_registered") {
    return message.audience.deviceIds?.includes(deviceId) === true
  }
  return true
}
