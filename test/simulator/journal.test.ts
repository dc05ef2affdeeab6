import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { silentLog } from "../../src/runtime/log.ts"
import { type AcceptedPush, Journal, type JournalEntry } from "../../src/simulator/journal.ts"
import { FcmClient } from "./fcm-client.ts"
import { ApnsClient, setup, TOKEN } from "./wire.ts"

const MESSAGE_ID = "message:0FA2B7C1-3D5E-4F60-8A9B-1C2D3E4F5A6B"

function push(token: string, more: Partial<AcceptedPush> = {}): AcceptedPush {
  return {
    provider: "fcm",
    platform: "android",
    application: "project",
    token,
    kind: "alert",
    silent: false,
    payload: "{}",
    headers: {},
    ...more,
  }
}

function open(entriesMax?: number): Journal {
  return new Journal({ now: () => 17, log: silentLog, ...(entriesMax !== undefined && { entriesMax }) })
}

const tokens = (entries: readonly JournalEntry[]) => entries.map(({ token }) => token).join("")

describe("the journal", () => {
  test("keeps the latest entries and exact totals", () => {
    const journal = open(3)
    for (const token of "abcdefgh") journal.accept(push(token))
    journal.refuse({ provider: "fcm", token: "x", reason: "UNREGISTERED" })
    journal.refuse({ provider: "fcm", token: "y", reason: "UNREGISTERED" })
    expect(tokens(journal.read())).toBe("fgh")
    expect(journal.read().map(({ sequence }) => sequence)).toEqual([6, 7, 8])
    expect(journal.totals("fcm")).toEqual({
      accepted: 8,
      rejected: 2,
      rejectedByReason: { UNREGISTERED: 2 },
    })
    expect(journal.totals("apns")).toEqual({ accepted: 0, rejected: 0, rejectedByReason: {} })
  })

  test("is read by device, from a sequence on, and in portions", () => {
    const journal = open()
    for (const token of "ababab") journal.accept(push(token))
    expect(tokens(journal.read({ token: "a" }))).toBe("aaa")
    expect(tokens(journal.read({ limit: 2 }))).toBe("ab")
    expect(journal.read({ limit: 2 }).map(({ sequence }) => sequence)).toEqual([5, 6])
    expect(journal.read({ since: 2, limit: 2 }).map(({ sequence }) => sequence)).toEqual([3, 4])
    expect(journal.read({ since: 6 })).toEqual([])
    expect(journal.read({ token: "b", since: 2 }).map(({ sequence }) => sequence)).toEqual([4, 6])
  })

  test("tells subscribers of every push until they leave; a failing one harms nobody", () => {
    const journal = open()
    const heard: string[] = []
    journal.subscribe(() => {
      throw new Error("a listener with a bug")
    })
    const stop = journal.subscribe(({ token }) => heard.push(token))
    journal.accept(push("a"))
    stop()
    journal.accept(push("b"))
    expect(heard).toEqual(["a"])
    expect(journal.totals("fcm").accepted).toBe(2)
  })

  test("goes on with its sequence after it was cleared", () => {
    const journal = open()
    journal.accept(push("a"))
    journal.clear()
    journal.accept(push("b"))
    expect(journal.read().map(({ sequence, token }) => [sequence, token])).toEqual([[2, "b"]])
    expect(journal.totals("fcm").accepted).toBe(1)
  })

  test("stays below 10 MB however large the pushes are", () => {
    const journal = open()
    // Two bytes for each character: the costliest text that fits into a push.
    for (let sent = 0; sent < 10_000; sent += 1) {
      const text = String.fromCharCode(0x4e00 + (sent % 1_000)).repeat(1_700)
      journal.accept(push("t".repeat(4_096), { payload: text, body: text }))
    }
    const kept = journal.read({ limit: 10_000 })
    const bytes = kept.reduce((sum, entry) => sum + 2 * JSON.stringify(entry).length, 0)
    expect(bytes).toBeLessThan(10_000_000)
    expect(kept.length).toBeGreaterThan(300)
    expect(kept.at(-1)?.sequence).toBe(10_000)
  })

  test("writes one line per processed push to the ledger, accepted or not", () => {
    const directory = mkdtempSync(join(tmpdir(), "belfry-ledger-"))
    const ledgerFile = join(directory, "ledger.jsonl")
    try {
      const journal = new Journal({ now: () => 17, log: silentLog, ledgerFile, entriesMax: 2 })
      for (const token of "abc") journal.accept(push(token, { messageId: MESSAGE_ID }))
      journal.flush()
      journal.refuse({ provider: "wns", token: "d", reason: "Gone" })
      journal.close()
      journal.accept(push("after the end"))
      const lines = readFileSync(ledgerFile, "utf8").trimEnd().split("\n")
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        ...["a", "b", "c"].map((token) => ({
          at: 17,
          provider: "fcm",
          token,
          messageId: MESSAGE_ID,
          outcome: "accepted",
        })),
        { at: 17, provider: "wns", token: "d", outcome: "rejected", reason: "Gone" },
      ])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  test("cannot be opened with a ledger that cannot be written", () => {
    const ledgerFile = join(tmpdir(), "belfry-no-such-directory", "ledger.jsonl")
    expect(() => new Journal({ now: () => 0, log: silentLog, ledgerFile })).toThrow(/ENOENT/)
  })

  test("the ledger of running simulators names the message of refused pushes too", async () => {
    const directory = mkdtempSync(join(tmpdir(), "belfry-ledger-"))
    const ledgerFile = join(directory, "ledger.jsonl")
    try {
      {
        await using running = await setup({ ledgerFile })
        await using client = await ApnsClient.open(running)
        const body = JSON.stringify({ aps: { alert: "x" }, messageId: MESSAGE_ID })
        await client.push({ body })
        await client.push({ body, token: "zz" })
      }
      const lines = readFileSync(ledgerFile, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect(lines).toMatchObject([
        { provider: "apns", token: TOKEN, messageId: MESSAGE_ID, outcome: "accepted" },
        {
          provider: "apns",
          token: "zz",
          messageId: MESSAGE_ID,
          outcome: "rejected",
          reason: "BadDeviceToken",
        },
      ])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe("what an iPhone shows", () => {
  async function shown(payload: object, type = "alert") {
    await using running = await setup()
    await using client = await ApnsClient.open(running)
    const headers = { "apns-push-type": type, "apns-priority": "5" }
    expect(await client.reason({ body: JSON.stringify(payload), headers })).toBe("200")
    return running.simulators.journal.read()[0]
  }

  test.each([
    [
      "title, subtitle, body, badge and sound",
      { aps: { alert: { title: "T", subtitle: "S", body: "B" }, badge: 3, sound: "ping.caf" } },
      { kind: "alert", title: "T", subtitle: "S", body: "B", badge: 3, sound: "ping.caf", silent: false },
    ],
    ["an alert that is a text", { aps: { alert: "Hello" } }, { body: "Hello", silent: false }],
    [
      "a critical sound by its name",
      { aps: { alert: "!", sound: { critical: 1, name: "siren.caf", volume: 1 } } },
      { sound: "siren.caf" },
    ],
    [
      "an attachment with mutable-content",
      { aps: { alert: "x", "mutable-content": 1 }, "attachment-url": "https://example.com/a.png" },
      { image: "https://example.com/a.png" },
    ],
    [
      "a localized text by its key",
      { aps: { alert: { "loc-key": "GREETING", "loc-args": ["Ada"] } } },
      { body: "GREETING(Ada)" },
    ],
    ["nothing of a badge of 0 but the badge", { aps: { badge: 0 } }, { badge: 0, silent: false }],
    ["a message id beside aps", { aps: { alert: "x" }, messageId: MESSAGE_ID }, { messageId: MESSAGE_ID }],
    [
      "a message id under any other key",
      { aps: { alert: "x" }, trace: { id: MESSAGE_ID } },
      { messageId: MESSAGE_ID },
    ],
  ])("%s", async (_name, payload, expected) => {
    expect(await shown(payload)).toMatchObject(expected)
  })

  test("nothing of a background push", async () => {
    const payload = { aps: { "content-available": 1 }, message: "wake up" }
    expect(await shown(payload, "background")).toMatchObject({ kind: "background", silent: true })
  })

  test("the raw payload and the headers that matter are kept", async () => {
    const entry = await shown({ aps: { alert: "x" } })
    expect(entry).toMatchObject({
      payload: '{"aps":{"alert":"x"}}',
      headers: { "apns-topic": "com.example.app", "apns-push-type": "alert", "apns-priority": "5" },
    })
    expect(entry?.headers).not.toHaveProperty("authorization")
  })
})

describe("what an Android phone shows", () => {
  async function shown(message: object) {
    await using running = await setup()
    await using client = await FcmClient.open(running)
    expect((await client.send(message)).status).toBe(200)
    return running.simulators.journal.read()[0]
  }

  const immediate = (template: object) => ({
    data: { message: "M", android_immediate_push: JSON.stringify(template) },
  })

  test.each([
    [
      "a notification, Android's own fields first",
      {
        notification: { title: "T", body: "B", image: "i" },
        android: { notification: { title: "AT", sound: "s", notification_count: 2 } },
      },
      { kind: "alert", title: "AT", body: "B", image: "i", sound: "s", badge: 2, silent: false },
    ],
    [
      "a data message as the Backendless SDK does",
      {
        data: {
          message: "M",
          "android-content-title": "T",
          "android-summary-subtext": "S",
          "android-content-sound": "snd",
        },
      },
      { kind: "data", title: "T", subtitle: "S", body: "M", sound: "snd", silent: false },
    ],
    [
      "an immediate template",
      immediate({ contentTitle: "T", badgeNumber: 4, attachmentUrl: "u" }),
      { title: "T", body: "M", badge: 4, image: "u", silent: false },
    ],
    ["nothing of a template with contentAvailable", immediate({ contentAvailable: 1 }), { silent: true }],
    ["nothing of data without a message", { data: { score: "3" } }, { kind: "data", silent: true }],
    [
      "a broken template as if it were not there",
      { data: { message: "M", android_immediate_push: "{" } },
      { body: "M", silent: false },
    ],
    ["a message id in data", { data: { message: "M", messageId: MESSAGE_ID } }, { messageId: MESSAGE_ID }],
  ])("%s", async (_name, message, expected) => {
    expect(await shown(message)).toMatchObject(expected)
  })
})
