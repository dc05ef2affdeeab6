import { Smartphone } from "lucide-react"
import { type Screen, screen } from "../../app/screen.ts"

export const DEVICE_SCREENS: readonly Screen[] = [
  {
    path: "/applications/:applicationId/devices",
    component: screen(() => import("./devices.tsx"), "Devices"),
    nav: { section: "application", label: "Devices", icon: Smartphone },
  },
  {
    path: "/applications/:applicationId/devices/import",
    component: screen(() => import("./import/import-devices.tsx"), "ImportDevices"),
  },
  {
    path: "/applications/:applicationId/device",
    component: screen(() => import("./device.tsx"), "Device"),
  },
]
