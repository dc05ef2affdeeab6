import { tokenFor } from "./app-handle.ts"
import type { Scene } from "./fault-script.ts"

/** Sends a message to a device of its own, so that connection and access token are there and have served. */
export async function warmUp({ app, os, provider }: Scene): Promise<void> {
  const deviceId = `${provider}-warm-up`
  await app.register({ deviceId, os, token: tokenFor(os, deviceId), channels: ["warm-up"] })
  await app.settled(await app.published({ message: "warm-up" }, "warm-up"))
}

/** As warmUp; then the connection is gone, and the next push needs another one. */
export async function warmUpAndLoseConnection(scene: Scene): Promise<void> {
  const { faults } = scene.world.simulators
  faults.add({ provider: scene.provider, times: 1, action: { do: "goaway", afterwards: "fin" } })
  await warmUp(scene)
  faults.clear()
}
