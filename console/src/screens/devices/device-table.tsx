import type { ReactNode } from "react"
import { Link } from "wouter"
import { useApplication } from "../../app/application.tsx"
import { devicePath } from "../../app/paths.ts"
import { platformName } from "../../app/platforms.ts"
import { UserLink } from "../../app/user-name.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Names } from "../../ui/names.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import type { DeviceRow } from "./device-search.ts"

/** More are on the page of the device. */
const CHANNELS_SHOWN = 3

export function DeviceTable({ devices }: { readonly devices: readonly DeviceRow[] }): ReactNode {
  const { applicationId } = useApplication()
  const columns: readonly Column<DeviceRow>[] = [
    {
      head: "Device id",
      cell: ({ deviceId }) => <Link href={devicePath(applicationId, deviceId)}>{deviceId}</Link>,
    },
    {
      head: "Platform",
      cell: ({ os, osVersion }) => (
        <span className="breakable">
          {platformName(os)} <span className="soft">{osVersion}</span>
        </span>
      ),
    },
    { head: "Channels", cell: ({ channels }) => <Names names={channels} max={CHANNELS_SHOWN} /> },
    { head: "User", cell: ({ userId }) => userId !== null && <UserLink userId={userId} /> },
    {
      head: "Registered",
      cell: ({ registeredAt, receives }) => (
        <>
          <Time at={registeredAt} /> {!receives && <Badge tone="warn">does not receive</Badge>}
        </>
      ),
    },
    { head: "Expires", cell: ({ expiresAt }) => (expiresAt === null ? "never" : <Time at={expiresAt} />) },
    { head: "Token hash", cell: ({ tokenHash }) => <code>{tokenHash}</code> },
  ]
  return <Table label="Devices" columns={columns} rows={devices} rowKey={({ objectId }) => objectId} />
}
