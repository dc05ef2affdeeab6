import { MonitorSmartphone } from "lucide-react"
import { type ReactNode, useState } from "react"
import { useApplication } from "../../app/application.tsx"
import { useLivePhones } from "../../app/live-phones.ts"
import { composePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { AddPhone } from "./add-phone.tsx"
import { AddPhoneDialog } from "./add-phone-dialog.tsx"
import { PhoneTile } from "./phone-tile.tsx"
import "./phones.css"

/** The sandbox's phones on one page. */
export function Phones(): ReactNode {
  const { applicationId } = useApplication()
  const phones = useLivePhones(applicationId)
  const mayOperate = useMay("operate")
  const [isAdding, setAdding] = useState(false)
  const add = mayOperate && <AddPhone onMore={() => setAdding(true)} />
  return (
    <Page
      title="Virtual phones"
      lead="Phones of the sandbox. They are registered like real ones, and show what they get as it arrives."
      actions={
        <>
          {add}
          {mayOperate && <ButtonLink to={composePath(applicationId)}>Write a message</ButtonLink>}
        </>
      }
    >
      <Loaded query={phones} failure="The virtual phones could not be read">
        {(data) =>
          data.phones.length === 0 ? (
            <Card>
              <Empty icon={MonitorSmartphone} title="No virtual phone yet" actions={add}>
                {mayOperate
                  ? "Add an iPhone, an Android phone or a Windows PC, and send it a message: no account of Apple, Google or Microsoft is needed."
                  : "Somebody with the scope operate adds phones here."}
              </Empty>
            </Card>
          ) : (
            <ul className="phone-tiles">
              {data.phones.map((phone) => (
                <li key={phone.deviceId}>
                  <PhoneTile phone={phone} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <AddPhoneDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </Page>
  )
}
