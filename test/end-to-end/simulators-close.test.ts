import { connect } from "node:net"
import { expect, test } from "vitest"
import { systemClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSimulators } from "../../src/simulator/simulator.ts"

/** The server closes its sandbox before it ends: connections that faults left behind must not hold it up. */

/** Says something, hears the peer end, and goes; resolves with the port that was used on this side. */
function talk(port: number, localPort?: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port, host: "127.0.0.1", ...(localPort === undefined ? {} : { localPort }) },
      () => {
        const used = socket.localPort ?? 0
        socket.write("hello")
        socket.once("close", () => resolve(used))
        if (localPort !== undefined) socket.end()
      },
    )
    socket.resume()
    socket.on("error", reject)
  })
}

test("The simulators close although a connection was ended by a fault and its port was used again", async () => {
  const simulators = await openSimulators({ clock: systemClock, random: systemRandom })
  const port = Number(new URL(simulators.origins.apns).port)
  simulators.faults.add({ provider: "apns", endpoint: "connection", action: { do: "fin" }, times: 1 })
  const used = await talk(port)
  await talk(port, used)
  await simulators.close()
  await expect(talk(port)).rejects.toThrow("ECONNREFUSED")
})
