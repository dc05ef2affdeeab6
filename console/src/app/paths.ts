/** The addresses of the screens, below /console. What a device or publisher wrote goes into the query: a path would lose dots. */

/** The guided path of the application that was looked at last. */
export const START = "/start"
export const APPLICATIONS = "/applications"

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
