import { issuerContract } from "./issuer-contract.ts"
import { openInMemory, openInTurns, openOnThread } from "./sqlite-openers.ts"
import { userContract } from "./user-contract.ts"
import { userPageContract } from "./user-pages-contract.ts"

userContract("sqlite in memory", openInMemory)
userContract("sqlite on a thread", openOnThread)
userContract("two stores on one file, in turns", openInTurns)

userPageContract("sqlite in memory", openInMemory)
userPageContract("sqlite on a thread", openOnThread)
userPageContract("two stores on one file, in turns", openInTurns)

issuerContract("sqlite in memory", openInMemory)
issuerContract("sqlite on a thread", openOnThread)
