import type { ManagementScope } from "../../domain/permission.ts"
import type { AdministratorStore, AdministratorToken } from "../store.ts"
import type { SqliteContext } from "./context.ts"

const COLUMNS = "number, label, scope, created_at as createdAt"

export class SqliteAdministrators implements AdministratorStore {
  readonly #context: SqliteContext
  readonly #insert
  readonly #byHash
  readonly #list
  readonly #remove

  constructor(context: SqliteContext) {
    this.#context = context
    const { connection } = context
    this.#insert = connection.prepare<[string, string, string, number]>(
      "insert into administrator_tokens (hash, label, scope, created_at) values (?, ?, ?, ?)",
    )
    this.#byHash = connection.prepare<[string], AdministratorToken>(
      `select ${COLUMNS} from administrator_tokens where hash = ?`,
    )
    this.#list = connection.prepare<[], AdministratorToken>(
      `select ${COLUMNS} from administrator_tokens order by number`,
    )
    this.#remove = connection.prepare<[number]>("delete from administrator_tokens where number = ?")
  }

  createToken(
    token: { readonly hash: string; readonly label: string; readonly scope: ManagementScope },
    now: number,
  ): Promise<number> {
    return this.#context.writer.write(() =>
      Number(this.#insert.run(token.hash, token.label, token.scope, now).lastInsertRowid),
    )
  }

  async tokenByHash(hash: string): Promise<AdministratorToken | undefined> {
    return this.#byHash.get(hash)
  }

  async listTokens(): Promise<readonly AdministratorToken[]> {
    return this.#list.all()
  }

  removeToken(number: number): Promise<boolean> {
    return this.#context.writer.write(() => this.#remove.run(number).changes > 0)
  }
}
