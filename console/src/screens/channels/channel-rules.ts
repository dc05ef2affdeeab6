import { useQueryClient } from "@tanstack/react-query"
import { type Answer, api } from "../../api/client.ts"
import { say } from "../../ui/toast.tsx"

export type Permissions = Answer<"/admin/v1/applications/{applicationId}/permissions">
export type Operation = Permissions["operations"][number]["operation"]
export type Role = Permissions["roles"][number]
export type Rule = Permissions["rules"][number]
export type Access = Rule["access"]

/** Whom a rule of a channel speaks of. */
export type Subject = { readonly role: string } | { readonly user: string }

/** The rule of the channel itself for a role and an operation; inherit when there is none. */
export function channelAccess({ rules }: Permissions, role: string, operation: Operation): Access {
  const rule = rules.find(
    (one) => one.level === "channel" && one.role === role && one.operation === operation,
  )
  return rule?.access ?? "inherit"
}

/** What the role may do where the channel says nothing: the rule of the application, or else what the preset grants. */
export function inherited(
  { rules }: Permissions,
  role: Role,
  operation: Operation,
): "grant" | "deny" | "nothing" {
  const rule = rules.find(
    (one) => one.level === "application" && one.role === role.name && one.operation === operation,
  )
  if (rule !== undefined && rule.access !== "inherit") return rule.access
  return role.presetGrants.includes(operation) ? "grant" : "nothing"
}

/** Sets or takes away a rule of the channel, and reads the rules again. */
export function useSetRule(applicationId: string, channel: string) {
  const queries = useQueryClient()
  const { mutate, isPending, error } = api.useMutation(
    "put",
    "/admin/v1/applications/{applicationId}/permissions",
    {
      onSuccess: async ({ role, user, operation, access }) => {
        await queries.invalidateQueries({
          queryKey: ["get", "/admin/v1/applications/{applicationId}/permissions"],
        })
        say(`${role ?? user}, ${operation}: ${access}. In force within five seconds.`)
      },
    },
  )
  const set = (subject: Subject, operation: Operation, access: Access) =>
    mutate({
      params: { path: { applicationId } },
      body: { level: "channel", channel, operation, access, ...subject },
    })
  return { set, isPending, error }
}
