import type { Registration } from "../../domain/device.ts"
import { platformCode, platformOf } from "../../domain/platform.ts"
import { shortHash } from "../../runtime/short-hash.ts"
import type { DeviceCriteria, DevicePage } from "../store.ts"
import type { SqliteContext } from "./context.ts"
import { DEVICE_COLUMNS, type DeviceRow } from "./device-statements.ts"
import { toRegistration } from "./registration-row.ts"
import { NO_END } from "./sqlite-audience.ts"

/** Registrations that are looked at. */
export interface ScanBounds {
  /** In one step: some milliseconds, then others have their turn. */
  readonly slice: number
  readonly call: number
  /** In one call that hashes tokens, which costs as much as ten comparisons. */
  readonly hashing: number
}

const SCAN_BOUNDS: ScanBounds = { slice: 5_000, call: 50_000, hashing: 20_000 }

const MATCHES = `(r.expires_at is null or r.expires_at > @now)
    and (@platform is null or r.platform = @platform)
    and (@prefix is null or substr(r.device_id, 1, length(@prefix)) = @prefix)
    and (@user is null or r.user_id = @user)`

const OF_APPLICATION = {
  from: `application_devices o cross join registrations r on r.number = o.registration
    where o.application = @owner`,
  end: "select registration from application_devices where application = ? and registration > ? order by registration limit 1 offset ?",
  late: "r.application = @owner",
}

const OF_CHANNEL = {
  from: `members o cross join registrations r on r.number = o.registration
    where o.channel = @owner`,
  end: "select registration from members where channel = ? and registration > ? order by registration limit 1 offset ?",
  late: "instr(',' || r.channels || ',', ',' || cast(@owner as integer) || ',') > 0",
}

function statementsOf(source: typeof OF_APPLICATION) {
  const slice = `${source.from} and o.registration > @after and o.registration <= @end and ${MATCHES}
    order by o.registration`
  // The registrations that the tables do not have yet, all of them later: at most some thousands (memberships.ts).
  const late = `registrations r
    where r.number > max(@after, (select number from marks where name = 'members_folded'))
      and ${source.late} and ${MATCHES}
    order by r.number`
  return {
    end: source.end,
    rows: `select ${DEVICE_COLUMNS} from ${slice} limit @limit`,
    tokens: `select r.number, r.token, r.os from ${slice}`,
    lateRows: `select ${DEVICE_COLUMNS} from ${late} limit @limit`,
    lateTokens: `select r.number, r.token, r.os from ${late}`,
  } as const
}

interface Parameters {
  readonly owner: number
  readonly after: number
  readonly end: number
  readonly now: number
  readonly platform: number | null
  readonly prefix: string | null
  readonly user: string | null
  readonly limit: number
}

/** Finds devices by what no index leads to: a bounded slice of the application's or a channel's devices for each call. */
export class DeviceScan {
  readonly #context: SqliteContext
  readonly #bounds: ScanBounds
  readonly #ofApplication
  readonly #ofChannel
  readonly #byNumber

  constructor(context: SqliteContext, bounds: ScanBounds = SCAN_BOUNDS) {
    this.#context = context
    this.#bounds = bounds
    this.#ofApplication = prepare(context, OF_APPLICATION)
    this.#ofChannel = prepare(context, OF_CHANNEL)
    this.#byNumber = context.connection.prepare<[number], DeviceRow>(
      `select ${DEVICE_COLUMNS} from registrations r where number = ?`,
    )
  }

  async page(
    application: number,
    criteria: DeviceCriteria,
    after: number,
    limit: number,
    now: number,
  ): Promise<DevicePage> {
    const { channel, os, deviceIdPrefix, userId, tokenHash } = criteria
    const statements = channel === undefined ? this.#ofApplication : this.#ofChannel
    const { slice, call, hashing } = this.#bounds
    const lookMax = tokenHash === undefined ? call : hashing
    const owner = channel ?? application
    const platform = os === undefined ? null : platformCode(os)
    const found: DeviceRow[] = []
    let from = after
    for (let looked = 0; looked < lookMax; looked += slice) {
      const wanted = limit - found.length
      const step = this.#context.connection.transaction(() => {
        const end = statements.end.get(owner, from, slice - 1)
        const parameters: Parameters = {
          owner,
          after: from,
          end: end ?? NO_END,
          now,
          platform,
          prefix: deviceIdPrefix ?? null,
          user: userId ?? null,
          limit: wanted,
        }
        const rows = this.#matching(statements, parameters, criteria, end === undefined)
        return { end, rows }
      })()
      found.push(...step.rows)
      if (found.length >= limit) return this.#pageOf(found, found.at(-1)?.number)
      if (step.end === undefined) return this.#pageOf(found, undefined)
      from = step.end
      await new Promise((resolve) => setImmediate(resolve))
    }
    return this.#pageOf(found, from)
  }

  /** At most `limit` rows of a slice, and of the late registrations when it is the last. */
  #matching(
    statements: ReturnType<typeof prepare>,
    parameters: Parameters,
    criteria: DeviceCriteria,
    isLast: boolean,
  ): DeviceRow[] {
    const { tokenHash } = criteria
    const otherSystem = otherSystemOf(criteria)
    if (tokenHash === undefined && otherSystem === undefined) {
      const rows = statements.rows.all(parameters)
      if (!isLast || rows.length >= parameters.limit) return rows
      return rows.concat(statements.lateRows.all({ ...parameters, limit: parameters.limit - rows.length }))
    }
    const matches = ([, token, os]: [number, string, string]) =>
      (otherSystem === undefined || os.trim().toLowerCase() === otherSystem) &&
      (tokenHash === undefined || shortHash(token) === tokenHash)
    const candidates = statements.tokens.all(parameters)
    if (isLast) candidates.push(...statements.lateTokens.all(parameters))
    return candidates
      .filter(matches)
      .slice(0, parameters.limit)
      .flatMap(([number]) => this.#byNumber.get(number) ?? [])
  }

  #pageOf(rows: readonly DeviceRow[], next: number | undefined): DevicePage {
    const devices: Registration[] = rows.map((row) => toRegistration(row, this.#context.channelNumbers))
    return { devices, next }
  }
}

/** A system without a provider, which has no code of its own. */
function otherSystemOf({ os }: DeviceCriteria): string | undefined {
  return os === undefined || platformOf(os) !== undefined ? undefined : os.trim().toLowerCase()
}

function prepare({ connection }: SqliteContext, source: typeof OF_APPLICATION) {
  const sql = statementsOf(source)
  return {
    end: connection.prepare<[number, number, number], number>(sql.end).pluck(),
    rows: connection.prepare<[Parameters], DeviceRow>(sql.rows),
    tokens: connection.prepare<[Parameters], [number, string, string]>(sql.tokens).raw(),
    lateRows: connection.prepare<[Parameters], DeviceRow>(sql.lateRows),
    lateTokens: connection.prepare<[Parameters], [number, string, string]>(sql.lateTokens).raw(),
  }
}
