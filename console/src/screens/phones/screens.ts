import { MonitorSmartphone } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const PHONE_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/phones",
    component: screen(() => import("./phones.tsx"), "Phones"),
    nav: { section: "application", label: "Virtual phones", icon: MonitorSmartphone },
  },
]
