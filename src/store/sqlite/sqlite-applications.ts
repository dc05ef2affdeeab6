import type { Application, KeyKind } from "../../domain/application.ts"
import type { ApiKey, ApplicationStore, HostName, KeyOwner, NewApplication } from "../store.ts"
import type { SqliteContext } from "./context.ts"

const APPLICATION = "number, id, name, preset, created_at as createdAt"
const KEY_OWNER = `a.number, a.id, a.name, a.preset, a.created_at as createdAt, k.number as keyNumber, k.kind as keyKind`

interface KeyOwnerRow extends Application {
  readonly keyNumber: number
  readonly keyKind: KeyKind
}

export class SqliteApplications implements ApplicationStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  create(application: NewApplication, now: number): Promise<Application> {
    return this.#context.writer.write(() => {
      const { id, name, preset } = application
      const number = Number(this.#statements.insert.run(id, name, preset, now).lastInsertRowid)
      for (const key of application.keys)
        this.#statements.insertKey.run(number, key.kind, key.hash, key.sealed, now)
      return { number, id, name, preset, createdAt: now }
    })
  }

  async list(): Promise<readonly Application[]> {
    return this.#statements.list.all()
  }

  async byId(id: string): Promise<Application | undefined> {
    return this.#statements.byId.get(id)
  }

  delete(number: number, now: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      if (this.#statements.markDeleted.run(now, number).changes === 0) return false
      this.#statements.deleteKeys.run(number)
      this.#statements.deleteHosts.run(number)
      this.#statements.deleteCredentials.run(number)
      return true
    })
  }

  async keys(number: number): Promise<readonly ApiKey[]> {
    return this.#statements.keys.all(number)
  }

  async keyOwner(applicationId: string, keyHash: string): Promise<KeyOwner | undefined> {
    return toKeyOwner(this.#statements.keyOwner.get(keyHash, applicationId))
  }

  bindHost(binding: HostName, now: number): Promise<void> {
    return this.#context.writer.write(() => {
      this.#statements.bindHost.run(binding.host, binding.application, binding.keyKind, now)
    })
  }

  unbindHost(host: string): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.unbindHost.run(host).changes > 0)
  }

  async hosts(number: number): Promise<readonly HostName[]> {
    return this.#statements.hosts.all(number)
  }

  async hostOwner(host: string): Promise<KeyOwner | undefined> {
    return toKeyOwner(this.#statements.hostOwner.get(host))
  }
}

function toKeyOwner(row: KeyOwnerRow | undefined): KeyOwner | undefined {
  if (row === undefined) return undefined
  const { keyNumber, keyKind, ...application } = row
  return { application, keyNumber, keyKind }
}

function prepareStatements({ connection }: SqliteContext) {
  return {
    insert: connection.prepare<[string, string, string, number]>(
      "insert into applications (id, name, preset, created_at) values (?, ?, ?, ?)",
    ),
    insertKey: connection.prepare<[number, string, string, string, number]>(
      "insert into api_keys (application, kind, hash, sealed, created_at) values (?, ?, ?, ?, ?)",
    ),
    list: connection.prepare<[], Application>(
      `select ${APPLICATION} from applications where deleted_at is null order by number`,
    ),
    byId: connection.prepare<[string], Application>(
      `select ${APPLICATION} from applications where id = ? and deleted_at is null`,
    ),
    markDeleted: connection.prepare<[number, number]>(
      "update applications set deleted_at = ? where number = ? and deleted_at is null",
    ),
    deleteKeys: connection.prepare<[number]>("delete from api_keys where application = ?"),
    deleteHosts: connection.prepare<[number]>("delete from host_names where application = ?"),
    deleteCredentials: connection.prepare<[number]>("delete from credentials where application = ?"),
    keys: connection.prepare<[number], ApiKey>(
      "select number, kind, hash, sealed from api_keys where application = ? order by number",
    ),
    keyOwner: connection.prepare<[string, string], KeyOwnerRow>(
      `select ${KEY_OWNER} from api_keys k join applications a on a.number = k.application
       where k.hash = ? and a.id = ? and a.deleted_at is null`,
    ),
    bindHost: connection.prepare<[string, number, string, number]>(
      `insert into host_names (host, application, key_kind, created_at) values (?, ?, ?, ?)
       on conflict (host) do update set application = excluded.application, key_kind = excluded.key_kind`,
    ),
    unbindHost: connection.prepare<[string]>("delete from host_names where host = ?"),
    hosts: connection.prepare<[number], HostName>(
      "select host, application, key_kind as keyKind from host_names where application = ? order by host",
    ),
    hostOwner: connection.prepare<[string], KeyOwnerRow>(
      `select ${KEY_OWNER} from host_names h
       join applications a on a.number = h.application
       join api_keys k on k.application = a.number and k.kind = h.key_kind
       where h.host = ? and a.deleted_at is null order by k.number limit 1`,
    ),
  }
}
