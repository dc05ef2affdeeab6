import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { BroadcastSite } from "./broadcasts.ts"
import { auditFinished } from "./fan-out-audit.ts"
import { allFinished } from "./fan-out-course.ts"

const DEVICES = 60

describe("the audit of the crash tests", () => {
  test("is content with what happened, and notices a push that did not arrive and one that came twice", async () => {
    await using broadcasts = await BroadcastSite.open(DEVICES)
    const server = await broadcasts.site.start()
    await broadcasts.publish(server)
    const reports = await allFinished(broadcasts, server)
    await server.program.kill()
    const audit = () => auditFinished(broadcasts, reports, 1)
    expect(await audit()).toEqual({ accepted: DEVICES, unknown: 0, unsent: 0, duplicates: 0 })

    const ledger = join(broadcasts.site.path, "ledger.jsonl")
    const [first, ...others] = (await readFile(ledger, "utf8")).split("\n")
    expect(others).toHaveLength(DEVICES)
    await writeFile(ledger, others.join("\n"))
    await expect(audit()).rejects.toThrow("is accepted in the store, and no provider has accepted it")

    await writeFile(ledger, [first, first, ...others].join("\n"))
    await expect(audit()).rejects.toThrow("expected 2 to be less than or equal to 1")
  })
})
