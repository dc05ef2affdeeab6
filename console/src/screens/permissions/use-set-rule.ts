import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { type Access, PERMISSIONS, type Place } from "./matrix.ts"
import type { Spot } from "./spot.ts"

/** Said after it: a field that has the focus is not read aloud again when it changes. */
export const RULE_IS_SET = "Set. It is in force within five seconds."

interface SetRule {
  readonly set: (spot: Spot, access: Access) => void
  readonly isPending: boolean
  readonly error: Error | null
}

interface SetRuleOptions {
  readonly onDone?: () => void
  readonly onError?: (error: Error) => void
}

/** Sets the rule of a cell, or takes it away with inherit. */
export function useSetRule(place: Place, { onDone, onError }: SetRuleOptions = {}): SetRule {
  const { applicationId } = useApplication()
  const refresh = useRefresh(PERMISSIONS, "/admin/v1/applications/{applicationId}/explain")
  const { mutate, isPending, error } = api.useMutation("put", PERMISSIONS, {
    onSuccess: async () => {
      await refresh()
      onDone?.()
    },
    ...(onError !== undefined && { onError }),
  })
  const set = ({ subject, operation }: Spot, access: Access) =>
    mutate({
      params: { path: { applicationId } },
      body: {
        level: place.level,
        ...(place.level === "channel" && { channel: place.channel }),
        ...(subject.kind === "role" ? { role: subject.id } : { user: subject.id }),
        operation: operation.operation,
        access,
      },
    })
  return { set, isPending, error }
}
