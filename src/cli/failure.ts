import { DomainError } from "../domain/errors.ts"
import { SealError } from "../runtime/sealer.ts"

/** How a command ends; the text of `--help` says the same. */
export const EXIT = {
  done: 0,
  /** What was asked for could not be done, or `doctor` found a fault. */
  failed: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
} as const

export const EXIT_CODES_TEXT = `Exit codes:
  ${EXIT.done}  done
  ${EXIT.failed}  it could not be done, or doctor found something that fails
  ${EXIT.usage}  the command line or a setting is wrong`

/** The command line or the environment is wrong: all that is, one sentence each. */
export class UsageError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join("\n"))
    this.name = "UsageError"
    this.faults = faults
  }
}

/** An error as lines for standard error, and the exit code that goes with it. */
export function describeFailure(
  error: unknown,
  isExplained: (error: unknown) => boolean,
): { readonly lines: readonly string[]; readonly exitCode: number } {
  if (error instanceof UsageError) return { lines: error.faults, exitCode: EXIT.usage }
  const isOurs = error instanceof DomainError || error instanceof SealError || isExplained(error)
  if (isOurs && error instanceof Error) return { lines: [error.message], exitCode: EXIT.failed }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { lines: [`this should not have happened: ${stack}`], exitCode: EXIT.failed }
}
