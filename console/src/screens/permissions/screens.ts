import { Grid3x3 } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const PERMISSION_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/permissions",
    component: screen(() => import("./permissions.tsx"), "Permissions"),
    nav: { section: "settings", label: "Permissions", icon: Grid3x3 },
  },
]
