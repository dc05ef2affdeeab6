import { channelContract } from "./channel-contract.ts"
import { deviceContract } from "./device-contract.ts"
import { deviceModelContract } from "./device-model.ts"
import { sharedTokenContract } from "./shared-token-contract.ts"
import { openFolding, openInMemory, openInTurns, openOnFile } from "./sqlite-openers.ts"
import { storeContract } from "./store-contract.ts"

storeContract("sqlite in memory", openInMemory)
storeContract("sqlite in memory, folding all the time", openFolding)
storeContract("sqlite on a file", openOnFile)

for (const contract of [deviceContract, sharedTokenContract, channelContract])
  contract("two stores on one file, in turns", openInTurns)

deviceModelContract("sqlite in memory", openInMemory, { runs: 50, restarts: false })
deviceModelContract("sqlite in memory, folding all the time", openFolding, { runs: 250, restarts: false })
deviceModelContract("sqlite on a file, folding all the time", openFolding, { runs: 30, restarts: true })
deviceModelContract("two stores on one file, in turns", openInTurns, { runs: 30, restarts: true })
