import { mkdirSync, watch } from "node:fs"
import { describe, expect, test } from "vitest"
import type { Random } from "../../src/runtime/random.ts"
import { BroadcastSite, mark } from "./broadcasts.ts"
import type { ChildProgram } from "./child-program.ts"
import { DeviceHistory } from "./device-history.ts"
import { DeviceOperations } from "./device-operations.ts"
import { auditFinished } from "./fan-out-audit.ts"
import { allFinished } from "./fan-out-course.ts"
import { Phones } from "./phones.ts"
import { ServerSite } from "./server-site.ts"
import { between, countFrom, seeded } from "./settings.ts"

const PUBLISH_KILLS = countFrom("BELFRY_TEST_KILLS", 15)
const START_KILLS = countFrom("BELFRY_TEST_KILLS", 10)
const DEVICES = 200
/** How long a publish takes, about, until one was measured. */
const PUBLISH_MS = 25
/** Changes in the data directory during a first start, about. */
const CHANGES_MAX = 90

describe("a server that is killed in the moment of a publish", () => {
  test(`has one message for each idempotency key when the publish is repeated, in ${PUBLISH_KILLS} kills`, {
    timeout: 120_000 + PUBLISH_KILLS * 10_000,
  }, async () => {
    const random = seeded("publish")
    await using broadcasts = await BroadcastSite.open(DEVICES)
    const ids: string[] = []
    let answered = 0
    let publishMs = PUBLISH_MS
    let last = await broadcasts.site.start({ quickLease: true })
    for (let kill = 1; kill <= PUBLISH_KILLS; kill += 1) {
      const options = { idempotencyKey: `key-${kill}`, mark: mark() }
      const publishing = broadcasts.publish(last, options).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, publishMs * random.fraction()))
      expect(await last.program.kill()).toMatchObject({ signal: "SIGKILL", stderr: "" })
      const answer = await publishing
      if (answer !== undefined) answered += 1
      last = await broadcasts.site.start({ quickLease: true })
      const before = performance.now()
      const id = await broadcasts.publish(last, options)
      // The next publish of the same server is faster than its first: some kills come after the answer.
      publishMs = performance.now() - before
      expect(id).toBe(answer ?? id)
      ids.push(id)
    }
    const reports = await allFinished(broadcasts, last)
    expect(reports.map(({ messageId }) => messageId).toReversed()).toEqual(ids)
    await last.program.kill()
    const { duplicates, unknown } = await auditFinished(broadcasts, reports, 2)
    console.log(
      `${PUBLISH_KILLS} kills during a publish, ${answered} after its answer: ${ids.length} messages; ` +
        `${duplicates} second copies, ${unknown} unknown`,
    )
  })
})

describe("a server that is killed in its first start", () => {
  test(`starts the next time as if nothing had been, in ${START_KILLS} kills`, {
    timeout: 60_000 + START_KILLS * 20_000,
  }, async () => {
    const random = seeded("first start")
    let unfinished = 0
    for (let kill = 1; kill <= START_KILLS; kill += 1) {
      await using site = await ServerSite.open()
      mkdirSync(site.dataDir, { mode: 0o700 })
      const interrupted = site.launch()
      await changed(site.dataDir, interrupted, between(random, 1, CHANGES_MAX))
      await interrupted.kill()
      if (interrupted.stdout === "") unfinished += 1
      await expectToServe(site, random)
      expect(site.integrity()).toBe("ok")
    }
    console.log(`${START_KILLS} kills during a first start, ${unfinished} of them before it was ready`)
  })
})

/** Resolves after so many changes in the directory, or when the server is ready. */
async function changed(directory: string, server: ChildProgram, changes: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let count = 0
  const watcher = watch(directory, () => {
    count += 1
    if (count === changes) resolve()
  })
  await Promise.race([promise, server.printed(/\n/)])
  watcher.close()
}

async function expectToServe(site: ServerSite, random: Random): Promise<void> {
  const server = await site.start()
  expect(server).toMatchObject({ masterKey: "good", apiKeys: { REST: expect.any(String) } })
  const phones = new Phones(new DeviceHistory(), new DeviceOperations(random, 10))
  await phones.workUntil(server, "ok", 50)
  await phones.verify(server, phones.history.deviceIds)
  await server.program.kill()
}
