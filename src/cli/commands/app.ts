import { type Command, Option } from "commander"
import type { Application } from "../../domain/application.ts"
import { PRESETS } from "../../domain/permission.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { columns, instantText, pairs } from "../terminal.ts"
import { noted } from "../trail.ts"
import { addHostCommands, hostView } from "./app-hosts.ts"
import { addKeyCommands } from "./app-keys.ts"

export function addAppCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const app = program.command("app").description("applications: their keys and host names").helpCommand(false)
  add(app, {
    usage: "create <name>",
    summary: "create an application; prints its id and API keys as JSON",
    settings,
    options: [
      new Option(
        "--preset <preset>",
        "locked: client keys may register, retrieve and cancel devices, no more; compatible: everything, as Backendless ships",
      )
        .choices(PRESETS)
        .default("locked"),
    ],
    action: createApplication,
  })
  add(app, { usage: "list", summary: "list the applications", settings, action: listApplications })
  add(app, {
    usage: "show <id>",
    summary: "show an application with its API keys and host names",
    settings,
    action: showApplication,
  })
  add(app, {
    usage: "delete <id>",
    summary: "delete an application with its devices, messages and keys, for good",
    settings,
    action: deleteApplication,
  })
  addKeyCommands(app, belfry, add)
  addHostCommands(app, belfry, add)
}

const existing = ({ belfry, flags }: Invocation) => belfry.open(flags, "existing")

async function createApplication({
  belfry,
  terminal,
  flags,
  isJson,
  options,
  words,
}: Invocation): Promise<void> {
  await using opened = await belfry.open(flags, "create")
  const { applications } = opened.services
  const { id, name, apiKeys } = await noted(
    opened.services,
    { action: "application.create", target: (created) => created.id },
    () => applications.create(words[0], options["preset"]),
  )
  terminal.print(JSON.stringify({ applicationId: id, name, apiKeys }, null, isJson ? 0 : 2))
}

async function listApplications(invocation: Invocation): Promise<void> {
  const { terminal, isJson } = invocation
  await using opened = await existing(invocation)
  const applications = await opened.services.applications.list()
  if (isJson) return terminal.print(JSON.stringify(applications.map(summaryOf)))
  if (applications.length === 0) return terminal.note("There is no application.")
  const rows = applications.map(({ id, name, preset, createdAt }) => [
    id,
    name,
    preset,
    instantText(createdAt),
  ])
  terminal.print(columns([["ID", "NAME", "PRESET", "CREATED"], ...rows]))
}

async function showApplication(invocation: Invocation): Promise<void> {
  const { terminal, isJson, words } = invocation
  const id = words[0] as string
  await using opened = await existing(invocation)
  const { services } = opened
  const about = { action: "key.reveal", application: id, target: "the first key of each type" }
  const { apiKeys, ...application } = await noted(services, about, () => services.applications.show(id))
  const hosts = await services.hosts.list(id)
  if (isJson) {
    return terminal.print(JSON.stringify({ ...summaryOf(application), apiKeys, hosts: hosts.map(hostView) }))
  }
  terminal.print(
    pairs({
      "Application id": application.id,
      Name: application.name,
      Preset: application.preset,
      Created: instantText(application.createdAt),
      ...Object.fromEntries(Object.entries(apiKeys).map(([kind, key]) => [`${kind} API key`, key])),
      Hosts: hosts.map(({ host, keyKind }) => `${host} (${keyKind})`).join(", ") || "none",
    }),
  )
}

async function deleteApplication(invocation: Invocation): Promise<void> {
  const { terminal, isJson, words } = invocation
  const id = words[0] as string
  await using opened = await existing(invocation)
  const { services } = opened
  const about = { action: "application.delete", application: id, target: "" }
  await noted(services, about, () => services.applications.delete(id))
  if (isJson) return terminal.print(JSON.stringify({ applicationId: id, deleted: true }))
  terminal.note(`Deleted the application ${id}. The running server removes its devices step by step.`)
}

function summaryOf({ id, name, preset, createdAt }: Application): object {
  return { applicationId: id, name, preset, createdAt }
}
