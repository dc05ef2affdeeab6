import type { Introduction } from "./belfry.ts"
import { pairs, shellWord } from "./terminal.ts"

/** What `serve` prints when the server is ready, for people. */
export function introductionText(
  introduction: Introduction,
  program: { readonly version: string; readonly calledAs: string; readonly isDefaultDataDir: boolean },
): string {
  const { url, application, dataDir, consoleUrl } = introduction
  const dataOption = program.isDefaultDataDir ? "" : ` --data-dir ${shellWord(dataDir)}`
  const command = (words: string) => `${program.calledAs} ${words}${dataOption}`
  const heading = `Belfry ${program.version} is ready at ${url}`
  const paragraphs = [heading]
  if (application === undefined) {
    paragraphs.push(pairs({ Console: consoleUrl, Data: dataDir }))
    paragraphs.push(`There is no application yet. Create one:\n\n${command('app create "My App"')}`)
    const setup = setupText(introduction)
    if (setup !== undefined) paragraphs.push(setup)
    return paragraphs.join("\n\n")
  }
  const restKey = introduction.showsKeys ? application.apiKeys?.["REST"] : undefined
  const noKey =
    introduction.masterKey === "good"
      ? command(`app show ${application.id}`)
      : `cannot be shown: the master key is ${introduction.masterKey}`
  paragraphs.push(
    pairs({
      Application: `${application.name} (${application.preset})`,
      "Application id": application.id,
      "REST API key": restKey ?? noKey,
      Console: consoleUrl,
      Data: dataDir,
    }),
    deliveryText(application.routes, `${program.calledAs} credentials set --help`),
  )
  if (restKey !== undefined) {
    paragraphs.push(`Register a device:\n\n${registrationCall(url, application.id, restKey)}`)
    paragraphs.push(`Publish to it:\n\n${publishCall(url, application.id, restKey)}`)
  }
  const setup = setupText(introduction)
  if (setup !== undefined) paragraphs.push(setup)
  paragraphs.push(managementText(introduction, command("token create --raw")))
  return paragraphs.join("\n\n")
}

function setupText({ setupUrl }: Introduction): string | undefined {
  if (setupUrl === undefined) return undefined
  return `There is no administrator yet. This link makes you one; it works once, for 24 hours:\n\n${setupUrl}`
}

/** The call of the Backendless documentation, for a POSIX shell. */
function registrationCall(url: string, applicationId: string, restKey: string): string {
  return `curl \\
  -H Content-Type:application/json \\
  -X POST \\
  -d '{
    "deviceToken":"XXXXXXXXXXXXXXXXXXXXXXXXX",
    "deviceId":"XXXXXXXXXXXXXXXXXXXXXXXXX",
    "os":"ANDROID",
    "osVersion":"4.1"
  }' \\
  -v '${url}/${applicationId}/${restKey}/messaging/registrations'`
}

/** To the channel that the registration above is in. */
function publishCall(url: string, applicationId: string, restKey: string): string {
  return `curl \\
  -H Content-Type:application/json \\
  -d '{"message":"Hello"}' \\
  '${url}/${applicationId}/${restKey}/messaging/default'`
}

/** Where a platform is in the sandbox, its journal is the first thing to use a token for. */
function managementText({ url, application }: Introduction, createToken: string): string {
  if (!application?.routes.some(({ to }) => to === "sandbox"))
    return `A token for the management API:\n\n${createToken}`
  return `See what the phones of the sandbox show, with a token for the management API:

TOKEN=$(${createToken})
curl -H "Authorization: Bearer $TOKEN" '${url}/admin/v1/sandbox/journal'`
}

type Routes = NonNullable<Introduction["application"]>["routes"]

const PROVIDER_LABELS: Readonly<Record<string, string>> = { apns: "APNs", fcm: "FCM", wns: "WNS" }

function deliveryText(routes: Routes, explanation: string): string {
  const lines = routes.map(({ platform, provider, to }) => {
    const label = PROVIDER_LABELS[provider] ?? provider
    const destination = {
      provider: label,
      sandbox: `the sandbox, which plays ${label} on this machine`,
      none: `nowhere: there is no ${label} credential, and the sandbox is off`,
      held: "nobody yet: they wait until the master key is back and the server was started with it",
    }[to]
    return [platform.toUpperCase(), destination] as const
  })
  const isComplete = routes.every(({ to }) => to === "provider" || to === "held")
  const hint = isComplete ? "" : `\nA provider credential changes that: ${explanation}`
  return `Messages go to:\n${pairs(Object.fromEntries(lines)).replaceAll(/^/gm, "  ")}${hint}`
}

/** The same for machines: one JSON object. */
export function introductionJson(introduction: Introduction): object {
  const { url, consoleUrl, dataDir, isFirstStart, masterKey, setupUrl, application } = introduction
  return {
    url,
    consoleUrl,
    dataDir,
    isFirstStart,
    masterKey,
    setupUrl: setupUrl ?? null,
    applicationId: application?.id ?? null,
    name: application?.name ?? null,
    apiKeys: application?.apiKeys ?? null,
    delivery: Object.fromEntries((application?.routes ?? []).map(({ platform, to }) => [platform, to])),
  }
}
