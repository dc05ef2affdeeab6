import { type Command, Option } from "commander"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { UsageError } from "../failure.ts"
import { columns, instantText } from "../terminal.ts"
import { noted } from "../trail.ts"
import { numberWord } from "./token.ts"

export function addAdministratorCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const administrator = program
    .command("administrator")
    .description("the people who manage the server in the Console")
    .helpCommand(false)
  add(administrator, {
    usage: "setup-link",
    summary: "print a link that makes an administrator, once and within 24 hours; earlier links end",
    settings,
    options: [new Option("--url <url>", "where the server is reached").default("http://127.0.0.1:9000")],
    more: `Also for whoever lost the password: an administrator who was made anew can
change those of others.`,
    action: createSetupLink,
  })
  add(administrator, {
    usage: "list",
    summary: "list the administrators",
    settings,
    action: listAdministrators,
  })
  add(administrator, {
    usage: "sign-out <number>",
    summary: "end every session of an administrator",
    settings,
    action: signOut,
  })
  add(administrator, {
    usage: "remove <number>",
    summary: "remove an administrator by the number in the list",
    settings,
    action: removeAdministrator,
  })
}

async function createSetupLink({ belfry, terminal, flags, isJson, options }: Invocation): Promise<void> {
  const url = serverUrl(String(options["url"]))
  await using opened = await belfry.open(flags, "existing")
  const { administrators } = opened.services
  const about = { action: "administrator.setup-link", target: "" }
  const { token, expiresAt } = await noted(opened.services, about, () =>
    administrators.createSetupLink({ replacesOthers: true }),
  )
  const setupUrl = `${url}/console/#setup=${token}`
  if (isJson) return terminal.print(JSON.stringify({ setupUrl, expiresAt }))
  terminal.print(setupUrl)
  terminal.note(`It works once, until ${instantText(expiresAt)}.`)
}

/** Without a slash at the end. Throws UsageError: a link that no browser opens would still end the earlier ones. */
function serverUrl(text: string): string {
  if (/^https?:\/\/[^?#]+$/i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, "")
  throw new UsageError([`--url is "${text}" and must be an address such as https://push.example.com.`])
}

async function listAdministrators({ belfry, terminal, flags, isJson }: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "existing")
  const administrators = await opened.services.administrators.list()
  if (isJson) return terminal.print(JSON.stringify(administrators))
  if (administrators.length === 0) {
    return terminal.note(
      "There is no administrator; `administrator setup-link` prints a link that makes one.",
    )
  }
  const rows = administrators.map(({ number, name, scope, applications, createdAt, lastLoginAt }) => [
    String(number),
    name,
    scope,
    applications?.join(", ") ?? "all",
    instantText(createdAt),
    lastLoginAt === undefined ? "never" : instantText(lastLoginAt),
  ])
  terminal.print(columns([["NUMBER", "NAME", "SCOPE", "APPLICATIONS", "CREATED", "LAST LOGIN"], ...rows]))
}

async function signOut({ belfry, terminal, flags, isJson, words }: Invocation): Promise<void> {
  const number = numberWord(words[0], "an administrator; `administrator list`")
  await using opened = await belfry.open(flags, "existing")
  const { administrators, administratorSessions } = opened.services
  const { name } = await administrators.get(number)
  const about = { action: "administrator.end-sessions", target: String(number) }
  const ended = await noted(opened.services, about, () => administratorSessions.endAll(number))
  if (isJson) return terminal.print(JSON.stringify({ number, ended }))
  terminal.note(`${name} is logged out: ${ended} session(s) ended.`)
}

async function removeAdministrator({ belfry, terminal, flags, isJson, words }: Invocation): Promise<void> {
  const number = numberWord(words[0], "an administrator; `administrator list`")
  await using opened = await belfry.open(flags, "existing")
  const about = { action: "administrator.remove", target: String(number) }
  await noted(opened.services, about, () => opened.services.administrators.remove(number))
  if (isJson) return terminal.print(JSON.stringify({ number, removed: true }))
  terminal.note(`The administrator ${number} is removed.`)
}
