import { LayoutGrid } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const APPLICATION_SCREENS: readonly Screen[] = [
  {
    path: "/applications",
    component: screen(() => import("./applications.tsx"), "Applications"),
    nav: { section: "server", label: "Applications", icon: LayoutGrid },
  },
]
