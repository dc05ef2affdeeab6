import { AppWindow, Plus } from "lucide-react"
import { type ReactNode, useState } from "react"
import { Link } from "wouter"
import { type Application, useApplications } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useCaller, useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { CreateApplication } from "./create-application.tsx"

const COLUMNS: readonly Column<Application>[] = [
  {
    head: "Name",
    cell: ({ applicationId, name }) => <Link href={applicationPath(applicationId)}>{name}</Link>,
  },
  {
    head: "Application id",
    cell: ({ applicationId }) => <Copyable text={applicationId} what="the application id" />,
  },
  { head: "Preset", cell: ({ preset }) => <Badge>{preset}</Badge> },
  { head: "Created", cell: ({ createdAt }) => <Time at={createdAt} /> },
]

export function Applications(): ReactNode {
  const [isCreating, setCreating] = useState(false)
  const isUnrestricted = useCaller().applications === null
  const mayCreate = useMay("administer") && isUnrestricted
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus size={16} aria-hidden />
      New application
    </Button>
  )
  return (
    <Page
      title="Applications"
      lead="Each has devices, channels, keys and rules of its own."
      actions={mayCreate && create}
    >
      <Loaded query={useApplications()} failure="The applications could not be read">
        {({ applications }) => (
          <Card isFlush={applications.length > 0}>
            {applications.length === 0 ? (
              <Empty icon={AppWindow} title="No application yet" actions={mayCreate && create}>
                {mayCreate
                  ? "An application is what the phones of one app register with."
                  : "An administrator of the whole server creates applications and gives you access."}
              </Empty>
            ) : (
              <Table
                label="Applications"
                columns={COLUMNS}
                rows={applications}
                rowKey={({ applicationId }) => applicationId}
              />
            )}
          </Card>
        )}
      </Loaded>
      <CreateApplication isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  )
}
