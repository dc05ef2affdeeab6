import type { ReactNode } from "react"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { channelRulesPath } from "../../app/paths.ts"
import { UserLink } from "../../app/user-name.tsx"
import { Badge } from "../../ui/badge.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"

const PERMISSIONS = "/admin/v1/applications/{applicationId}/permissions"

type Permissions = Answer<typeof PERMISSIONS>
type Rule = Permissions["rules"][number]

/** What is different on this channel. The table of permissions changes it, and says why. */
export function ChannelRules({ channel }: { readonly channel: string }): ReactNode {
  const { applicationId } = useApplication()
  const permissions = api.useQuery("get", PERMISSIONS, {
    params: { path: { applicationId }, query: { channel } },
  })
  const hasOwn = permissions.data?.rules.some((rule) => rule.channel === channel) ?? false
  return (
    <Card
      title="Permissions"
      isFlush={hasOwn}
      actions={
        <>
          <ButtonLink to={channelRulesPath(applicationId, channel)}>Rules for roles</ButtonLink>
          <ButtonLink to={channelRulesPath(applicationId, channel, "users")}>Rules for users</ButtonLink>
        </>
      }
    >
      <Loaded query={permissions} failure="The permissions could not be read">
        {(data) => <Rules permissions={data} channel={channel} />}
      </Loaded>
    </Card>
  )
}

interface RulesProps {
  readonly permissions: Permissions
  readonly channel: string
}

function Rules({ permissions: { rules, operations, preset }, channel }: RulesProps): ReactNode {
  const own = rules.filter((rule) => rule.channel === channel)
  if (own.length === 0) {
    return (
      <p className="soft">
        The channel has no rules of its own: those of the application decide, and where there are none the
        preset {preset}.
      </p>
    )
  }
  const columns: readonly Column<Rule>[] = [
    {
      head: "Whom",
      cell: ({ role, user }) =>
        user === null ? <span className="breakable">the role {role}</span> : <UserLink userId={user} />,
    },
    {
      head: "Here",
      cell: ({ access }) =>
        access === "grant" ? <Badge tone="good">may</Badge> : <Badge tone="bad">may not</Badge>,
    },
    {
      head: "Do what",
      cell: ({ operation }) => operations.find((one) => one.operation === operation)?.meaning ?? operation,
    },
  ]
  return (
    <Table
      label="Rules of the channel"
      columns={columns}
      rows={own}
      rowKey={({ role, user, operation }) => `${role} ${user} ${operation}`}
    />
  )
}
