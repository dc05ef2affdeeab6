import type { ReactNode } from "react"
import { Link } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { devicePath } from "../../app/paths.ts"
import { platformName } from "../../app/platforms.ts"
import { Card } from "../../ui/card.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"

const SHOWN_MAX = 50

/** The devices that registered with a token of the user. */
export function UserDevices({ userId }: { readonly userId: string }): ReactNode {
  const { applicationId } = useApplication()
  const devices = api.useQuery("get", "/admin/v1/applications/{applicationId}/devices", {
    params: { path: { applicationId }, query: { userId, limit: SHOWN_MAX } },
  })
  const columns: readonly Column<Schema<"Device">>[] = [
    {
      head: "Device",
      cell: ({ deviceId }) => <Link href={devicePath(applicationId, deviceId)}>{deviceId}</Link>,
    },
    { head: "System", cell: ({ os, osVersion }) => `${platformName(os)} ${osVersion}` },
    { head: "Registered", cell: ({ registeredAt }) => <Time at={registeredAt} /> },
  ]
  return (
    <Card title="Devices" isFlush={(devices.data?.devices.length ?? 0) > 0}>
      <Loaded query={devices} failure="The devices could not be read">
        {(data) =>
          data.devices.length === 0 ? (
            <p className="soft">No device has registered with a login of this user.</p>
          ) : (
            <Table
              label="Devices of the user"
              columns={columns}
              rows={data.devices}
              rowKey={({ deviceId }) => deviceId}
            />
          )
        }
      </Loaded>
    </Card>
  )
}
