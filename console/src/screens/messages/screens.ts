import { Send } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const MESSAGE_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/messages",
    component: screen(() => import("./messages.tsx"), "Messages"),
    nav: { section: "application", label: "Messages", icon: Send },
  },
  {
    path: "/applications/:applicationId/messages/:messageId",
    component: screen(() => import("./message.tsx"), "MessageScreen"),
  },
]
