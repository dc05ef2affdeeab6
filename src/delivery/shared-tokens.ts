import type { AudienceDevice, SegmentStore } from "../store/message-store.ts"
import type { Tenure } from "./tenure.ts"

/**
 * Marks the devices whose token was pushed to under another registration as not receiving (design D9). Only a device that
 * registered after the publish can have such a token, so few have to be asked for. Undefined: the engine is being stopped.
 */
export async function markSharedTokens<D extends AudienceDevice>(
  devices: readonly D[],
  tenure: Tenure,
  segments: SegmentStore,
): Promise<readonly D[] | undefined> {
  if (!devices.some((device) => isSuspect(device, tenure))) return devices
  const marked: D[] = []
  for (const device of devices) {
    let isSettled: boolean | undefined = false
    if (isSuspect(device, tenure)) {
      isSettled = await tenure.read(() => segments.tokenSettled(tenure.claim, device.registration))
    }
    if (isSettled === undefined) return undefined
    marked.push(isSettled ? { ...device, receives: false } : device)
  }
  return marked
}

function isSuspect(device: AudienceDevice, { message }: Tenure): boolean {
  return device.receives && device.platform !== undefined && device.registeredAt > message.acceptedAt
}
