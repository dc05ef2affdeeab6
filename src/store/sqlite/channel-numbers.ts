import type { Connection } from "./connection.ts"

const REMEMBERED_CHANNELS = 50_000

/** Channel names ↔ numbers, remembered while no other process changes the database. */
export class ChannelNumbers {
  readonly #byName = new Map<string, number>()
  readonly #byNumber = new Map<number, string>()
  readonly #find
  readonly #insert
  readonly #name
  readonly #formerName

  constructor(connection: Connection) {
    this.#find = connection
      .prepare<[number, string], number>("select number from channels where application = ? and name = ?")
      .pluck()
    this.#insert = connection
      .prepare<[number, string, number], number>(
        "insert into channels (application, name, created_at) values (?, ?, ?) returning number",
      )
      .pluck()
    this.#name = connection.prepare<[number], string>("select name from channels where number = ?").pluck()
    this.#formerName = connection
      .prepare<[number], string>("select name from removed_channels where channel = ?")
      .pluck()
  }

  /** The channel's number; undefined when it does not exist. */
  find(application: number, name: string): number | undefined {
    const key = `${application}:${name}`
    const remembered = this.#byName.get(key)
    if (remembered !== undefined) return remembered
    const found = this.#find.get(application, name)
    // A part of the key: the name itself may be a part of something long that would be kept with it.
    if (found !== undefined) this.#remember(key, key.slice(key.length - name.length), found)
    return found
  }

  /** Inside a transaction: creates the channel if it does not exist. */
  findOrCreate(application: number, name: string, now: number): number {
    return this.find(application, name) ?? (this.#insert.get(application, name, now) as number)
  }

  /** Undefined for a channel that was deleted. */
  name(number: number): string | undefined {
    const remembered = this.#byNumber.get(number)
    if (remembered !== undefined) return remembered
    return this.#name.get(number)
  }

  /** The name that a deleted channel had. */
  formerName(number: number): string | undefined {
    return this.#formerName.get(number)
  }

  /** Must be called when another connection changed the database, or a transaction was rolled back. */
  forget(): void {
    this.#byName.clear()
    this.#byNumber.clear()
  }

  #remember(key: string, name: string, number: number): void {
    if (this.#byName.size >= REMEMBERED_CHANNELS) this.forget()
    this.#byName.set(key, number)
    this.#byNumber.set(number, name)
  }
}
