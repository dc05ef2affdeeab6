import type { BroadcastSite, MessageReport, PublishOptions } from "./broadcasts.ts"
import { expectConserved } from "./fan-out-audit.ts"
import type { RunningServer } from "./server-site.ts"

export const MESSAGES_AT_ONCE = 3
const LOOK_MS = 100

/** Resolves when so many pushes have gone out since now. Publishes whenever there is nothing left to send. */
export async function underWay(
  broadcasts: BroadcastSite,
  server: RunningServer,
  pushes: number,
  options: PublishOptions = {},
): Promise<void> {
  let isUnderWay = false
  const accepted = broadcasts.accepted(pushes).then(() => {
    isUnderWay = true
  })
  while (!isUnderWay) {
    const reports = await broadcasts.reports(server)
    reports.forEach(expectConserved)
    if (reports.every(isFinished)) {
      for (let count = 0; count < MESSAGES_AT_ONCE; count += 1) await broadcasts.publish(server, options)
    }
    await Promise.race([accepted, nextLook()])
  }
}

/** The reports of all messages once each is finished. */
export async function allFinished(
  broadcasts: BroadcastSite,
  server: RunningServer,
): Promise<readonly MessageReport[]> {
  for (;;) {
    const reports = await broadcasts.reports(server)
    reports.forEach(expectConserved)
    if (reports.every(isFinished)) return reports
    await nextLook()
  }
}

function isFinished({ state }: MessageReport): boolean {
  return state === "finished" || state === "failed"
}

function nextLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}
