import type { Command } from "commander"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { EXIT } from "../failure.ts"

export function addAuditCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const audit = program.command("audit").description("the log of who changed what").helpCommand(false)
  add(audit, {
    usage: "verify",
    summary: "recompute the chain of the audit log; ends with 1 when an entry was altered or is missing",
    settings: belfry.storageSettings,
    more: `Keep the hash that it prints elsewhere: whoever can write the database could
write the whole log anew, and it would not be in there.`,
    action: verifyAudit,
  })
}

async function verifyAudit({ belfry, terminal, flags, isJson }: Invocation): Promise<number> {
  await using opened = await belfry.open(flags, "existing")
  const { entries, broken, hash } = await opened.services.audit.verify()
  const isWhole = broken === undefined
  if (isJson) terminal.print(JSON.stringify({ isWhole, entries, broken: broken ?? null, hash }))
  else if (isWhole) terminal.print(`whole: ${entries} entries, the last with the hash ${hash}`)
  else
    terminal.print(
      `broken at entry ${broken}: ${entries} good entries before it, the last with the hash ${hash}`,
    )
  return isWhole ? EXIT.done : EXIT.failed
}
