import type { Statement } from "better-sqlite3"
import type {
  DeliveryPromise,
  Message,
  MessageState,
  NewMessage,
  PublishPolicy,
  SentAgain,
  SoughtOutcome,
} from "../../domain/message.ts"
import { PLATFORM_CODES, PLATFORMS, type Platform, type ProviderName } from "../../domain/platform.ts"
import type { ProviderCounts } from "../message-store.ts"
import type { ChannelNumbers } from "./channel-numbers.ts"
import type { SqliteContext } from "./context.ts"

interface MessageRow {
  readonly number: number
  readonly id: string
  readonly application: number
  readonly channel: number
  readonly platforms: number | null
  readonly policy: PublishPolicy
  readonly delivery: DeliveryPromise
  readonly accepted_at: number
  readonly expires_at: number
  readonly state: MessageState
  readonly state_changed_at: number
  readonly audience_size: number
  readonly unsupported: number
  readonly message_json: string
  readonly headers: string
  readonly publisher_id: string | null
  readonly subtopic: string | null
  readonly device_ids: string | null
  readonly unknown_device_ids: string
  readonly source_id: string | null
  readonly source_outcomes: string | null
}

/** What decides whether a message's segments may be claimed and when it ends. */
export interface MessageStatus extends ProviderCounts {
  readonly number: number
  readonly state: MessageState
  readonly expiresAt: number
  readonly audienceSize: number
  /** Devices in its retry list; of those, how many for each provider has the provider's name. */
  readonly retrying: number
}

/** Which members a message is for: see the table members. */
export interface MessageBoundary {
  readonly number: number
  readonly channel: number
  readonly platforms: number | null
}

/** The audience of a publish as the store found it. */
export interface StoredAudience {
  readonly channel: number
  readonly platforms: number | null
  readonly size: number
  /** Of them, how many no provider serves. */
  readonly unsupported: number
  readonly unknownDeviceIds: readonly string[]
}

/** The message whose audience a message that is sent again narrows. */
export interface MessageSource {
  readonly message: number
  readonly outcomes: readonly SoughtOutcome[]
}

/** Messages that are being sent, and some that were. */
const REMEMBERED_APPLICATIONS = 1_000

const COLUMNS = `m.number, m.id, m.application, m.channel, m.platforms, m.policy, m.delivery, m.accepted_at, m.expires_at,
  m.state, m.state_changed_at, m.audience_size, m.unsupported, c.message_json, c.headers, c.publisher_id, c.subtopic, c.device_ids,
  c.unknown_device_ids, o.id as source_id, s.outcomes as source_outcomes`
const WITH_CONTENT = `messages m cross join message_contents c on c.message = m.number
  left join message_sources s on s.message = m.number left join messages o on o.number = s.source`

export const MESSAGE_ROW_STATEMENTS = {
  insert: `insert into messages (id, application, channel, platforms, policy, delivery, accepted_at, expires_at, state,
      state_changed_at, audience_size, unsupported)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  insertContent: `insert into message_contents (message, message_json, headers, publisher_id, subtopic, device_ids,
      unknown_device_ids)
    values (?, ?, ?, ?, ?, ?, ?)`,
  insertSource: "insert into message_sources (message, source, outcomes) values (?, ?, ?)",
  source: "select source, outcomes from message_sources where message = ?",
  byNumber: `select ${COLUMNS} from ${WITH_CONTENT} where m.number = ?`,
  numberById: "select number from messages where id = ? and application = ?",
  numbersBefore:
    "select number from messages where application = ? and number < ? order by number desc limit ?",
  status: `select number, state, expires_at as expiresAt, audience_size as audienceSize, retrying,
      retrying_apns as apns, retrying_fcm as fcm, retrying_wns as wns
    from messages where number = ?`,
  application: "select application from messages where number = ?",
  boundary: "select number, channel, platforms from messages where number = ?",
  setState: "update messages set state = ?, state_changed_at = ? where number = ?",
  addRetrying: `update messages set retrying = retrying + ?, retrying_apns = retrying_apns + ?,
      retrying_fcm = retrying_fcm + ?, retrying_wns = retrying_wns + ?
    where number = ?`,
} as const

/** Messages as rows: reading and writing them, inside whatever transaction runs. */
export class MessageRows {
  readonly #channelNumbers: ChannelNumbers
  readonly #applications = new Map<number, number>()
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#channelNumbers = context.channelNumbers
    this.#statements = prepareStatements(context)
  }

  /** A message without an audience is finished at once. Returns its number. */
  insert(message: NewMessage, audience: StoredAudience): number {
    const { lastInsertRowid } = this.#statements.insert.run(
      message.id,
      message.application,
      audience.channel,
      audience.platforms,
      message.policy,
      message.delivery,
      message.acceptedAt,
      message.expiresAt,
      audience.size === 0 ? "finished" : "running",
      message.acceptedAt,
      audience.size,
      audience.unsupported,
    )
    const number = Number(lastInsertRowid)
    this.#statements.insertContent.run(
      number,
      message.messageJson,
      JSON.stringify([...message.headers]),
      message.publisherId ?? null,
      message.subtopic ?? null,
      message.audience.deviceIds === undefined ? null : JSON.stringify(message.audience.deviceIds),
      JSON.stringify(audience.unknownDeviceIds),
    )
    if (message.again !== undefined) this.#insertSource(number, message.application, message.again)
    return number
  }

  source(message: number): MessageSource | undefined {
    const row = this.#statements.source.get(message)
    return row && { message: row.source, outcomes: JSON.parse(row.outcomes) as SoughtOutcome[] }
  }

  #insertSource(message: number, application: number, { messageId, outcomes }: SentAgain): void {
    const source = this.numberById(application, messageId)
    if (source === undefined) throw new Error(`there is no message ${messageId} to be sent again`)
    this.#statements.insertSource.run(message, source, JSON.stringify(outcomes))
  }

  setState(number: number, state: MessageState, now: number): void {
    this.#statements.setState.run(state, now, number)
  }

  /** `providers`: of each device that came onto the retry list (1) or left it (-1). */
  addRetrying(number: number, change: 1 | -1, providers: readonly (ProviderName | undefined)[]): void {
    if (providers.length === 0) return
    const of = (name: ProviderName) => change * providers.filter((provider) => provider === name).length
    this.#statements.addRetrying.run(change * providers.length, of("apns"), of("fcm"), of("wns"), number)
  }

  byNumber(number: number): Message | undefined {
    const row = this.#statements.byNumber.get(number)
    if (row === undefined) return undefined
    const name = this.#channelNumbers.name(row.channel) ?? this.#channelNumbers.formerName(row.channel)
    return toMessage(row, name ?? "")
  }

  /** For a number that a row of this store names. */
  existing(number: number): Message {
    const message = this.byNumber(number)
    if (message === undefined) throw new Error(`message ${number} is missing from the store`)
    return message
  }

  numberById(application: number, id: string): number | undefined {
    return this.#statements.numberById.get(id, application)
  }

  /** Latest first. */
  numbersBefore(application: number, before: number, limit: number): number[] {
    return this.#statements.numbersBefore.all(application, before, limit)
  }

  status(number: number): MessageStatus {
    const status = this.#statements.status.get(number)
    if (status === undefined) throw new Error(`message ${number} is missing from the store`)
    return status
  }

  /** For a number that a row of this store names; it never changes. */
  applicationOf(number: number): number {
    const known = this.#applications.get(number)
    if (known !== undefined) return known
    if (this.#applications.size >= REMEMBERED_APPLICATIONS) this.#applications.clear()
    const application = this.#statements.application.get(number) as number
    this.#applications.set(number, application)
    return application
  }

  boundary(number: number): MessageBoundary | undefined {
    return this.#statements.boundary.get(number)
  }
}

/** Null stands for every operating system, also those without a provider. */
export function platformMask(platforms: readonly Platform[] | undefined): number | null {
  if (platforms === undefined) return null
  return platforms.reduce((mask, platform) => mask | PLATFORM_CODES[platform], 0)
}

function platformsOf(mask: number | null): readonly Platform[] | undefined {
  return mask === null ? undefined : PLATFORMS.filter((platform) => (mask & PLATFORM_CODES[platform]) !== 0)
}

function toMessage(row: MessageRow, channel: string): Message {
  return {
    number: row.number,
    id: row.id,
    application: row.application,
    audience: {
      channel,
      platforms: platformsOf(row.platforms),
      deviceIds: row.device_ids === null ? undefined : (JSON.parse(row.device_ids) as string[]),
    },
    policy: row.policy,
    delivery: row.delivery,
    messageJson: row.message_json,
    headers: new Map(JSON.parse(row.headers) as [string, string][]),
    publisherId: row.publisher_id ?? undefined,
    subtopic: row.subtopic ?? undefined,
    acceptedAt: row.accepted_at,
    expiresAt: row.expires_at,
    state: row.state,
    stateChangedAt: row.state_changed_at,
    audienceSize: row.audience_size,
    unsupported: row.unsupported,
    unknownDeviceIds: JSON.parse(row.unknown_device_ids) as string[],
    again: sentAgain(row),
  }
}

function sentAgain({ source_id, source_outcomes }: MessageRow): SentAgain | undefined {
  if (source_id === null || source_outcomes === null) return undefined
  return { messageId: source_id, outcomes: JSON.parse(source_outcomes) as SoughtOutcome[] }
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = MESSAGE_ROW_STATEMENTS
  return {
    insert: connection.prepare(sql.insert) as Statement<(number | string | null)[]>,
    insertContent: connection.prepare(sql.insertContent) as Statement<(number | string | null)[]>,
    insertSource: connection.prepare<[number, number, string]>(sql.insertSource),
    source: connection.prepare<[number], { readonly source: number; readonly outcomes: string }>(sql.source),
    byNumber: connection.prepare<[number], MessageRow>(sql.byNumber),
    numberById: connection.prepare<[string, number], number>(sql.numberById).pluck(),
    numbersBefore: connection.prepare<[number, number, number], number>(sql.numbersBefore).pluck(),
    status: connection.prepare<[number], MessageStatus>(sql.status),
    application: connection.prepare<[number], number>(sql.application).pluck(),
    boundary: connection.prepare<[number], MessageBoundary>(sql.boundary),
    setState: connection.prepare<[MessageState, number, number]>(sql.setState),
    addRetrying: connection.prepare<[number, number, number, number, number]>(sql.addRetrying),
  }
}
