import type { Application } from "../../domain/application.ts"
import { DomainError } from "../../domain/errors.ts"
import type { Preset } from "../../domain/permission.ts"
import type { ApiKeyKind } from "../../domain/roles.ts"
import type {
  ApiKey,
  ApplicationStore,
  HostName,
  KeyChanges,
  KeyOwner,
  KeySecret,
  NewApiKey,
  NewApplication,
  NewHostName,
} from "../store.ts"
import type { SqliteContext } from "./context.ts"

const APPLICATION = "number, id, name, preset, created_at as createdAt"
const KEY = `number, kind, label, role, hash, sealed, created_at as createdAt, expires_at as expiresAt,
  regenerated_at as regeneratedAt, previous_until as previousUntil,
  last_used_at as lastUsedAt, addresses, requests_per_second as requestsPerSecond`
const OWNER = `a.number, a.id, a.name, a.preset, a.created_at as createdAt, a.rules_version as rulesVersion,
  k.number as keyNumber, k.kind as keyKind, k.role as keyRole,
  k.last_used_at as keyUsedAt, k.addresses, k.requests_per_second as requestsPerSecond`

/** Tables whose rows go with their application, at once. */
const OWNED_TABLES = [
  "host_names",
  "api_keys",
  "credentials",
  "permission_rules",
  "roles",
  "user_settings",
  "issuers",
  "virtual_phones",
  "hourly_figures",
] as const

type Nullable<T> = {
  readonly [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K]
}

/** A row of api_keys: what may be missing is null, and lists are one text, with spaces in between. */
type Stored<Key> = {
  readonly [K in keyof Key]: Key[K] extends readonly string[] ? string : Nullable<Key>[K]
}

interface OwnerRow extends Application {
  readonly rulesVersion: number
  readonly keyNumber: number
  readonly keyKind: ApiKeyKind
  readonly keyRole: string | null
  readonly keyUsedAt: number | null
  readonly hostRole: string | null
  readonly validUntil: number | null
  readonly addresses: string
  readonly requestsPerSecond: number | null
}

export class SqliteApplications implements ApplicationStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>
  readonly #keys: ReturnType<typeof prepareKeyStatements>
  readonly #hosts: ReturnType<typeof prepareHostStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
    this.#keys = prepareKeyStatements(context)
    this.#hosts = prepareHostStatements(context)
  }

  create(application: NewApplication, now: number): Promise<Application> {
    return this.#context.writer.write(() => {
      const { id, name, preset, keys } = application
      const number = Number(this.#statements.insert.run(id, name, preset, now).lastInsertRowid)
      for (const key of keys) this.#insertKey(number, key, now)
      return { number, id, name, preset, createdAt: now }
    })
  }

  async list(): Promise<readonly Application[]> {
    return this.#statements.list.all()
  }

  async byId(id: string): Promise<Application | undefined> {
    return this.#statements.byId.get(id)
  }

  update(
    number: number,
    { name, preset }: { readonly name?: string; readonly preset?: Preset },
  ): Promise<Application | undefined> {
    return this.#context.writer.write(() => this.#statements.update.get(name ?? null, preset ?? null, number))
  }

  delete(number: number, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      if (this.#statements.markDeleted.run(now, number).changes === 0) return false
      for (const deleteOwned of this.#statements.deleteOwned) deleteOwned.run(number)
      return true
    })
  }

  async keys(number: number): Promise<readonly ApiKey[]> {
    return this.#keys.list.all(number).map(toKey)
  }

  addKey(
    number: number,
    key: NewApiKey,
    { now, keysMax }: { readonly now: number; readonly keysMax: number },
  ): Promise<ApiKey | undefined> {
    return this.#context.writer.write(() => {
      if (!this.#exists(number, key.role)) return undefined
      if ((this.#keys.count.get(number) as number) >= keysMax) {
        throw new DomainError(
          "conflict",
          `The application has ${keysMax} keys, and more are not allowed; revoke those that are not used.`,
          { limit: keysMax },
        )
      }
      return this.#insertKey(number, key, now)
    })
  }

  changeKey(
    number: number,
    keyNumber: number,
    changes: KeyChanges,
  ): Promise<ApiKey | "unknown_role" | undefined> {
    return this.#context.writer.write(() => {
      const row = this.#keys.find.get(keyNumber, number)
      if (row === undefined) return undefined
      const { label, role, expiresAt, addresses, requestsPerSecond } = { ...toKey(row), ...changes }
      if (!this.#exists(number, role)) return "unknown_role"
      const changed = this.#keys.change.get({
        application: number,
        number: keyNumber,
        label,
        role: role ?? null,
        expiresAt: expiresAt ?? null,
        addresses: addresses.join(" "),
        requestsPerSecond: requestsPerSecond ?? null,
      })
      return changed && toKey(changed)
    })
  }

  regenerateKey(
    number: number,
    keyNumber: number,
    { hash, sealed }: KeySecret,
    options: { readonly now: number; readonly previousUntil: number; readonly expiresAt: number | undefined },
  ): Promise<ApiKey | undefined> {
    const { now, previousUntil, expiresAt } = options
    return this.#context.writer.write(() => {
      const row = this.#keys.regenerate.get(
        hash,
        sealed,
        expiresAt ?? null,
        now,
        previousUntil,
        keyNumber,
        number,
      )
      return row === undefined ? undefined : toKey(row)
    })
  }

  removeKey(number: number, keyNumber: number): Promise<boolean> {
    return this.#context.writer.write(() => this.#keys.remove.run(keyNumber, number).changes > 0)
  }

  noteKeyUse(keyNumber: number, now: number): Promise<void> {
    return this.#context.writer.write(() => void this.#keys.noteUse.run(now, keyNumber))
  }

  async keyOwner(applicationId: string, keyHash: string, now: number): Promise<KeyOwner | undefined> {
    return toOwner(this.#keys.owner.get({ applicationId, keyHash, now }))
  }

  bindHost(
    binding: NewHostName,
    { now, hostsMax }: { readonly now: number; readonly hostsMax: number },
  ): Promise<"bound" | "taken" | "unknown"> {
    return this.#context.writer.write(() => {
      const { host, application, keyNumber, role } = binding
      if (!this.#exists(application, role)) return "unknown"
      if (this.#keys.find.get(keyNumber, application) === undefined) return "unknown"
      if (
        this.#hosts.holder.get(host) === undefined &&
        (this.#hosts.count.get(application) as number) >= hostsMax
      ) {
        throw new DomainError(
          "conflict",
          `The application has ${hostsMax} host names, and more are not allowed; unbind those that are not used.`,
          { limit: hostsMax },
        )
      }
      const { changes } = this.#hosts.bind.run(host, application, keyNumber, role ?? null, now)
      return changes > 0 ? "bound" : "taken"
    })
  }

  unbindHost(host: string, application?: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      const holder = this.#hosts.holder.get(host)
      if (holder === undefined || (application ?? holder) !== holder) return false
      this.#hosts.unbind.run(host)
      return true
    })
  }

  async hosts(number: number): Promise<readonly HostName[]> {
    return this.#hosts.list.all(number).map((row) => ({ ...row, role: row.role ?? undefined }))
  }

  async hostOwner(host: string, now: number): Promise<KeyOwner | undefined> {
    return toOwner(this.#hosts.owner.get({ host, now }))
  }

  #insertKey(application: number, key: NewApiKey, now: number): ApiKey {
    const { kind, label, role, hash, sealed, expiresAt, addresses, requestsPerSecond } = key
    const row = this.#keys.insert.get({
      application,
      kind,
      label,
      role: role ?? null,
      hash,
      sealed,
      createdAt: now,
      expiresAt: expiresAt ?? null,
      addresses: addresses.join(" "),
      requestsPerSecond: requestsPerSecond ?? null,
    })
    if (row === undefined) throw new Error("a key that was inserted was not returned")
    return toKey(row)
  }

  /** Inside a transaction: the application, and the custom role if one is named. */
  #exists(application: number, role: string | undefined): boolean {
    if (role !== undefined) return this.#statements.hasRole.get(application, role) !== undefined
    return this.#statements.has.get(application) !== undefined
  }
}

function toKey(stored: Stored<ApiKey>): ApiKey {
  const { role, expiresAt, regeneratedAt, previousUntil, lastUsedAt, addresses, requestsPerSecond, ...row } =
    stored
  return {
    ...row,
    role: role ?? undefined,
    expiresAt: expiresAt ?? undefined,
    regeneratedAt: regeneratedAt ?? undefined,
    previousUntil: previousUntil ?? undefined,
    lastUsedAt: lastUsedAt ?? undefined,
    addresses: toList(addresses),
    requestsPerSecond: requestsPerSecond ?? undefined,
  }
}

function toList(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ")
}

function toOwner(row: OwnerRow | undefined): KeyOwner | undefined {
  if (row === undefined) return undefined
  const { rulesVersion, keyNumber, keyKind, keyRole, hostRole, validUntil, keyUsedAt, ...more } = row
  const { addresses, requestsPerSecond, ...application } = more
  return {
    application,
    keyNumber,
    keyKind,
    boundRoles: [keyRole, hostRole].filter((role) => role !== null),
    validUntil: validUntil ?? undefined,
    addresses: toList(addresses),
    requestsPerSecond: requestsPerSecond ?? undefined,
    keyUsedAt: keyUsedAt ?? undefined,
    rulesVersion,
  }
}

function prepareStatements({ connection }: SqliteContext) {
  return {
    insert: connection.prepare<[string, string, string, number]>(
      "insert into applications (id, name, preset, created_at) values (?, ?, ?, ?)",
    ),
    list: connection.prepare<[], Application>(
      `select ${APPLICATION} from applications where deleted_at is null order by number`,
    ),
    byId: connection.prepare<[string], Application>(
      `select ${APPLICATION} from applications where id = ? and deleted_at is null`,
    ),
    has: connection.prepare<[number]>("select 1 from applications where number = ? and deleted_at is null"),
    hasRole: connection.prepare<[number, string]>("select 1 from roles where application = ? and name = ?"),
    update: connection.prepare<[string | null, string | null, number], Application>(
      `update applications set name = coalesce(?, name), preset = coalesce(?, preset)
       where number = ? and deleted_at is null returning ${APPLICATION}`,
    ),
    markDeleted: connection.prepare<[number, number]>(
      "update applications set deleted_at = ? where number = ? and deleted_at is null",
    ),
    deleteOwned: OWNED_TABLES.map((table) =>
      connection.prepare<[number]>(`delete from ${table} where application = ?`),
    ),
  }
}

function prepareKeyStatements({ connection }: SqliteContext) {
  return {
    insert: connection.prepare<
      [Stored<NewApiKey> & { readonly application: number; readonly createdAt: number }],
      Stored<ApiKey>
    >(
      `insert into api_keys (application, kind, label, role, hash, sealed, created_at, expires_at, addresses,
         requests_per_second)
       values (@application, @kind, @label, @role, @hash, @sealed, @createdAt, @expiresAt, @addresses,
         @requestsPerSecond) returning ${KEY}`,
    ),
    list: connection.prepare<[number], Stored<ApiKey>>(
      `select ${KEY} from api_keys where application = ? order by number`,
    ),
    count: connection
      .prepare<[number], number>("select count(*) from api_keys where application = ?")
      .pluck(),
    find: connection.prepare<[number, number], Stored<ApiKey>>(
      `select ${KEY} from api_keys where number = ? and application = ?`,
    ),
    change: connection.prepare<
      [Stored<Pick<NewApiKey, keyof KeyChanges>> & { readonly application: number; readonly number: number }],
      Stored<ApiKey>
    >(
      `update api_keys set label = @label, role = @role, expires_at = @expiresAt, addresses = @addresses,
         requests_per_second = @requestsPerSecond,
         previous_until = min(previous_until, coalesce(@expiresAt, 9007199254740991))
       where number = @number and application = @application returning ${KEY}`,
    ),
    // The right side of each assignment is the row as it was before.
    regenerate: connection.prepare<
      [string, string, number | null, number, number, number, number],
      Stored<ApiKey>
    >(
      `update api_keys set hash = ?, sealed = ?, expires_at = ?, regenerated_at = ?, previous_hash = hash,
         previous_until = min(?, coalesce(expires_at, 9007199254740991))
       where number = ? and application = ? returning ${KEY}`,
    ),
    noteUse: connection.prepare<[number, number]>("update api_keys set last_used_at = ? where number = ?"),
    remove: connection.prepare<[number, number]>("delete from api_keys where number = ? and application = ?"),
    owner: connection.prepare<
      [{ readonly applicationId: string; readonly keyHash: string; readonly now: number }],
      OwnerRow
    >(
      `select ${OWNER}, null as hostRole,
         case when k.hash = @keyHash then k.expires_at else k.previous_until end as validUntil
       from api_keys k join applications a on a.number = k.application
       where (k.hash = @keyHash or k.previous_hash = @keyHash) and a.id = @applicationId
         and a.deleted_at is null and (validUntil is null or validUntil > @now)`,
    ),
  }
}

function prepareHostStatements({ connection }: SqliteContext) {
  return {
    bind: connection.prepare<[string, number, number, string | null, number]>(
      `insert into host_names (host, application, api_key, role, created_at) values (?, ?, ?, ?, ?)
       on conflict (host) do update set api_key = excluded.api_key, role = excluded.role,
         created_at = excluded.created_at where application = excluded.application`,
    ),
    holder: connection.prepare<[string], number>("select application from host_names where host = ?").pluck(),
    count: connection
      .prepare<[number], number>("select count(*) from host_names where application = ?")
      .pluck(),
    unbind: connection.prepare<[string]>("delete from host_names where host = ?"),
    list: connection.prepare<[number], Nullable<HostName>>(
      `select h.host, h.application, h.api_key as keyNumber, k.kind as keyKind, h.role, h.created_at as createdAt
       from host_names h join api_keys k on k.number = h.api_key where h.application = ? order by h.host`,
    ),
    owner: connection.prepare<[{ readonly host: string; readonly now: number }], OwnerRow>(
      `select ${OWNER}, h.role as hostRole, k.expires_at as validUntil
       from host_names h
       join api_keys k on k.number = h.api_key
       join applications a on a.number = h.application
       where h.host = @host and a.deleted_at is null and (validUntil is null or validUntil > @now)`,
    ),
  }
}
