import type { ReactNode } from "react"
import { Phone } from "../ui/phone.tsx"
import { Time } from "../ui/time.tsx"
import { useApplication } from "./application.tsx"
import type { VirtualPhone } from "./live-phones.ts"
import { lookOf } from "./phone-look.ts"

/** What a virtual phone shows, the latest first. */
export function VirtualScreen({
  phone: { name, os, notifications },
}: {
  readonly phone: VirtualPhone
}): ReactNode {
  const { name: app } = useApplication()
  return (
    <Phone
      look={lookOf(os)}
      label={`Screen of ${name}`}
      app={app}
      cards={notifications.map(({ sequence, at, shown }) => ({
        key: sequence,
        shown,
        when: <Time at={at} />,
      }))}
    >
      Nothing has arrived yet.
    </Phone>
  )
}
