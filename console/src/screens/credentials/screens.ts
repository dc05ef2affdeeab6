import { ShieldCheck } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const CREDENTIAL_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/credentials",
    component: screen(() => import("./credentials.tsx"), "Credentials"),
    nav: { section: "settings", label: "Credentials", icon: ShieldCheck },
  },
]
