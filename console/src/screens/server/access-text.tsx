import type { ReactNode } from "react"
import { useApplications } from "../../app/application.tsx"
import { Badge } from "../../ui/badge.tsx"

interface AccessTextProps {
  readonly scope: string
  readonly applications: readonly string[] | null
}

/** What somebody may do, and where. */
export function AccessText({ scope, applications }: AccessTextProps): ReactNode {
  const known = useApplications().data?.applications ?? []
  return (
    <span className="stack-tight">
      <span>
        <Badge {...(scope === "administer" && { tone: "info" as const })}>{scope}</Badge>
      </span>
      <span className="small soft breakable">
        {applications === null
          ? "the whole server"
          : applications.length === 0
            ? "no application any more"
            : applications
                .map((id) => known.find(({ applicationId }) => applicationId === id)?.name ?? id)
                .join(", ")}
      </span>
    </span>
  )
}
