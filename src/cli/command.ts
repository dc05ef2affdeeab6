import type { Command, Option } from "commander"
import type { Belfry, Flags, SettingHelp } from "./belfry.ts"
import type { Terminal } from "./terminal.ts"

/** What a command works with. */
export interface CommandContext {
  readonly belfry: Belfry
  readonly terminal: Terminal
}

/** What one call of a command was given. */
export interface Invocation extends CommandContext {
  readonly flags: Flags
  readonly isJson: boolean
  /** Options of the command itself, that are no settings. */
  readonly options: Readonly<Record<string, unknown>>
  readonly words: readonly string[]
}

/** What a command is: commander parses, the action does the work and may resolve with an exit code. */
export interface CommandDefinition {
  /** With its arguments: `show <id>`. */
  readonly usage: string
  readonly summary: string
  readonly settings: readonly SettingHelp[]
  readonly options?: readonly Option[]
  /** Further text for `--help`. */
  readonly more?: string
  readonly action: (invocation: Invocation) => Promise<number> | Promise<void>
}

export type AddCommand = (parent: Command, definition: CommandDefinition) => void
