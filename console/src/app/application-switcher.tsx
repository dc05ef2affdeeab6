import { ChevronsUpDown, LayoutGrid } from "lucide-react"
import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { Menu } from "../ui/menu.tsx"
import { useApplications, useCurrentApplicationId } from "./application.tsx"
import { APPLICATIONS, applicationPath } from "./paths.ts"

/** More are found on the screen of all applications. */
const SHOWN_MAX = 30

export function ApplicationSwitcher(): ReactNode {
  const applications = useApplications().data?.applications ?? []
  const applicationId = useCurrentApplicationId()
  const [, navigate] = useLocation()
  const name =
    applications.find((one) => one.applicationId === applicationId)?.name ?? "Choose an application"
  return (
    <Menu
      className="switcher"
      label={`Application: ${name}`}
      items={[
        ...applications.slice(0, SHOWN_MAX).map((one) => ({
          label: one.name,
          onSelect: () => navigate(applicationPath(one.applicationId)),
        })),
        "line",
        {
          label: "All applications",
          icon: <LayoutGrid size={16} aria-hidden />,
          onSelect: () => navigate(APPLICATIONS),
        },
      ]}
    >
      <span>{name}</span>
      <ChevronsUpDown size={16} aria-hidden />
    </Menu>
  )
}
