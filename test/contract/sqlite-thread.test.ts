import { deviceModelContract } from "./device-model.ts"
import { openOnThread } from "./sqlite-openers.ts"
import { storeContract } from "./store-contract.ts"

storeContract("sqlite on a thread", openOnThread)
deviceModelContract("sqlite on a thread", openOnThread, { runs: 10, restarts: true })
