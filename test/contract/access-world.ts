import type { Application } from "../../src/domain/application.ts"
import type { Access, RulePlace } from "../../src/domain/permission-rules.ts"
import type { PermissionStore } from "../../src/store/permission-store.ts"
import type { NewApiKey, Store } from "../../src/store/store.ts"
import { type OpenStore, StoreWorld } from "./store-world.ts"

export const newKey = (hash: string, more: Partial<NewApiKey> = {}): NewApiKey => ({
  kind: "REST",
  label: "",
  role: undefined,
  expiresAt: undefined,
  addresses: [],
  requestsPerSecond: undefined,
  hash,
  sealed: `sealed ${hash}`,
  ...more,
})

/** Short words for what administrators do to one application, and a second one that must not notice. */
export class AccessWorld implements AsyncDisposable {
  readonly world: StoreWorld
  readonly shop: Application
  readonly bank: Application

  private constructor(world: StoreWorld, shop: Application, bank: Application) {
    this.world = world
    this.shop = shop
    this.bank = bank
  }

  static async open(open: OpenStore, options?: { readonly durable: boolean }): Promise<AccessWorld> {
    const world = await StoreWorld.open(open, options)
    return new AccessWorld(world, await world.addApplication("SHOP"), await world.addApplication("BANK"))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]()
  }

  get permissions(): PermissionStore {
    return this.world.store.permissions
  }

  get applications(): Store["applications"] {
    return this.world.store.applications
  }

  addRole(name: string, application = this.shop): Promise<boolean> {
    const { now } = this.world
    return this.permissions.createRole(
      application.number,
      { name, description: `about ${name}` },
      { now, rolesMax: 100 },
    )
  }

  async roleNames(application = this.shop): Promise<readonly string[]> {
    return (await this.permissions.roles(application.number)).map(({ name }) => name)
  }

  set(place: RulePlace, access: Access, application = this.shop): Promise<boolean> {
    const options = { now: this.world.now, rulesMax: 100 }
    return this.permissions.setRule(application.number, { ...place, access }, options)
  }

  addKey(one: NewApiKey, application = this.shop) {
    return this.applications.addKey(application.number, one, { now: this.world.now, keysMax: 100 })
  }

  owner(hash: string, now = this.world.now) {
    return this.applications.keyOwner("SHOP", hash, now)
  }
}
