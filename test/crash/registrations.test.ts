import { describe, expect, test } from "vitest"
import { DeviceHistory } from "./device-history.ts"
import { DeviceOperations } from "./device-operations.ts"
import { Phones } from "./phones.ts"
import { ServerSite } from "./server-site.ts"
import { between, countFrom, jitter, seeded } from "./settings.ts"

const KILLS = countFrom("BELFRY_TEST_KILLS", 50)
const ACKNOWLEDGED_BETWEEN_KILLS_MAX = 300
const DEVICES_PER_LANE = 200

describe("a server that is killed while devices register, renew and cancel", () => {
  test(`loses nothing that it acknowledged, in ${KILLS} kills`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const random = seeded("registrations")
    await using site = await ServerSite.open()
    const phones = new Phones(new DeviceHistory(), new DeviceOperations(random, DEVICES_PER_LANE))
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const server = await site.start()
      await phones.verify(server, phones.history.unverified)
      const work = phones.work(server)
      const lostTooEarly = work.then(() => Promise.reject(new Error("the server ended by itself")))
      const acknowledged = phones.reached("ok", between(random, 1, ACKNOWLEDGED_BETWEEN_KILLS_MAX))
      await Promise.race([acknowledged, lostTooEarly])
      lostTooEarly.catch(() => {})
      await jitter(random)
      const ended = await server.program.kill()
      expect(ended).toMatchObject({ signal: "SIGKILL", stderr: "" })
      await work
    }
    const last = await site.start()
    const { counts, deviceIds } = phones.history
    await phones.verify(last, deviceIds)
    await last.program.kill()
    expect(site.integrity()).toBe("ok")
    expect(counts.unknown).toBeGreaterThan(0)
    console.log(
      `${KILLS} kills: ${counts.ok} acknowledged, ${counts.unknown} unanswered, ${deviceIds.length} devices, 0 lost`,
    )
  })
})
