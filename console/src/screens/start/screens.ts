import { Rocket } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const START_SCREENS: readonly Screen[] = [
  { path: "/start", component: screen(() => import("./start-of-any.tsx"), "StartOfAny") },
  {
    path: "/applications/:applicationId/start",
    component: screen(() => import("./start.tsx"), "Start"),
    nav: { section: "application", label: "Get started", icon: Rocket },
  },
]
