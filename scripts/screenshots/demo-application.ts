import type { Introduced } from "./running-server.ts"

/** An application with enough in it that every screen has something to show. Whatever is random here is not. */

const CHANNELS = ["default", "departures", "delays", "offers"]
const SYSTEMS = [
  { os: "ANDROID", osVersion: "16" },
  { os: "IOS", osVersion: "19.1" },
  { os: "ANDROID", osVersion: "15" },
  { os: "IOS", osVersion: "18.6" },
  { os: "WP", osVersion: "11" },
]
const DEVICES = 420
const EXPIRES_AT = 1_900_000_000_000
const DESK = "ticket desk"
const PASSWORD = "a password for the demo"

export interface Demo {
  readonly applicationId: string
  readonly messageId: string
  readonly deviceId: string
  /** Somebody else who manages the server, and is signed in. */
  readonly administrator: number
}

type Admin = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>

export async function seedDemo({ applicationId, url }: Introduced, admin: Admin): Promise<Demo> {
  const app = `/applications/${applicationId}`
  await admin("PUT", app, { name: "Harbour Ferries" })
  const devices = Array.from({ length: DEVICES }, (_, index) => deviceOf(index))
  await admin("POST", `${app}/device-imports`, { devices })
  for (const [os, name] of [
    ["IOS", "iPhone at the desk"],
    ["ANDROID", "Android at the desk"],
    ["WP", "PC at the counter"],
  ]) {
    await admin("POST", `${app}/phones`, { os, name, channels: ["default", "delays"] })
  }
  await admin("POST", `${app}/users`, { identity: "desk@harbour.example", password: PASSWORD })
  const { number } = await admin("POST", "/administrators", {
    ...{ name: DESK, password: PASSWORD, scope: "operate", applications: [applicationId] },
  })
  await signInElsewhere(url, DESK, PASSWORD)
  await signInElsewhere(url, DESK, PASSWORD)
  await publish(admin, app, "departures", "Pier 3", "The 09:40 to the islands leaves from pier 3.")
  const messageId = await publish(
    admin,
    app,
    "delays",
    "Fog in the strait",
    "All crossings run 20 minutes late.",
  )
  return { applicationId, messageId, deviceId: deviceOf(1).deviceId, administrator: Number(number) }
}

/** Begins a session, as from another computer. */
export async function signInElsewhere(url: string, name: string, password: string): Promise<void> {
  const reply = await fetch(`${url}/admin/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password }),
  })
  if (!reply.ok) throw new Error(`${name} cannot sign in: ${await reply.text()}`)
}

function deviceOf(index: number) {
  const system = SYSTEMS[index % SYSTEMS.length] ?? { os: "ANDROID", osVersion: "16" }
  const number = index.toString(16).padStart(4, "0")
  return {
    ...system,
    deviceId: `ferry-${number}`,
    deviceToken: tokenOf(system.os, number),
    channels: CHANNELS.filter((_, at) => at === 0 || (index + at) % (at + 1) === 0),
    ...(index % 7 === 0 && { expiration: EXPIRES_AT }),
  }
}

/** As the provider of the system would hand it out, so that its simulator takes it. */
function tokenOf(os: string, number: string): string {
  if (os === "IOS") return number.repeat(16)
  if (os === "WP") return `https://db5p.notify.windows.com/?token=${number}`
  return `fcm-token-${number}`
}

async function publish(
  admin: Admin,
  app: string,
  channel: string,
  title: string,
  message: string,
): Promise<string> {
  const headers = { "ios-alert-title": title, "android-content-title": title, "wp-title": title }
  const { messageId } = await admin("POST", `${app}/messages`, { channel, message, headers })
  return String(messageId)
}
