import type { PhoneStore, VirtualPhone } from "../phone-store.ts"
import type { SqliteContext } from "./context.ts"

const PHONE_STATEMENTS = {
  count: "select count(*) from virtual_phones where application = ?",
  add: "insert into virtual_phones (application, device_id, name, created_at) values (?, ?, ?, ?)",
  list: `select application, device_id as deviceId, name, created_at as createdAt
    from virtual_phones where application = ?`,
  remove: "delete from virtual_phones where application = ? and device_id = ?",
} as const

export class SqlitePhones implements PhoneStore {
  readonly #context: SqliteContext
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(context: SqliteContext) {
    this.#context = context
    this.#statements = prepareStatements(context)
  }

  add({ application, deviceId, name, createdAt }: VirtualPhone, max: number): Promise<boolean> {
    return this.#context.writer.write(() => {
      if ((this.#statements.count.get(application) as number) >= max) return false
      this.#statements.add.run(application, deviceId, name, createdAt)
      return true
    })
  }

  async list(application: number): Promise<readonly VirtualPhone[]> {
    const phones = this.#statements.list.all(application)
    return phones.sort((a, b) => a.createdAt - b.createdAt)
  }

  remove(application: number, deviceId: string): Promise<boolean> {
    return this.#context.writer.write(() => this.#statements.remove.run(application, deviceId).changes > 0)
  }
}

function prepareStatements({ connection }: SqliteContext) {
  const sql = PHONE_STATEMENTS
  return {
    count: connection.prepare<[number], number>(sql.count).pluck(),
    add: connection.prepare<[number, string, string, number]>(sql.add),
    list: connection.prepare<[number], VirtualPhone>(sql.list),
    remove: connection.prepare<[number, string]>(sql.remove),
  }
}
