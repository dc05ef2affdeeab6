import type { ReactNode } from "react"
import { useApplication } from "../../app/application.tsx"
import { useLivePhones, type VirtualPhone } from "../../app/live-phones.ts"
import { lookOf } from "../../app/phone-look.ts"
import { Phone } from "../../ui/phone.tsx"
import { Time } from "../../ui/time.tsx"
import "./start.css"

/** The screen of the guided path has room for so many. */
const SHOWN_MAX = 3

/** The virtual phones with what they show, as it arrives. */
export function Arrivals(): ReactNode {
  const { applicationId } = useApplication()
  const phones = useLivePhones(applicationId).data?.phones ?? []
  if (phones.length === 0) return null
  return (
    <ul className="arrivals">
      {phones.slice(0, SHOWN_MAX).map((phone) => (
        <li key={phone.deviceId}>
          <Arrival phone={phone} />
        </li>
      ))}
    </ul>
  )
}

function Arrival({ phone: { name, os, notifications } }: { readonly phone: VirtualPhone }): ReactNode {
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
