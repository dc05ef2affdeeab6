import { Gauge } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const OVERVIEW_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId",
    component: screen(() => import("./overview.tsx"), "Overview"),
    nav: { section: "application", label: "Overview", icon: Gauge },
  },
]
