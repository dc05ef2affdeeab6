import { readFile } from "node:fs/promises"
import { type Command, Option } from "commander"
import type { ProviderName } from "../../domain/platform.ts"
import type { CredentialInput, CredentialView } from "../../service/credentials.ts"
import type { Belfry } from "../belfry.ts"
import type { AddCommand, CommandDefinition, Invocation } from "../command.ts"
import { UsageError } from "../failure.ts"
import { columns, instantText } from "../terminal.ts"
import { noted } from "../trail.ts"

const PROVIDERS: readonly ProviderName[] = ["apns", "fcm", "wns"]

const required = (flags: string, text: string) => new Option(flags, text).makeOptionMandatory()
const appOption = () => required("--app <id>", "the application")

/** On each, so that it can be pointed at a simulator or a proxy. */
const destinationOptions = () => [
  new Option("--origin <url>", "send there instead of to the provider: a simulator or a proxy"),
  new Option("--ca-file <pem>", "certificates to trust for that origin"),
]

export function addCredentialCommands(program: Command, belfry: Belfry, add: AddCommand): void {
  const settings = belfry.storageSettings
  const group = program
    .command("credentials")
    .description("what Belfry shows to APNs, FCM and WNS")
    .helpCommand(false)
  const set = group
    .command("set")
    .description("set or replace the credential of a provider; used at once, without a restart")
    .helpCommand(false)
  for (const definition of setDefinitions()) add(set, { ...definition, settings })
  add(group, {
    usage: "list",
    summary: "list the credentials, without their secrets",
    settings,
    options: [new Option("--app <id>", "of this application only")],
    action: listCredentials,
  })
  const one = { settings, options: [appOption()] }
  add(group, {
    ...one,
    usage: "remove <provider>",
    summary: `remove the credential of a provider: ${PROVIDERS.join(", ")}`,
    action: removeCredential,
  })
  add(group, {
    ...one,
    usage: "resume <provider>",
    summary: `let the credential of a provider send again after a pause: ${PROVIDERS.join(", ")}`,
    action: resumeCredential,
  })
}

function setDefinitions(): readonly Omit<CommandDefinition, "settings">[] {
  return [
    {
      usage: "apns",
      summary: "a key of the Apple developer account, for one app",
      options: [
        appOption(),
        required("--key-file <p8>", "the file AuthKey_….p8"),
        required("--key-id <id>", "its key id"),
        required("--team-id <id>", "the team id of the account"),
        required("--topic <bundle>", "the bundle id of the app"),
        new Option("--osx-topic <bundle>", "the bundle id of the macOS app, where it is another one"),
        new Option("--environment <name>", "sandbox: for builds that Xcode installs itself")
          .choices(["production", "sandbox"])
          .default("production"),
        ...destinationOptions(),
      ],
      action: (invocation) => setCredential(invocation, "apns", apnsFields),
    },
    {
      usage: "fcm",
      summary: "a service account of the Firebase project",
      options: [
        appOption(),
        required("--service-account <json>", "the file that the Firebase console generates"),
        ...destinationOptions(),
      ],
      action: (invocation) => setCredential(invocation, "fcm", fcmFields),
    },
    {
      usage: "wns",
      summary: "an app registration in Microsoft Entra ID",
      options: [
        appOption(),
        required("--tenant-id <id>", "its directory (tenant) id"),
        required("--client-id <id>", "its application (client) id"),
        required("--client-secret-file <file>", "a file with the value of its client secret"),
        ...destinationOptions(),
      ],
      action: (invocation) => setCredential(invocation, "wns", wnsFields),
    },
  ]
}

type Options = Invocation["options"]

async function apnsFields({
  keyFile,
  keyId,
  teamId,
  topic,
  osxTopic,
  environment,
}: Options): Promise<object> {
  return {
    ...{ key: await readText(keyFile, "--key-file"), keyId, teamId, topic, environment },
    ...(osxTopic !== undefined && { osxTopic }),
  }
}

async function fcmFields({ serviceAccount }: Options): Promise<unknown> {
  const text = await readText(serviceAccount, "--service-account")
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError([`--service-account: ${serviceAccount} is not JSON.`])
  }
}

async function wnsFields({ tenantId, clientId, clientSecretFile }: Options): Promise<object> {
  return { tenantId, clientId, clientSecret: await readText(clientSecretFile, "--client-secret-file") }
}

async function readText(file: unknown, flag: string): Promise<string> {
  try {
    return (await readFile(String(file), "utf8")).trim()
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error
    throw new UsageError([`${flag}: ${file} cannot be read (${code}).`])
  }
}

async function setCredential(
  { belfry, terminal, flags, isJson, options }: Invocation,
  provider: ProviderName,
  fieldsOf: (options: Options) => Promise<unknown>,
): Promise<void> {
  const { origin, caFile, app } = options
  const input: CredentialInput = {
    fields: await fieldsOf(options),
    ...(origin === undefined ? {} : { origin: String(origin) }),
    ...(caFile === undefined ? {} : { ca: await readText(caFile, "--ca-file") }),
  }
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const about = { action: "credential.set", application: String(app), target: provider }
  const view = await noted(services, about, () => services.credentials.set(String(app), provider, input))
  if (isJson) return terminal.print(JSON.stringify(credentialJson(String(app), view)))
  terminal.note(`Set the ${provider} credential of ${app}: ${summaryText(view)}.`)
}

async function listCredentials(invocation: Invocation): Promise<void> {
  const { belfry, terminal, flags, isJson, options } = invocation
  await using opened = await belfry.open(flags, "existing")
  const { applications, credentials } = opened.services
  const shown =
    options["app"] === undefined
      ? await applications.list()
      : [await applications.get(String(options["app"]))]
  const found = []
  for (const { id } of shown) {
    for (const view of await credentials.list(id)) found.push({ id, view })
  }
  if (isJson) return terminal.print(JSON.stringify(found.map(({ id, view }) => credentialJson(id, view))))
  if (found.length === 0) return terminal.note("There is no credential.")
  const rows = found.map(({ id, view }) => [
    id,
    view.provider,
    view.pausedReason === undefined ? "in use" : `paused: ${view.pausedReason}`,
    instantText(view.updatedAt),
    summaryText(view),
  ])
  terminal.print(columns([["APPLICATION", "PROVIDER", "STATE", "SET", "SUMMARY"], ...rows]))
}

const CHANGES = { removed: "credential.remove", resumed: "credential.resume" } as const

async function removeCredential(invocation: Invocation): Promise<void> {
  await changeCredential(invocation, "removed", (credentials, app, name) => credentials.remove(app, name))
}

async function resumeCredential(invocation: Invocation): Promise<void> {
  await changeCredential(invocation, "resumed", (credentials, app, name) => credentials.resume(app, name))
}

async function changeCredential(
  { belfry, terminal, flags, isJson, options, words }: Invocation,
  done: "removed" | "resumed",
  change: (
    credentials: Awaited<ReturnType<Belfry["open"]>>["services"]["credentials"],
    app: string,
    provider: ProviderName,
  ) => Promise<void>,
): Promise<void> {
  const provider = PROVIDERS.find((known) => known === words[0]?.toLowerCase())
  if (provider === undefined) throw new UsageError([`"${words[0]}" must be one of ${PROVIDERS.join(", ")}.`])
  const applicationId = String(options["app"])
  await using opened = await belfry.open(flags, "existing")
  const { services } = opened
  const about = { action: CHANGES[done], application: applicationId, target: provider }
  await noted(services, about, () => change(services.credentials, applicationId, provider))
  if (isJson) return terminal.print(JSON.stringify({ applicationId, provider, [done]: true }))
  terminal.note(`The ${provider} credential of ${applicationId} is ${done}.`)
}

function credentialJson(applicationId: string, view: CredentialView): object {
  const { provider, summary, updatedAt, pausedAt, pausedReason } = view
  return {
    applicationId,
    provider,
    summary,
    updatedAt,
    pausedAt: pausedAt ?? null,
    pausedReason: pausedReason ?? null,
  }
}

function summaryText({ summary }: CredentialView): string {
  return Object.entries(summary)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")
}
