/** The addresses of the screens, below /console. What a device or publisher wrote goes into the query: a path would lose dots. */

/** The guided path of the application that was looked at last. */
export const START = "/start"
export const APPLICATIONS = "/applications"
/** Who is signed in: password and sessions. */
export const ACCOUNT = "/account"
export const ADMINISTRATORS = "/administrators"

export function applicationPath(applicationId: string, rest = ""): string {
  return `${APPLICATIONS}/${encodeURIComponent(applicationId)}${rest}`
}

export function devicePath(applicationId: string, deviceId: string): string {
  return applicationPath(applicationId, `/device?id=${encodeURIComponent(deviceId)}`)
}

export function channelPath(applicationId: string, channel: string): string {
  return applicationPath(applicationId, `/channel?name=${encodeURIComponent(channel)}`)
}

export function messagePath(applicationId: string, messageId: string): string {
  return applicationPath(applicationId, `/messages/${encodeURIComponent(messageId)}`)
}

interface ComposeWish {
  readonly channel?: string
  readonly deviceId?: string
}

/** Writing a message, already addressed to a channel, or to one device of it. */
export function composePath(applicationId: string, wish: ComposeWish = {}): string {
  const query = new URLSearchParams({ ...wish }).toString()
  return applicationPath(applicationId, `/compose${query === "" ? "" : `?${query}`}`)
}

/** How a message is going; with a device id, what became of it there. */
export function messageDevicePath(applicationId: string, messageId: string, deviceId: string): string {
  return `${messagePath(applicationId, messageId)}?device=${encodeURIComponent(deviceId)}`
}

export function userPath(applicationId: string, userId: string): string {
  return applicationPath(applicationId, `/users/${encodeURIComponent(userId)}`)
}

/** Who may do what on a channel: the rules about roles, or about single users. */
export function channelRulesPath(
  applicationId: string,
  channel: string,
  about: "roles" | "users" = "roles",
): string {
  const query = new URLSearchParams({ channel, ...(about === "users" && { about }) })
  return applicationPath(applicationId, `/permissions?${query}`)
}

/** Somebody who manages the server, and where they are signed in. */
export function administratorPath(administrator: number): string {
  return `${ADMINISTRATORS}/${administrator}`
}

export function phonesPath(applicationId: string): string {
  return applicationPath(applicationId, "/phones")
}
