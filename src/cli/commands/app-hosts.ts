import { type Command, Option } from "commander"
import type { HostView } from "../../service/hosts.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { columns } from "../terminal.ts"
import { noted } from "../trail.ts"
import { numberOrWord } from "./app-keys.ts"

export function addHostCommands(app: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const host = app
    .command("host")
    .description("host names that serve an application as /api/…")
    .helpCommand(false)
  add(host, {
    usage: "add <id> <host>",
    summary: "serve an application under a host name",
    settings,
    options: [
      new Option("--key <key>", "requests have the rights of this API key: its number, or a type").default(
        "JS",
      ),
      new Option("--role <role>", "a custom role that requests run with besides"),
    ],
    action: addHost,
  })
  add(host, {
    usage: "list <id>",
    summary: "list the host names of an application",
    settings,
    action: listHosts,
  })
  add(host, { usage: "remove <host>", summary: "unbind a host name", settings, action: removeHost })
}

async function addHost({ belfry, flags, terminal, isJson, options, words }: Invocation): Promise<void> {
  const [id, host] = words as readonly [string, string]
  const key = numberOrWord(String(options["key"]))
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const bound = await noted(
    services,
    { action: "host.bind", application: id, target: (one) => one.host },
    () => services.hosts.bind(id, host, { key, role: options["role"] }),
  )
  if (isJson) return terminal.print(JSON.stringify({ applicationId: id, ...hostView(bound) }))
  terminal.note(
    `http://${bound.host}/api/… is the application ${id}, with the ${bound.keyKind} key ${bound.keyNumber}.`,
  )
}

async function listHosts({ belfry, flags, terminal, isJson, words }: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "existing")
  const hosts = await opened.services.hosts.list(words[0] as string)
  if (isJson) return terminal.print(JSON.stringify(hosts.map(hostView)))
  if (hosts.length === 0) return terminal.note("The application has no host name.")
  const rows = hosts.map(({ host, keyKind, keyNumber, role }) => [
    host,
    `${keyKind} (${keyNumber})`,
    role ?? "-",
  ])
  terminal.print(columns([["HOST", "KEY", "ROLE"], ...rows]))
}

async function removeHost({ belfry, flags, terminal, isJson, words }: Invocation): Promise<void> {
  const host = words[0] as string
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const about = { action: "host.unbind", target: host.toLowerCase() }
  await noted(services, about, () => services.hosts.unbind(host))
  if (isJson) return terminal.print(JSON.stringify({ host: host.toLowerCase(), removed: true }))
  terminal.note(`The host name ${host} is bound to no application any more.`)
}

export function hostView({ host, keyKind, keyNumber, role }: HostView): object {
  return { host, keyKind, keyNumber, role: role ?? null }
}
