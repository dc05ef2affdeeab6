import { type Command, Option } from "commander"
import { MANAGEMENT_SCOPES } from "../../domain/permission.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { UsageError } from "../failure.ts"
import { columns, instantText } from "../terminal.ts"

export function addTokenCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const token = program
    .command("token")
    .description("administrators' tokens for the Console and /admin/v1")
    .helpCommand(false)
  add(token, {
    usage: "create",
    summary: "create a token; prints it as JSON, once: only its hash is kept",
    settings,
    options: [
      new Option("--label <label>", "whose it is or what it is for").default(""),
      new Option("--scope <scope>", "what it may do, each including those before it")
        .choices(MANAGEMENT_SCOPES)
        .default("administer"),
    ],
    action: createToken,
  })
  add(token, { usage: "list", summary: "list the tokens, without their text", settings, action: listTokens })
  add(token, {
    usage: "remove <number>",
    summary: "remove a token by its number in the list; it stops working at once",
    settings,
    action: removeToken,
  })
}

async function createToken({ belfry, terminal, flags, isJson, options }: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "create")
  const token = await opened.tokens.create(options["label"], options["scope"])
  terminal.print(JSON.stringify({ token }, null, isJson ? 0 : 2))
}

async function listTokens({ belfry, terminal, flags, isJson }: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "existing")
  const tokens = await opened.tokens.list()
  if (isJson) return terminal.print(JSON.stringify(tokens))
  if (tokens.length === 0) return terminal.note("There is no token.")
  const rows = tokens.map(({ number, label, scope, createdAt }) => [
    String(number),
    label || "-",
    scope,
    instantText(createdAt),
  ])
  terminal.print(columns([["NUMBER", "LABEL", "SCOPE", "CREATED"], ...rows]))
}

async function removeToken({ belfry, terminal, flags, isJson, words }: Invocation): Promise<void> {
  const text = words[0] ?? ""
  if (!/^\d{1,15}$/.test(text))
    throw new UsageError([`"${text}" is no number of a token; \`token list\` shows them.`])
  const number = Number(text)
  await using opened = await belfry.open(flags, "existing")
  await opened.tokens.remove(number)
  if (isJson) return terminal.print(JSON.stringify({ number, removed: true }))
  terminal.note(`The token ${number} works no more.`)
}
