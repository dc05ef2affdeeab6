import type { ReactNode } from "react"
import { useApplication } from "../../app/application.tsx"
import { useLivePhones } from "../../app/live-phones.ts"
import { phonesPath } from "../../app/paths.ts"
import { VirtualScreen } from "../../app/virtual-screen.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import "./start.css"

/** The screen of the guided path has room for so many. */
const SHOWN_MAX = 3

/** The virtual phones with what they show, as it arrives. */
export function Arrivals(): ReactNode {
  const { applicationId } = useApplication()
  const phones = useLivePhones(applicationId).data?.phones ?? []
  if (phones.length === 0) return null
  return (
    <>
      <ul className="arrivals">
        {phones.slice(0, SHOWN_MAX).map((phone) => (
          <li key={phone.deviceId}>
            <VirtualScreen phone={phone} />
          </li>
        ))}
      </ul>
      <div className="row">
        <ButtonLink to={phonesPath(applicationId)}>All virtual phones</ButtonLink>
      </div>
    </>
  )
}
