import { type ReactNode, useState } from "react"
import { Link, useSearchParams } from "wouter"
import { type Answer, api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { isAccepted } from "../../app/outcome.ts"
import { devicePath } from "../../app/paths.ts"
import { platformName } from "../../app/platforms.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Facts } from "../../ui/facts.tsx"
import { TextField } from "../../ui/field.tsx"
import { Form } from "../../ui/form.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Names } from "../../ui/names.tsx"
import { Note, type Tone } from "../../ui/note.tsx"
import { Time } from "../../ui/time.tsx"
import { isFailure } from "./outcome-words.ts"
import { isOver, type Report } from "./report.ts"

type DeviceReport = Answer<"/admin/v1/applications/{applicationId}/messages/{messageId}/devices/{deviceId}">

const REFRESH_MS = 2000

/** "Why did this phone not get it?" The address keeps the device, so that the answer can be handed on. */
export function DeviceLookup({ report }: { readonly report: Report }): ReactNode {
  const [address, setAddress] = useSearchParams()
  const sought = address.get("device") ?? ""
  const [text, setText] = useState(sought)
  const look = () => {
    const deviceId = text.trim()
    setAddress(deviceId === "" ? {} : { device: deviceId }, { replace: true })
  }
  return (
    <Card title="Why did this phone not get it?">
      <div className="stack">
        <Form error={null} onSubmit={look}>
          <div className="lookup">
            <TextField
              name="deviceId"
              label="Device id"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
            <Button type="submit">Look it up</Button>
          </div>
        </Form>
        {sought !== "" && <DeviceAnswer key={sought} report={report} deviceId={sought} />}
      </div>
    </Card>
  )
}

interface DeviceAnswerProps {
  readonly report: Report
  readonly deviceId: string
}

function DeviceAnswer({ report, deviceId }: DeviceAnswerProps): ReactNode {
  const { applicationId } = useApplication()
  const answer = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/messages/{messageId}/devices/{deviceId}",
    { params: { path: { applicationId, messageId: report.messageId, deviceId } } },
    { refetchInterval: isOver(report) ? false : REFRESH_MS },
  )
  return (
    <Loaded query={answer} failure="What became of it on the device could not be read">
      {(device) => (
        <div className="stack">
          <Note tone={toneOf(device)} role="status" title={device.summary}>
            {device.next}
          </Note>
          <Facts facts={factsOf(device, applicationId)} />
        </div>
      )}
    </Loaded>
  )
}

function toneOf({ verdict, outcome }: DeviceReport): Tone {
  const kind = outcome?.kind ?? ""
  if (verdict === "settled") return isAccepted(kind) ? "good" : isFailure(kind) ? "bad" : "warn"
  return verdict === "retrying" || verdict === "pending" ? "info" : "warn"
}

function factsOf(device: DeviceReport, applicationId: string): (readonly [string, ReactNode])[] {
  const { deviceId, settledBetween, retry, registration, departures } = device
  const settledAt = settledBetween?.[1]
  const facts: (readonly [string, ReactNode])[] = [
    [
      "Device",
      <Link key="device" href={devicePath(applicationId, deviceId)} className="breakable">
        {deviceId}
      </Link>,
    ],
  ]
  if (settledAt !== undefined) facts.push(["Settled", <Time key="settled" at={settledAt} />])
  if (retry !== undefined) {
    facts.push(["Tries so far", retry.attempts], ["Next try", <Time key="next" at={retry.notBefore} />])
  }
  if (registration !== undefined) {
    facts.push(
      ["System", platformName(registration.os)],
      ["Channels", <Names key="channels" names={registration.channels} />],
      ["First registered", <Time key="first" at={registration.createdAt} />],
      ["Last registered", <Time key="last" at={registration.registeredAt} />],
    )
    if (registration.expiresAt !== null) {
      facts.push(["Expires", <Time key="expires" at={registration.expiresAt} />])
    }
  }
  if (departures.length > 0) facts.push(["Left", <Departures key="left" departures={departures} />])
  return facts
}

function Departures({ departures }: Pick<DeviceReport, "departures">): ReactNode {
  return (
    <ul>
      {departures.map(({ leftAt, reason, detail }) => (
        <li key={leftAt} className="breakable">
          <Time at={leftAt} />: {reason.replaceAll("_", " ")} {detail}
        </li>
      ))}
    </ul>
  )
}
