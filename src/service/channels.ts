import { DomainError } from "../domain/errors.ts"
import type { Channel, DeviceCounts, Store } from "../store/store.ts"

/** Channels of an application and their sizes. */
export class Channels {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(application: number, name: string): Promise<Channel & { readonly devices: DeviceCounts }> {
    const channel = await this.#store.channels.byName(application, name)
    if (channel === undefined) throw new DomainError("not_found", `The application has no channel "${name}".`)
    return { ...channel, devices: await this.#store.channels.count(channel.number) }
  }
}
