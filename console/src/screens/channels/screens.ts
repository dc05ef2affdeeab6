import { Hash } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const CHANNEL_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/channels",
    component: screen(() => import("./channels.tsx"), "Channels"),
    nav: { section: "application", label: "Channels", icon: Hash },
  },
  {
    path: "/applications/:applicationId/channel",
    component: screen(() => import("./channel.tsx"), "Channel"),
  },
]
