import { keyContract } from "./key-contract.ts"
import { permissionContract } from "./permission-contract.ts"
import { openInMemory, openInTurns, openOnThread } from "./sqlite-openers.ts"

for (const [name, open] of [
  ["sqlite in memory", openInMemory],
  ["two stores on one file", openInTurns],
  ["sqlite on a thread", openOnThread],
] as const) {
  permissionContract(name, open)
  keyContract(name, open)
}
