import { Command, CommanderError, Option } from "commander"
import type { Flags, SettingHelp } from "./belfry.ts"
import type { AddCommand, CommandContext, CommandDefinition } from "./command.ts"
import { addAdministratorCommands } from "./commands/administrator.ts"
import { addAppCommands } from "./commands/app.ts"
import { addAuditCommands } from "./commands/audit.ts"
import { addCredentialCommands } from "./commands/credentials.ts"
import { addDoctorCommand } from "./commands/doctor.ts"
import { addPublishCommand } from "./commands/publish.ts"
import { addServeCommand } from "./commands/serve.ts"
import { addSimulateCommand } from "./commands/simulate.ts"
import { addTokenCommands } from "./commands/token.ts"
import { describeFailure, EXIT, EXIT_CODES_TEXT } from "./failure.ts"

/** Runs one command line; resolves with the exit code and never rejects. */
export async function runProgram(context: CommandContext, words: readonly string[]): Promise<number> {
  const { belfry, terminal } = context
  let exitCode: number = EXIT.done
  const add = (parent: Command, definition: CommandDefinition) =>
    addCommand(parent, definition, context, (code) => {
      exitCode = code
    })
  try {
    await buildProgram(context, add).parseAsync([...words], { from: "user" })
    return exitCode
  } catch (error) {
    // Commander has written its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    const failure = describeFailure(error, (one) => belfry.isExplained(one))
    for (const line of failure.lines) terminal.note(`belfry: ${line}`)
    return failure.exitCode
  }
}

function buildProgram({ belfry, terminal }: CommandContext, add: AddCommand): Command {
  const program = new Command("belfry")
    .description("Self-hosted push notification server.")
    .version(belfry.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    // Long names leave less than commander's 40 columns for the meanings, which it would not wrap then.
    .configureHelp({ showGlobalOptions: false, minWidthToWrap: 24 })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "belfry: ")),
    })
    .showHelpAfterError("Add --help to see what there is.")
    .addHelpText("after", `\n${EXIT_CODES_TEXT}`)
  addServeCommand(program, belfry, add)
  addAppCommands(program, belfry, add)
  addCredentialCommands(program, belfry, add)
  addTokenCommands(program, belfry, add)
  addAdministratorCommands(program, belfry, add)
  addAuditCommands(program, belfry, add)
  addPublishCommand(program, belfry, add)
  addSimulateCommand(program, belfry, add)
  addDoctorCommand(program, belfry, add)
  return program
}

function addCommand(
  parent: Command,
  definition: CommandDefinition,
  context: CommandContext,
  ended: (exitCode: number) => void,
): void {
  const command = parent.command(definition.usage).summary(definition.summary).description(definition.summary)
  for (const option of definition.options ?? []) command.addOption(option)
  command.option("--json", "print the result as JSON, on one line")
  for (const setting of definition.settings) {
    const option = settingOption(setting)
    if (option !== undefined) command.addOption(option)
  }
  const secrets = definition.settings.filter(({ flag }) => flag === undefined)
  const environmentText = secrets.map(
    ({ environment, meaning, fallback }) =>
      `  ${environment}\n    ${meaning.replace(": ", ":\n    ")}\n    Default: ${fallback}.`,
  )
  if (secrets.length > 0) command.addHelpText("after", `\nEnvironment only:\n${environmentText.join("\n")}`)
  if (definition.more !== undefined) command.addHelpText("after", `\n${definition.more}`)
  command.action(async () => {
    const options = command.opts()
    const flags = givenFlags(command, definition.settings)
    const isJson = options["json"] === true
    const exitCode = await definition.action({ ...context, flags, isJson, options, words: command.args })
    if (typeof exitCode === "number") ended(exitCode)
  })
}

function settingOption({ flag, meaning, environment, fallback, group }: SettingHelp): Option | undefined {
  if (flag === undefined) return undefined
  const [name, placeholder] = flag.split(" ")
  const flags = placeholder === undefined ? `${name}` : `${name} <${placeholder}>`
  return new Option(flags, `${meaning} [${environment}; ${fallback}]`).helpGroup(`${group}:`)
}

/** Only what the command line gave: commander fills in defaults of its own for options that say no. */
function givenFlags(command: Command, settings: readonly SettingHelp[]): Flags {
  const given: Record<string, string | boolean> = {}
  for (const { name } of settings) {
    const attribute = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    if (command.getOptionValueSource(attribute) === "cli") given[name] = command.getOptionValue(attribute)
  }
  return given
}
