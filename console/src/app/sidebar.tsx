import { type ReactNode, useId } from "react"
import { Link, useLocation } from "wouter"
import { AccountMenu, ThemeMenu } from "./account-menu.tsx"
import { useCurrentApplicationId } from "./application.tsx"
import { ApplicationSwitcher } from "./application-switcher.tsx"
import { Brand } from "./brand.tsx"
import { applicationPath } from "./paths.ts"
import { barrierOf, type NavSection, type Screen } from "./screen.ts"
import { useCaller } from "./session.tsx"

const SECTIONS: readonly { readonly section: NavSection; readonly title: string }[] = [
  { section: "application", title: "Application" },
  { section: "settings", title: "Settings" },
  { section: "server", title: "Server" },
]

export function Sidebar({ screens }: { readonly screens: readonly Screen[] }): ReactNode {
  const applicationId = useCurrentApplicationId()
  const caller = useCaller()
  const open = screens.filter((screen) => barrierOf(screen, caller) === undefined)
  const sections = SECTIONS.filter(({ section }) => section === "server" || applicationId !== undefined)
  return (
    <div className="sidebar-content">
      <Brand />
      <ApplicationSwitcher />
      <nav aria-label="Main" className="stack">
        {sections.map(({ section, title }) => (
          <Section
            key={section}
            title={title}
            screens={open.filter(({ nav }) => nav?.section === section)}
            applicationId={applicationId}
          />
        ))}
      </nav>
      <div className="sidebar-foot">
        <ThemeMenu />
        <AccountMenu />
      </div>
    </div>
  )
}

interface SectionProps {
  readonly title: string
  readonly screens: readonly Screen[]
  readonly applicationId: string | undefined
}

function Section({ title, screens, applicationId }: SectionProps): ReactNode {
  const id = useId()
  const [location] = useLocation()
  if (screens.length === 0) return null
  return (
    <section className="nav-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {screens.map(({ path, nav, component }) => {
          const to = path.replace("/applications/:applicationId", applicationPath(applicationId ?? ""))
          const Icon = nav?.icon
          return (
            <li key={path}>
              <Link
                href={to}
                className="nav-link"
                onPointerEnter={component.preload}
                onFocus={component.preload}
                aria-current={location === to ? "page" : undefined}
              >
                {Icon !== undefined && <Icon size={17} aria-hidden />}
                {nav?.label}
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
