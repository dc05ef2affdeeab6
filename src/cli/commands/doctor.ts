import type { Command } from "commander"
import type { Belfry, Finding } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { EXIT } from "../failure.ts"

export function addDoctorCommand(program: Command, belfry: Belfry, add: AddCommand): void {
  add(program, {
    usage: "doctor",
    summary: "check store, settings, secrets, clock, disk and port, and say what to do",
    settings: belfry.serverSettings,
    more: "It changes nothing but the version of the data's schema, and may run beside the server.",
    action: examine,
  })
}

async function examine({ belfry, terminal, flags, isJson }: Invocation): Promise<number> {
  const findings = await belfry.examine(flags)
  const isWell = findings.every(({ state }) => state !== "fail")
  if (isJson) terminal.print(JSON.stringify({ ok: isWell, checks: findings }))
  else terminal.print(findings.map(findingText).join("\n"))
  return isWell ? EXIT.done : EXIT.failed
}

function findingText({ check, state, found, advice }: Finding): string {
  const line = `${state.padEnd(4)}  ${check}: ${found}`
  return advice === undefined ? line : `${line}\n      → ${advice}`
}
