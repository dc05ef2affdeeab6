import { DeviceHistory } from "./device-history.ts"
import { DeviceOperations } from "./device-operations.ts"
import { Phones } from "./phones.ts"
import type { RunningServer } from "./server-site.ts"
import { seeded } from "./settings.ts"

/** What clients see of a server whose store cannot be written, and of one that can be written again. */

export const OPERATIONS = 200
const DEVICES_PER_LANE = 20
const LOOK_MS = 100

export function newPhones(test: string): Phones {
  return new Phones(new DeviceHistory(), new DeviceOperations(seeded(test), DEVICES_PER_LANE))
}

/** Phones refuse to take anything for an answer but 200 and 503 with Retry-After. */
export async function expectRefusals(phones: Phones, server: RunningServer): Promise<void> {
  await phones.workUntil(server, "fail", OPERATIONS)
  await phones.verify(server, phones.history.deviceIds)
  // Small writes may still fit into what the last large one could not use: the work goes on until there is no room.
  const stop = new AbortController()
  const work = phones.work(server, stop.signal)
  await readiness(server, 503)
  stop.abort()
  await work
  await phones.verify(server, phones.history.deviceIds)
}

export async function expectRecovery(phones: Phones, server: RunningServer): Promise<void> {
  await phones.workUntil(server, "ok", OPERATIONS)
  await phones.verify(server, phones.history.deviceIds)
  await readiness(server, 200)
}

/** Resolves when the server says so of itself: it remembers an answer for a second. */
export async function readiness({ url }: RunningServer, status: number): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== status)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}
