import { SquarePen } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const COMPOSE_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/compose",
    component: screen(() => import("./compose.tsx"), "Compose"),
    nav: { section: "application", label: "Compose", icon: SquarePen },
  },
]
