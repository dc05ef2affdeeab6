import { administratorContract } from "./administrator-contract.ts"
import { channelRemovalContract } from "./channel-removal-contract.ts"
import { openFolding, openInMemory, openInTurns, openOnThread } from "./sqlite-openers.ts"

administratorContract("sqlite in memory", openInMemory)
administratorContract("sqlite on a thread", openOnThread)

channelRemovalContract("sqlite in memory", openInMemory)
channelRemovalContract("sqlite in memory, folding all the time", openFolding)
channelRemovalContract("two stores on one file, in turns", openInTurns)
