import { Settings } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const APP_SETTINGS_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/settings",
    component: screen(() => import("./app-settings.tsx"), "AppSettings"),
    nav: { section: "settings", label: "App settings", icon: Settings },
  },
]
