import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Message } from "../../src/domain/message.ts"
import type { Outcome } from "../../src/domain/outcome.ts"
import { type Random, seededRandom } from "../../src/runtime/random.ts"
import { type ClaimedSegment, FIRST_PASS, type SegmentProgress } from "../../src/store/message-store.ts"
import { openSmallSegments } from "./sqlite-small-segments.ts"

const DEVICES = 1_000_000
const BLOCK = 64
const NOW = 1_800_000_000_000
const TABLES = [
  "messages",
  "message_contents",
  "idempotency",
  "segments",
  "segment_lists",
  "outcome_reasons",
  "outcome_pages",
  "retries",
]

describe("a message for a million devices", () => {
  const folder = mkdtempSync(join(tmpdir(), "belfry-size-"))
  const store = openSmallSegments(join(folder, "belfry.sqlite"), 50_000)
  let message: Message
  let claims: ClaimedSegment[]
  let emptyBytes: number

  beforeAll(async () => {
    const application = await seedChannel()
    emptyBytes = tableBytes()
    message = (await store.messages.publish(broadcast(application))).message
    claims = []
    for (;;) {
      const claimed = await store.segments.claim("any", "engine", NOW, NOW + 1)
      if (claimed === undefined) break
      claims.push(claimed)
    }
  })

  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it("is planned in less than a megabyte, however many of its segments are being worked on", () => {
    expect(message.audienceSize).toBe(DEVICES)
    expect(claims).toHaveLength(20)
    expect(tableBytes() - emptyBytes).toBeLessThan(1_000_000)
  })

  it("costs less than two bytes for each device once the outcome of each is known", async () => {
    await Promise.all(claims.map((claimed, at) => deliver(claimed, seededRandom(at))))
    const progress = await store.messages.progress(message.application, message.id)
    expect(progress).toMatchObject({ pending: 0, message: { state: "finished" } })
    expect(progress?.reasons.length).toBeGreaterThan(5)
    expect((tableBytes() - emptyBytes) / DEVICES).toBeLessThan(2)
    const fresh = store.connection
      .prepare("select count(*) from outcome_pages where is_fresh = 1")
      .pluck()
      .get()
    expect(fresh).toBe(0)
    for (const registration of [1, 499_999, DEVICES]) {
      expect(await store.messages.deviceOutcome(message.number, registration)).toMatchObject({
        state: "settled",
      })
    }
  })

  async function seedChannel(): Promise<number> {
    const application = { id: "APP", name: "APP", preset: "locked", keys: [] } as const
    const { number } = await store.applications.create(application, NOW)
    store.connection.exec(`
      insert into channels (number, application, name, created_at) values (1, ${number}, 'news', 0);
      insert into members with recursive n (i) as (select 1 union all select i + 1 from n where i < ${DEVICES})
        select 1, i, 2, 0 from n;
      insert into member_counts values (1, 2, ${DEVICES});`)
    return number
  }

  function broadcast(application: number) {
    return {
      id: "message:1",
      application,
      audience: { channel: "news", platforms: undefined, deviceIds: undefined },
      policy: "PUSH",
      delivery: "at-least-once",
      messageJson: '"hello"',
      headers: new Map<string, string>(),
      publisherId: undefined,
      subtopic: undefined,
      acceptedAt: NOW,
      expiresAt: NOW + 86_400_000,
      idempotency: undefined,
      again: undefined,
    } as const
  }

  /** The engine's checkpoints of one segment, every device of which is there. */
  async function deliver(claimed: ClaimedSegment, random: Random): Promise<void> {
    const last = Math.min(claimed.cursor + 50_000, DEVICES)
    let now = NOW
    const at = (cursor: number, settled: SegmentProgress["settled"]): SegmentProgress => {
      now += 1
      return {
        cursor,
        reserved: Math.min(cursor + BLOCK, last),
        doneAbove: [],
        pass: FIRST_PASS,
        settled,
        retries: [],
        obstacle: "",
        leaseUntil: now,
        now,
      }
    }
    for (let cursor = claimed.cursor; cursor < last; cursor += BLOCK) {
      const block = Array.from({ length: Math.min(BLOCK, last - cursor) }, (_, index) => ({
        registration: cursor + index + 1,
        outcome: someOutcome(random),
      }))
      await store.segments.checkpoint(claimed.claim, at(Math.min(cursor + BLOCK, last), block))
    }
    await store.segments.finish(claimed.claim, at(last, []), { kind: "suppressed", reason: "left_audience" })
  }

  function tableBytes(): number {
    const marks = TABLES.map(() => "?").join(", ")
    const objects = `select name from sqlite_schema where tbl_name in (${marks})`
    return store.connection
      .prepare<string[], number>(`select sum(pgsize) from dbstat where name in (${objects})`)
      .pluck()
      .get(...TABLES) as number
  }
})

/** One device in ten was not reached, for one reason or another: more changes than a real channel has. */
function someOutcome(random: Random): Outcome {
  const dice = random.fraction()
  if (dice < 0.9) return { kind: "accepted" }
  if (dice < 0.97) return { kind: "token_gone", reason: dice < 0.94 ? "Unregistered" : "UNREGISTERED" }
  if (dice < 0.99) return { kind: "suppressed", reason: dice < 0.98 ? "shared_token" : "unsupported_os" }
  return { kind: "retries_exhausted", reason: `503 ${dice.toFixed(4)}` }
}
