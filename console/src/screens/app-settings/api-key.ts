import type { Answer } from "../../api/client.ts"

export type ApiKey = Answer<"/admin/v1/applications/{applicationId}/keys">["keys"][number]

export const KEYS = "/admin/v1/applications/{applicationId}/keys"
export const HOSTS = "/admin/v1/applications/{applicationId}/hosts"

/** `REST nightly jobs`, or `REST 1` with its number where it has no label. */
export function nameOf({ kind, label, number }: ApiKey): string {
  return label === "" ? `${kind} ${number}` : `${kind} ${label}`
}
