import Database from "better-sqlite3"
import { migrate } from "../src/store/sqlite/migrate.ts"

/** Why an empty database cannot be brought up to date: two branches took the same number, or a statement fails. */
export function migrationFault(): string {
  const connection = new Database(":memory:")
  try {
    migrate(connection, 0)
    return ""
  } catch (error) {
    return `src/store/sqlite/migrations: ${error instanceof Error ? error.message : error}`
  } finally {
    connection.close()
  }
}
