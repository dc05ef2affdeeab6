import type { ConsoleWorld } from "./console-world.ts"

/** Devices and messages as apps and servers make them, for screens to show. Past HTTP, because there may be many. */

interface PreparedDevice {
  readonly deviceId: string
  readonly os: string
  readonly channel: string
  /** Made from the device id when left out. */
  readonly deviceToken?: string
  readonly osVersion?: string
}

export async function register(world: ConsoleWorld, devices: readonly PreparedDevice[]): Promise<void> {
  const { services } = world.server
  const { number } = await services.applications.get(world.applicationId)
  await Promise.all(
    devices.map(({ deviceId, os, channel, deviceToken = tokenOf(deviceId), osVersion = "16" }) =>
      services.devices.register(number, {
        ...{ deviceId, os, osVersion, deviceToken },
        ...{ channels: [channel], expiresAt: undefined },
      }),
    ),
  )
}

/** Of the characters that every provider takes. */
function tokenOf(deviceId: string): string {
  return `token-${Buffer.from(deviceId).toString("hex")}`
}

interface PreparedMessage {
  readonly channel: string
  readonly text: string
  readonly headers?: Iterable<readonly [string, string]>
}

/** Its id. */
export async function publish(
  world: ConsoleWorld,
  { channel, text, headers = [] }: PreparedMessage,
): Promise<string> {
  const { services } = world.server
  const application = await services.applications.get(world.applicationId)
  const message = await services.messages.publish(
    application,
    {
      ...{ channel, messageJson: JSON.stringify(text), headers: new Map(headers), policy: "BOTH" },
      ...{ delivery: "at-least-once", platforms: undefined, deviceIds: undefined },
      ...{ ttlSeconds: undefined, publisherId: undefined, subtopic: undefined },
    },
    "test",
    undefined,
  )
  return message.id
}
