import type { Answer, Schema } from "../../api/client.ts"

export type Credential = Answer<"/admin/v1/applications/{applicationId}/credentials">["credentials"][number]
export type Provider = Schema<"Delivery">["provider"]
export type Delivery = Schema<"Delivery">

export const CREDENTIALS = "/admin/v1/applications/{applicationId}/credentials"
export const CREDENTIAL = "/admin/v1/applications/{applicationId}/credentials/{provider}"

export interface ProviderFacts {
  readonly provider: Provider
  readonly name: string
  readonly reaches: string
  /** Where what is needed comes from. */
  readonly source: string
  /** What a device registers as to be sent to through this provider. */
  readonly systems: readonly string[]
}

export const PROVIDERS: readonly ProviderFacts[] = [
  {
    provider: "apns",
    name: "APNs",
    reaches: "iPhones, iPads and Macs",
    source: "Apple developer account: Certificates, Identifiers & Profiles, Keys, a key with APNs enabled.",
    systems: ["IOS", "OSX"],
  },
  {
    provider: "fcm",
    name: "FCM",
    reaches: "Android phones",
    source: "Firebase console: Project settings, Service accounts, Generate new private key.",
    systems: ["ANDROID"],
  },
  {
    provider: "wns",
    name: "WNS",
    reaches: "Windows devices",
    source: "Azure portal: App registrations, your app, Overview and Certificates & secrets.",
    systems: ["WP"],
  },
]

/** Names of what a credential shows of itself, as people call them. */
export const SUMMARY_NAMES: Readonly<Record<string, string>> = {
  keyId: "Key id",
  teamId: "Team id",
  topic: "Topic (bundle id)",
  osxTopic: "Topic on macOS",
  environment: "Environment",
  projectId: "Project",
  clientEmail: "Service account",
  tenantId: "Directory (tenant) id",
  clientId: "Application (client) id",
  origin: "Sends to",
}
