import type { KeyKind } from "../../src/domain/application.ts"
import type { ProviderName } from "../../src/domain/platform.ts"
import type { MessageView } from "../../src/http/admin/views.ts"
import type { CredentialInput } from "../../src/service/credentials.ts"
import type { DeviceReport } from "../../src/service/device-report.ts"
import type { Services } from "../../src/service/services.ts"
import { call, expected, type Reply } from "./calls.ts"
import { eventually } from "./eventually.ts"

/** What a phone tells of itself; whatever is left out is made from the device id. */
export interface Phone {
  readonly deviceId: string
  readonly os?: string
  readonly token?: string
  readonly channels?: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiration?: number
}

export interface CredentialShown {
  readonly provider: string
  readonly pausedReason: string | null
}

interface CreatedApplication {
  readonly applicationId: string
  readonly apiKeys: Readonly<Record<string, string>>
}

interface AppParts {
  readonly url: string
  readonly services: Services
  readonly admin: (method: string, path: string, body?: unknown) => Promise<Reply>
}

/** One application as its phones, its servers and its administrator use it: over HTTP. */
export function openApp({ url, services, admin }: AppParts, { applicationId, apiKeys }: CreatedApplication) {
  const base = (kind: KeyKind) => `${url}/${applicationId}/${apiKeys[kind]}`
  const path = `/applications/${applicationId}`
  const message = (id: string) => `${path}/messages/${id}`
  const publish = (body: unknown, channel = "default", headers: Readonly<Record<string, string>> = {}) =>
    call("POST", `${base("REST")}/messaging/${channel}`, body, headers)
  const report = (id: string) => expected<MessageView>(admin("GET", message(id)))
  const credential = async (provider: ProviderName): Promise<CredentialShown | undefined> => {
    const shown = await expected<{ readonly credentials: readonly CredentialShown[] }>(
      admin("GET", `${path}/credentials`),
    )
    return shown.credentials.find((one) => one.provider === provider)
  }
  return {
    id: applicationId,
    apiKeys,
    base,
    register(phone: Phone): Promise<unknown> {
      return expected(call("POST", `${base("ANDROID")}/messaging/registrations`, registrationBody(phone)))
    },
    /** Many at once, past HTTP; resolves when all are on stable storage. */
    async registerAll(phones: Iterable<Phone>): Promise<void> {
      const { number } = await services.applications.get(applicationId)
      let group: Promise<unknown>[] = []
      for (const phone of phones) {
        group.push(services.devices.register(number, requestOf(phone)))
        if (group.length < 2_000) continue
        await Promise.all(group)
        group = []
      }
      await Promise.all(group)
    },
    unregister: (deviceId: string) =>
      expected(call("DELETE", `${base("ANDROID")}/messaging/registrations/${deviceId}`)),
    retrieve: (deviceId: string) =>
      call("GET", `${base("ANDROID")}/messaging/registrations/${encodeURIComponent(deviceId)}`),
    publish,
    /** The id of a message that must be accepted. */
    async published(body: unknown, channel?: string): Promise<string> {
      const { messageId } = await expected<{ messageId: string }>(publish(body, channel))
      return messageId
    },
    status: (id: string) => call("GET", `${base("REST")}/messaging/${id}`),
    cancel: (id: string) => call("DELETE", `${base("REST")}/messaging/${id}`),
    report,
    messages: () =>
      expected<{ readonly messages: readonly MessageView[] }>(admin("GET", `${path}/messages?limit=1000`)),
    /** The report once nothing is pending. */
    settled(id: string, deadlineMs?: number): Promise<MessageView> {
      return eventually(
        `every device of ${id} is settled`,
        async () => {
          const seen = await report(id)
          return seen.pending === 0 && seen.state !== "running" && seen.state !== "paused" && seen
        },
        deadlineMs,
      )
    },
    device: (id: string, deviceId: string) =>
      expected<DeviceReport>(admin("GET", `${message(id)}/devices/${encodeURIComponent(deviceId)}`)),
    change: (id: string, verb: "pause" | "resume" | "cancel") => admin("POST", `${message(id)}/${verb}`),
    eventsPath: (id: string) => `/admin/v1${message(id)}/events`,
    setCredential: (provider: ProviderName, input: CredentialInput) =>
      expected(admin("PUT", `${path}/credentials/${provider}`, input)),
    resumeCredential: (provider: ProviderName) =>
      expected(admin("POST", `${path}/credentials/${provider}/resume`)),
    credential,
    /** Why a credential is paused, once it is: that is stored beside the outcomes that led to it, not with them. */
    paused(provider: ProviderName): Promise<string> {
      return eventually(
        "the credential is paused",
        async () => (await credential(provider))?.pausedReason ?? undefined,
      )
    },
  }
}

export type AppHandle = ReturnType<typeof openApp>

/** A token that looks like one of the provider: hexadecimal for Apple, a channel URI for Microsoft. */
export function tokenFor(os: string, deviceId: string): string {
  const hex = Buffer.from(deviceId).toString("hex")
  switch (os.toUpperCase()) {
    case "IOS":
    case "OSX":
      return hex.padEnd(64, "0")
    case "WP":
      return `https://db5.notify.windows.com/?token=${hex}`
    default:
      return `fcm-${deviceId}`
  }
}

function registrationBody({ deviceId, os = "IOS", token, channels, expiration }: Phone): object {
  return {
    deviceToken: token ?? tokenFor(os, deviceId),
    deviceId,
    os,
    osVersion: "1",
    ...(channels === undefined ? {} : { channels }),
    ...(expiration === undefined ? {} : { expiration }),
  }
}

function requestOf({ deviceId, os = "IOS", token, channels = ["default"], expiration }: Phone) {
  return {
    deviceToken: token ?? tokenFor(os, deviceId),
    deviceId,
    os,
    osVersion: "1",
    channels,
    expiresAt: expiration,
  }
}
