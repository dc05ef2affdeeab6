import { applicationContract } from "./application-contract.ts"
import { channelContract } from "./channel-contract.ts"
import { concurrencyContract } from "./concurrency-contract.ts"
import { credentialContract } from "./credential-contract.ts"
import { deviceContract } from "./device-contract.ts"
import { figuresContract } from "./figures-contract.ts"
import { ownerContract } from "./owner-contract.ts"
import { searchContract } from "./search-contract.ts"
import { sharedTokenContract } from "./shared-token-contract.ts"
import { storeFiguresContract } from "./store-figures-contract.ts"
import type { OpenStore } from "./store-world.ts"

/** Everything that a store must do for registrations, applications and credentials: a store is done when it passes. */
export function storeContract(name: string, open: OpenStore): void {
  deviceContract(name, open)
  ownerContract(name, open)
  sharedTokenContract(name, open)
  channelContract(name, open)
  applicationContract(name, open)
  credentialContract(name, open)
  concurrencyContract(name, open)
  searchContract(name, open)
  figuresContract(name, open)
  storeFiguresContract(name, open)
}
