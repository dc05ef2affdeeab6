import { Info, KeySquare, ScrollText, UserCog } from "lucide-react"
import { ADMINISTRATORS } from "../../app/paths.ts"
import { type Screen, screen } from "../../app/screen.ts"

export const SERVER_SCREENS: readonly Screen[] = [
  {
    path: ADMINISTRATORS,
    component: screen(() => import("./administrators.tsx"), "Administrators"),
    nav: { section: "server", label: "Administrators", icon: UserCog },
    access: { scope: "administer", isOfServer: true },
  },
  {
    path: `${ADMINISTRATORS}/:administrator`,
    component: screen(() => import("./administrator.tsx"), "Administrator"),
    access: { scope: "administer", isOfServer: true },
  },
  {
    path: "/tokens",
    component: screen(() => import("./tokens.tsx"), "Tokens"),
    nav: { section: "server", label: "API tokens", icon: KeySquare },
    access: { scope: "administer", isOfServer: true },
  },
  {
    path: "/audit",
    component: screen(() => import("./audit-log.tsx"), "AuditLog"),
    nav: { section: "server", label: "Audit log", icon: ScrollText },
    access: { scope: "administer", isOfServer: true },
  },
  { path: "/account", component: screen(() => import("./account.tsx"), "Account") },
  {
    path: "/applications/:applicationId/audit",
    component: screen(() => import("./audit-log.tsx"), "ApplicationAuditLog"),
    nav: { section: "settings", label: "Audit log", icon: ScrollText },
    access: { scope: "administer" },
  },
  {
    path: "/about",
    component: screen(() => import("./about.tsx"), "About"),
    nav: { section: "server", label: "About", icon: Info },
  },
]
