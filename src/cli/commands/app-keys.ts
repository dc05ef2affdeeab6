import { type Command, Option } from "commander"
import { API_KEY_KINDS } from "../../domain/roles.ts"
import { type ApiKeyView, keyName, OVERLAP_HOURS_DEFAULT } from "../../service/keys.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { UsageError } from "../failure.ts"
import { columns, instantText } from "../terminal.ts"
import { noted } from "../trail.ts"
import { expirationIn } from "./token.ts"

const ADDRESSES = "addresses and CIDR ranges that it is accepted from, with commas in between"
const REQUESTS_PER_SECOND = "how many requests with it are answered"

export function addKeyCommands(app: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const key = app.command("key").description("API keys of an application").helpCommand(false)
  add(key, {
    usage: "list <id>",
    summary: "list the API keys of an application",
    settings,
    options: [new Option("--reveal", "show the keys themselves")],
    action: listKeys,
  })
  add(key, {
    usage: "create <id>",
    summary: "add an API key; prints it as JSON",
    settings,
    options: [
      new Option("--kind <kind>", "its type; CUSTOM has the rights of its role alone")
        .choices(API_KEY_KINDS)
        .makeOptionMandatory(),
      new Option("--label <label>", "what it is for").default(""),
      new Option("--role <role>", "a custom role that requests with the key run with"),
      new Option("--expires-in-days <days>", "it stops working after so many days"),
      new Option("--addresses <list>", ADDRESSES),
      new Option("--requests-per-second <n>", REQUESTS_PER_SECOND),
    ],
    action: createKey,
  })
  add(key, {
    usage: "regenerate <id> <number>",
    summary: "replace an API key by its number in the list; prints the new one as JSON",
    settings,
    options: [
      new Option("--overlap-hours <hours>", "how long the old key still works").default(
        String(OVERLAP_HOURS_DEFAULT),
      ),
    ],
    action: regenerateKey,
  })
  add(key, {
    usage: "change <id> <number>",
    summary: "change what is known of an API key; prints it as JSON, without the key itself",
    settings,
    options: [
      new Option("--label <label>", "what it is for"),
      new Option("--role <role>", "a custom role that requests with the key run with").conflicts(
        "withoutRole",
      ),
      new Option("--without-role", "requests run with the role of its type alone"),
      new Option("--expires-in-days <days>", "it stops working after so many days").conflicts("neverExpires"),
      new Option("--never-expires", "it works until it is revoked"),
      new Option("--addresses <list>", ADDRESSES).conflicts("anyAddress"),
      new Option("--any-address", "it is accepted from everywhere"),
      new Option("--requests-per-second <n>", REQUESTS_PER_SECOND).conflicts("usualLimit"),
      new Option("--usual-limit", "as many are answered as the setting rate-per-key says"),
    ],
    action: changeKey,
  })
  add(key, {
    usage: "revoke <id> <number>",
    summary: "end an API key by its number in the list, with the host names that are bound to it",
    settings,
    action: revokeKey,
  })
}

async function listKeys({ belfry, flags, terminal, isJson, options, words }: Invocation): Promise<void> {
  const id = words[0] as string
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const isRevealed = options["reveal"] === true
  const keys = isRevealed
    ? await noted(services, { action: "key.reveal", application: id, target: "all keys" }, () =>
        services.keys.reveal(id),
      )
    : await services.keys.list(id)
  if (isJson) return terminal.print(JSON.stringify(keys.map(keyView)))
  if (keys.length === 0) return terminal.note("The application has no API key.")
  const now = services.now()
  const rows = keys.map((key) => [
    String(key.number),
    key.kind,
    key.label || "-",
    key.role ?? "-",
    expirationText(key, now),
    key.lastUsedAt === undefined ? "never" : instantText(key.lastUsedAt),
    addressesText(key),
    key.requestsPerSecond === undefined ? "usual" : `${key.requestsPerSecond}/s`,
    ...(key.key === undefined ? [] : [key.key]),
  ])
  const heading = ["NUMBER", "TYPE", "LABEL", "ROLE", "EXPIRES", "LAST USED", "FROM", "LIMIT"]
  terminal.print(columns([isRevealed ? [...heading, "KEY"] : heading, ...rows]))
}

async function createKey({ belfry, flags, terminal, isJson, options, words }: Invocation): Promise<void> {
  const expiresAt = expirationIn(options["expiresInDays"], belfry.clock.now())
  const id = words[0] as string
  await using opened = await belfry.open(flags, "existing")
  const { keys } = opened.services
  const wish = {
    kind: options["kind"],
    label: options["label"],
    role: options["role"],
    ...(expiresAt !== undefined && { expiresAt }),
    ...boundChanges(options),
  }
  const about = { action: "key.create", application: id, target: keyName }
  const created = await noted(opened.services, about, () => keys.create(id, wish))
  terminal.print(JSON.stringify(keyView(created), null, isJson ? 0 : 2))
}

async function changeKey({ belfry, flags, terminal, isJson, options, words }: Invocation): Promise<void> {
  const number = wholeNumber(words[1], "the number of the key")
  const id = words[0] as string
  const { label, role, withoutRole, expiresInDays, neverExpires } = options
  const expiresAt = expirationIn(expiresInDays, belfry.clock.now())
  await using opened = await belfry.open(flags, "existing")
  const { keys } = opened.services
  const changes = {
    ...(label !== undefined && { label }),
    ...((role !== undefined || withoutRole === true) && { role: role ?? null }),
    ...((expiresAt !== undefined || neverExpires === true) && { expiresAt: expiresAt ?? null }),
    ...boundChanges(options),
  }
  const changed = await noted(
    opened.services,
    {
      action: "key.change",
      application: id,
      target: (key) => [keyName(key), ...Object.keys(changes)].join(" "),
    },
    () => keys.change(id, number, changes),
  )
  terminal.print(JSON.stringify(keyView(changed), null, isJson ? 0 : 2))
}

/** What the options say of where and how often the key is accepted; nothing of what they do not name. */
function boundChanges({
  addresses,
  anyAddress,
  requestsPerSecond,
  usualLimit,
}: Invocation["options"]): object {
  const list = addresses === undefined ? [] : String(addresses).split(",")
  const limit =
    requestsPerSecond === undefined ? null : wholeNumber(requestsPerSecond, "--requests-per-second")
  return {
    ...((addresses !== undefined || anyAddress === true) && { addresses: list.map((one) => one.trim()) }),
    ...((requestsPerSecond !== undefined || usualLimit === true) && { requestsPerSecond: limit }),
  }
}

async function regenerateKey({ belfry, flags, terminal, isJson, options, words }: Invocation): Promise<void> {
  const number = wholeNumber(words[1], "the number of the key")
  const overlapHours = wholeNumber(options["overlapHours"], "--overlap-hours")
  await using opened = await belfry.open(flags, "existing")
  const id = words[0] as string
  const { services } = opened
  const about = { action: "key.regenerate", application: id, target: keyName }
  const regenerated = await noted(services, about, () => services.keys.regenerate(id, number, overlapHours))
  terminal.print(JSON.stringify(keyView(regenerated), null, isJson ? 0 : 2))
}

async function revokeKey({ belfry, flags, terminal, isJson, words }: Invocation): Promise<void> {
  const number = wholeNumber(words[1], "the number of the key")
  await using opened = await belfry.open(flags, "existing")
  const id = words[0] as string
  const { services } = opened
  const about = { action: "key.revoke", application: id, target: String(number) }
  const hosts = await noted(services, about, () => services.keys.revoke(id, number))
  if (isJson) return terminal.print(JSON.stringify({ number, revoked: true, hosts }))
  terminal.note(`The API key ${number} stops working within five seconds.`)
  if (hosts.length > 0) terminal.note(`Unbound with it: ${hosts.join(", ")}.`)
}

function keyView(key: ApiKeyView): object {
  const { number, kind, label, createdAt, addresses } = key
  return {
    number,
    kind,
    label,
    role: key.role ?? null,
    createdAt,
    expiresAt: key.expiresAt ?? null,
    regeneratedAt: key.regeneratedAt ?? null,
    previousUntil: key.previousUntil ?? null,
    lastUsedAt: key.lastUsedAt ?? null,
    addresses,
    requestsPerSecond: key.requestsPerSecond ?? null,
    ...(key.key !== undefined && { key: key.key }),
  }
}

function expirationText({ expiresAt, previousUntil }: ApiKeyView, now: number): string {
  const end = expiresAt === undefined ? "never" : instantText(expiresAt)
  return previousUntil !== undefined && previousUntil > now
    ? `${end} (the old key: ${instantText(previousUntil)})`
    : end
}

function addressesText({ addresses }: ApiKeyView): string {
  const [first = "anywhere", ...more] = addresses
  return more.length === 0 ? first : `${first} and ${more.length} more`
}

/** A key can be named by its number or by its type. */
export function numberOrWord(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}

function wholeNumber(value: unknown, what: string): number {
  const text = String(value)
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UsageError([`${what}: "${text}" is no whole number.`])
}
