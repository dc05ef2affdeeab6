import { type Command, Option } from "commander"
import { rightsText } from "../../domain/administrator.ts"
import { MANAGEMENT_SCOPES } from "../../domain/permission.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { UsageError } from "../failure.ts"
import { columns, instantText } from "../terminal.ts"
import { noted } from "../trail.ts"

const DAY_MS = 86_400_000

export function addTokenCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const token = program
    .command("token")
    .description("API tokens for automation of /admin/v1")
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
      new Option("--app <id...>", "restrict it to these applications; the rest does not exist for it"),
      new Option("--days <n>", "the days that it lasts; without it, it lasts until it is removed"),
      new Option("--raw", "print the token alone, as a shell variable needs it"),
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
  const expiresAt = expirationIn(options["days"], belfry.clock.now())
  await using opened = await belfry.open(flags, "create")
  const { label, scope, app: applications } = options
  const { administratorTokens } = opened.services
  const created = await noted(
    opened.services,
    {
      action: "token.create",
      target: (token) => `${token.number} ${rightsText(token)} ${token.label}`.trim(),
    },
    () => administratorTokens.create({ label, scope, applications, expiresAt }),
  )
  terminal.print(
    options["raw"] ? created.token : JSON.stringify({ token: created.token }, null, isJson ? 0 : 2),
  )
}

async function listTokens({ belfry, terminal, flags, isJson }: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "existing")
  const tokens = await opened.services.administratorTokens.list()
  if (isJson) return terminal.print(JSON.stringify(tokens))
  if (tokens.length === 0) return terminal.note("There is no token.")
  const rows = tokens.map(({ number, label, scope, applications, createdAt, expiresAt, lastUsedAt }) => [
    String(number),
    label || "-",
    scope,
    applications?.join(", ") ?? "all",
    instantText(createdAt),
    expiresAt === undefined ? "never" : instantText(expiresAt),
    lastUsedAt === undefined ? "never" : instantText(lastUsedAt),
  ])
  const heads = ["NUMBER", "LABEL", "SCOPE", "APPLICATIONS", "CREATED", "EXPIRES", "LAST USED"]
  terminal.print(columns([heads, ...rows]))
}

async function removeToken({ belfry, terminal, flags, isJson, words }: Invocation): Promise<void> {
  const number = numberWord(words[0], "a token; `token list`")
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const about = { action: "token.revoke", target: String(number) }
  await noted(services, about, () => services.administratorTokens.revoke(number))
  if (isJson) return terminal.print(JSON.stringify({ number, removed: true }))
  terminal.note(`The token ${number} works no more.`)
}

/** A number as lists show it. Throws UsageError; `of` says whose number, and which command lists them. */
export function numberWord(text = "", of: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UsageError([`"${text}" is no number of ${of} shows them.`])
}

/** So many days from now (ms since 1970), as an option says; undefined without one. Throws UsageError. */
export function expirationIn(days: unknown, now: number): number | undefined {
  if (days === undefined) return undefined
  const count = typeof days === "string" && /^\d{1,5}$/.test(days) ? Number(days) : 0
  if (count === 0) throw new UsageError([`"${String(days)}" is no number of days from 1 to 99999.`])
  return now + count * DAY_MS
}
