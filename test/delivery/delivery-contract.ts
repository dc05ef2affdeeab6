import { answerContract } from "./answer-contract.ts"
import { audienceContract } from "./audience-contract.ts"
import { credentialContract } from "./credential-contract.ts"
import { faultContract } from "./fault-contract.ts"
import { laneContract } from "./lane-contract.ts"
import { obstacleContract } from "./obstacle-contract.ts"
import { outageContract } from "./outage-contract.ts"
import type { OpenStore } from "./setup.ts"
import { stopContract } from "./stop-contract.ts"
import { tokenContract } from "./token-contract.ts"

/** What the engine promises with any store: point it at one. */
export function deliveryContract(name: string, openStore: OpenStore): void {
  audienceContract(name, openStore)
  answerContract(name, openStore)
  credentialContract(name, openStore)
  tokenContract(name, openStore)
  laneContract(name, openStore)
  stopContract(name, openStore)
  faultContract(name, openStore)
  obstacleContract(name, openStore)
  outageContract(name, openStore)
}
