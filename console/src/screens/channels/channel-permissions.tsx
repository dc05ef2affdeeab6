import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Card } from "../../ui/card.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import {
  type Access,
  channelAccess,
  inherited,
  type Permissions,
  type Role,
  useSetRule,
} from "./channel-rules.ts"
import { UserRules } from "./user-rules.tsx"
import "./channel-permissions.css"

/** The rules of one channel: role by role, then for single users. Where it says nothing, the application decides. */
export function ChannelPermissions({ channel }: { readonly channel: string }): ReactNode {
  const { applicationId } = useApplication()
  const permissions = api.useQuery("get", "/admin/v1/applications/{applicationId}/permissions", {
    params: { path: { applicationId }, query: { channel } },
  })
  return (
    <Loaded query={permissions} failure="The permissions could not be read">
      {(data) => (
        <div className="stack">
          <Card title="Permissions of roles" isFlush>
            <RoleMatrix channel={channel} permissions={data} />
          </Card>
          <UserRules channel={channel} permissions={data} />
        </div>
      )}
    </Loaded>
  )
}

interface RoleMatrixProps {
  readonly channel: string
  readonly permissions: Permissions
}

function RoleMatrix({ channel, permissions }: RoleMatrixProps): ReactNode {
  const { applicationId } = useApplication()
  const mayChange = useMay("administer")
  const { set, isPending, error } = useSetRule(applicationId, channel)
  const operations = permissions.operations.filter(({ onChannels }) => onChannels)
  const columns: readonly Column<Role>[] = [
    { head: "Role", cell: ({ name }) => name },
    ...operations.map(
      ({ operation }): Column<Role> => ({
        head: operation,
        cell: (role) => (
          <AccessSelect
            label={`${operation} for ${role.name}`}
            access={channelAccess(permissions, role.name, operation)}
            fallback={inherited(permissions, role, operation)}
            isDisabled={!mayChange || isPending}
            onChange={(access) => set({ role: role.name }, operation, access)}
          />
        ),
      }),
    ),
  ]
  return (
    <>
      {error !== null && <ErrorNote error={error} title="The rule was not set" />}
      <Table
        label="Permissions of roles"
        columns={columns}
        rows={permissions.roles}
        rowKey={({ name }) => name}
      />
    </>
  )
}

interface AccessSelectProps {
  readonly label: string
  readonly access: Access
  /** What holds without a rule of the channel. */
  readonly fallback: ReturnType<typeof inherited>
  readonly isDisabled: boolean
  readonly onChange: (access: Access) => void
}

const FALLBACKS = { grant: "inherit: granted", deny: "inherit: denied", nothing: "inherit: not granted" }

function AccessSelect({ label, access, fallback, isDisabled, onChange }: AccessSelectProps): ReactNode {
  return (
    <select
      className="rule-select"
      aria-label={label}
      data-access={access}
      value={access}
      disabled={isDisabled}
      onChange={(event) => onChange(event.target.value as Access)}
    >
      <option value="inherit">{FALLBACKS[fallback]}</option>
      <option value="grant">grant</option>
      <option value="deny">deny</option>
    </select>
  )
}
