import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import Database from "better-sqlite3"
import { ChildProgram, type ChildProgramOptions } from "./child-program.ts"

const CLI = fileURLToPath(new URL("../../bin/belfry.js", import.meta.url))
const QUICK_LEASE_SERVER = fileURLToPath(new URL("./programs/quick-lease-server.ts", import.meta.url))

/** What a server says when it is ready. */
export interface Introduction {
  readonly url: string
  readonly applicationId: string
  readonly apiKeys: Readonly<Record<string, string>>
  readonly masterKey: string
}

export interface RunningServer extends Introduction {
  readonly program: ChildProgram
  /** Where apps send to: the address with the ids in the path. */
  readonly path: string
  readonly port: number
}

export interface StartOptions extends ChildProgramOptions {
  /** The product takes over a dead server's segments after ten seconds, this one within one: see programs/. */
  readonly quickLease?: boolean
}

/** A data directory whose servers crash. Disposing ends what was started on it and removes it. */
export class ServerSite implements AsyncDisposable {
  readonly path: string
  readonly dataDir: string
  readonly #programs: ChildProgram[] = []

  private constructor(path: string, dataDir: string) {
    this.path = path
    this.dataDir = dataDir
  }

  /** `dataDir`: in another place than beside the other files of the test. */
  static async open(dataDir?: string): Promise<ServerSite> {
    const path = await mkdtemp(join(tmpdir(), "belfry-crash-"))
    return new ServerSite(path, dataDir ?? join(path, "data"))
  }

  get database(): string {
    return join(this.dataDir, "belfry.db")
  }

  /** Begins to start a server on a free port; see `ready`. */
  launch({ quickLease = false, ...options }: StartOptions = {}): ChildProgram {
    const serve = ["serve", "--data-dir", this.dataDir, "--port", "0", "--no-sandbox", "--json"]
    const line = quickLease ? [QUICK_LEASE_SERVER, this.dataDir] : [CLI, ...serve, "--log-level", "error"]
    return this.#run(line, options)
  }

  /** A server that answers requests. */
  async start(options: StartOptions = {}): Promise<RunningServer> {
    return this.ready(this.launch(options))
  }

  async ready(program: ChildProgram): Promise<RunningServer> {
    const introduction = JSON.parse(await program.printed(/\n/)) as Introduction
    const { url, applicationId, apiKeys } = introduction
    return {
      ...introduction,
      program,
      path: `/${applicationId}/${apiKeys["ANDROID"]}`,
      port: Number(new URL(url).port),
    }
  }

  /** A token for the management API. */
  async createAdministratorToken(): Promise<string> {
    const program = this.#run([CLI, "token", "create", "--json", "--data-dir", this.dataDir], {})
    const { token } = JSON.parse(await program.printed(/\n/)) as { readonly token: string }
    await program.ended
    return token
  }

  /** What SQLite finds wrong with the database: "ok" for nothing. No server may run. */
  integrity(): string {
    using database = new InspectedDatabase(this.database)
    return database.rows("pragma integrity_check").join("; ")
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]()
    await rm(this.path, { recursive: true, force: true })
  }

  #run(line: readonly string[], options: ChildProgramOptions): ChildProgram {
    const program = new ChildProgram([process.execPath, ...line], options)
    this.#programs.push(program)
    return program
  }
}

/** A database as any SQLite client sees it. Closing the last connection folds the WAL back into the database. */
export class InspectedDatabase implements Disposable {
  readonly #connection: Database.Database

  constructor(file: string) {
    this.#connection = new Database(file, { fileMustExist: true })
  }

  /** The first column of each row. */
  rows(sql: string): unknown[] {
    return this.#connection.prepare(sql).pluck().all()
  }

  run(sql: string): void {
    this.#connection.exec(sql)
  }

  [Symbol.dispose](): void {
    this.#connection.close()
  }
}
