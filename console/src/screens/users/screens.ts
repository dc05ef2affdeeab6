import { Users } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const USER_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/users",
    component: screen(() => import("./users.tsx"), "AppUsers"),
    nav: { section: "settings", label: "Users", icon: Users },
  },
  {
    path: "/applications/:applicationId/users/:userId",
    component: screen(() => import("./user.tsx"), "AppUser"),
  },
]
