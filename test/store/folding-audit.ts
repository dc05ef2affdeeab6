import Database from "better-sqlite3"
import { expect } from "vitest"

interface Row {
  readonly number: number
  readonly application: number
  readonly device_key: number
  readonly token_key: number
  readonly platform: number
  readonly receives: number
  readonly newer_holder: number | null
  readonly older_holder: number | null
  readonly expires_at: number | null
  readonly device_id: string
  readonly token: string
  readonly channels: string
}

interface RemovedMember {
  readonly registration: number
  readonly application: number
  readonly channels: string
}

export interface StoredDevice {
  readonly application: number
  readonly deviceId: string
  readonly number: number
  readonly expiresAt: number | undefined
}

/**
 * Looks into the file of a store: whatever was folded, and whatever waits, the rows of the registrations are the truth,
 * and everything else must say the same. Returns the registrations.
 */
export function auditFile(file: string, now: number): readonly StoredDevice[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.transaction(() => new Audit(database).run(now))()
  } finally {
    database.close()
  }
}

class Audit {
  readonly #database: Database.Database
  readonly #rows: readonly Row[]

  constructor(database: Database.Database) {
    this.#database = database
    this.#rows = database.prepare<[], Row>("select * from registrations order by number").all()
  }

  run(now: number): readonly StoredDevice[] {
    this.#keys("device_keys", this.#rows, (row) => row.device_key)
    this.#keys(
      "token_keys",
      this.#rows.filter(({ receives }) => receives === 1),
      (row) => row.token_key,
    )
    this.#removedKeys()
    this.#members()
    this.#holders(now)
    expect(this.#database.pragma("integrity_check", { simple: true })).toBe("ok")
    return this.#rows.map(({ application, device_id, number, expires_at }) => ({
      application,
      deviceId: device_id,
      number,
      expiresAt: expires_at ?? undefined,
    }))
  }

  /** All entries up to the one mark are there, none beyond the other, and none that no row stands for or did until lately. */
  #keys(table: "device_keys" | "token_keys", rows: readonly Row[], keyOf: (row: Row) => number): void {
    const entries = this.#lines(`select key || ' ' || number from ${table}`)
    const possible = (row: Row) => row.number <= this.#mark("keys_folding")
    const certain = (row: Row) => row.number <= this.#mark("keys_folded")
    const line = (row: Row) => `${keyOf(row)} ${row.number}`
    const column = table === "device_keys" ? "device_key" : "token_key"
    const removed = this.#lines(
      `select ${column} || ' ' || number from removed_keys where ${column} is not null`,
    )
    expect([...rows.filter(possible).map(line), ...removed]).toEqual(expect.arrayContaining(entries))
    expect(entries).toEqual(expect.arrayContaining(rows.filter(certain).map(line)))
  }

  /** Registrations whose keys wait to be cleared are gone, and each waits once. */
  #removedKeys(): void {
    const numbers = this.#lines("select number from removed_keys")
    const present = new Set(this.#rows.map(({ number }) => String(number)))
    expect(numbers.filter((number) => present.has(String(number)))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
  }

  /**
   * All members of the registrations that are folded are there, and none that no row stands for or did until lately. The
   * sizes have none of those.
   */
  #members(): void {
    const folded = this.#rows.filter(({ number }) => number <= this.#mark("members_folded"))
    const members = folded.flatMap(({ number, platform, channels }) =>
      channels.split(",").map((channel) => ({ channel, number, platform })),
    )
    const removed = this.#database
      .prepare<[], RemovedMember>("select registration, application, channels from removed_members")
      .all()
    const present = new Set(this.#rows.map(({ number }) => number))
    expect(removed.filter(({ registration }) => present.has(registration))).toEqual([])
    const isGone = new Set(removed.map(({ registration }) => registration))
    const lines = (sql: string) => this.#lines(sql).filter((line) => !isGone.has(Number(line.split(" ")[1])))
    expect(lines("select channel || ' ' || registration || ' ' || platform from members")).toEqual(
      members.map(({ channel, number, platform }) => `${channel} ${number} ${platform}`).sort(),
    )
    expect(lines("select application || ' ' || registration from application_devices")).toEqual(
      folded.map(({ application, number }) => `${application} ${number}`).sort(),
    )
    this.#leftMembers(removed)
    this.#counts(
      "select channel || ' ' || platform, count from member_counts",
      members.map(({ channel, platform }) => `${channel} ${platform}`),
    )
    this.#counts(
      "select application || ' ' || platform, count from device_counts",
      folded.map(({ application, platform }) => `${application} ${platform}`),
    )
  }

  /** What is still there of those who are gone is what will be cleared. */
  #leftMembers(removed: readonly RemovedMember[]): void {
    const left = (table: string, owner: string) =>
      this.#lines(
        `select ${owner} || ' ' || registration from ${table} where registration in (select registration from removed_members)`,
      )
    expect(
      removed.flatMap(({ registration, channels }) =>
        channels.split(",").map((channel) => `${channel} ${registration}`),
      ),
    ).toEqual(expect.arrayContaining(left("members", "channel")))
    expect(removed.map(({ application, registration }) => `${application} ${registration}`)).toEqual(
      expect.arrayContaining(left("application_devices", "application")),
    )
  }

  #counts(sql: string, counted: readonly string[]): void {
    const kept = this.#database.prepare<[], [string, number]>(sql).raw().all()
    const nonZero = kept.filter(([, count]) => count !== 0).map(([name, count]) => `${name}: ${count}`)
    const groups = Map.groupBy(counted, (name) => name)
    expect(nonZero.sort()).toEqual([...groups].map(([name, all]) => `${name}: ${all.length}`).sort())
  }

  /** The registrations of a token are one list from the one that receives; only expired ones may have dropped out. */
  #holders(now: number): void {
    const tokens = Map.groupBy(this.#rows, (row) => `${row.application} ${row.platform} ${row.token}`)
    for (const rows of tokens.values()) {
      const byNumber = new Map(rows.map((row) => [row.number, row]))
      const receivers = rows.filter(({ receives }) => receives === 1)
      expect(receivers.length).toBeLessThanOrEqual(1)
      const listed = new Set<number>()
      let newer: number | null = null
      for (let row = receivers[0]; row !== undefined; row = byNumber.get(row.older_holder ?? 0)) {
        expect(listed.has(row.number)).toBe(false)
        listed.add(row.number)
        expect(row.newer_holder).toBe(newer)
        if (row.older_holder !== null) expect(byNumber.has(row.older_holder)).toBe(true)
        newer = row.number
      }
      for (const { number, receives, expires_at, newer_holder, older_holder } of rows) {
        if (listed.has(number)) continue
        expect({ receives, newer_holder, older_holder }).toEqual({
          receives: 0,
          newer_holder: null,
          older_holder: null,
        })
        expect(expires_at ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(now)
      }
    }
  }

  #lines(sql: string): string[] {
    return this.#database.prepare<[], string>(sql).pluck().all().sort()
  }

  #mark(name: string): number {
    return this.#database
      .prepare<[string], number>("select number from marks where name = ?")
      .pluck()
      .get(name) as number
  }
}
