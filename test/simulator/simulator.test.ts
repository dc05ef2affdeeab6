import { describe, expect, test } from "vitest"
import { FakeClock } from "../../src/runtime/clock.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { openSimulators } from "../../src/simulator/simulator.ts"
import { accessToken, FcmClient } from "./fcm-client.ts"
import { ApnsClient, setup, until } from "./wire.ts"

describe("the simulators", () => {
  test("make new credentials at each start, and accept those of an earlier one when given", async () => {
    const clock = new FakeClock()
    const random = systemRandom
    await using first = await openSimulators({ clock, random })
    await using second = await openSimulators({ clock, random })
    const { credentials } = first
    expect(second.credentials.apns.privateKey).not.toBe(credentials.apns.privateKey)
    expect(second.credentials.fcm.private_key).not.toBe(credentials.fcm.private_key)
    expect(second.credentials.wns.clientSecret).not.toBe(credentials.wns.clientSecret)
    await using third = await openSimulators({ clock, random, credentials })
    expect(third.credentials.fcm.token_uri).toBe(`${third.origins.fcm}/token`)
    const running = { clock, simulators: third, [Symbol.asyncDispose]: async () => {} }
    await using apns = await ApnsClient.open(running, third.origins.apns, credentials.apns)
    expect(await apns.reason()).toBe("200")
    expect(await accessToken(running)).toMatch(/^ya29\./)
  })

  test("listen on the ports they are given, and say so when one is taken", async () => {
    await using running = await setup()
    const port = Number(new URL(running.simulators.origins.wns).port)
    await expect(setup({ ports: { fcm: port } })).rejects.toMatchObject({ code: "EADDRINUSE" })
    await running.simulators.close()
    await using again = await setup({ ports: { fcm: port } })
    expect(again.simulators.origins.fcm).toBe(`https://127.0.0.1:${port}`)
  })

  test("drop all connections when they are closed, whatever state these are in", async () => {
    const running = await setup()
    const { simulators } = running
    await using fcm = await FcmClient.open(running)
    await using apns = await ApnsClient.open(running)
    simulators.faults.add({ provider: "apns", action: { do: "black_hole" } })
    simulators.faults.add({ provider: "fcm", action: { do: "delay", ms: 30_000 } })
    const unanswered = [apns.push(), fcm.send()]
    // The second request to FCM: the first one was for the access token.
    await until(() => {
      const { apns, fcm } = simulators.counters()
      return apns.production.requests === 1 && fcm.requests === 2
    })
    await simulators.close()
    const answers = await Promise.all(unanswered)
    expect(answers.map(({ status }) => status)).toEqual([undefined, undefined])
  })
})
