import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { Link, useLocation, useSearchParams } from "wouter"
import { isNotFound } from "../../api/api-error.ts"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath, channelPath, devicePath } from "../../app/paths.ts"
import { platformName } from "../../app/platforms.ts"
import { useMay } from "../../app/session.tsx"
import { UserLink } from "../../app/user-name.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Facts } from "../../ui/facts.tsx"
import { countOf } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { Page } from "../../ui/page.tsx"
import { Time } from "../../ui/time.tsx"
import { say } from "../../ui/toast.tsx"
import { DeviceHistory } from "./device-history.tsx"
import { DeviceMessages, useDeviceMessages } from "./device-messages.tsx"

type Details = Schema<"DeviceDetails">

/** Everything about one device, and the answer to "why did this phone not get it?". */
export function Device(): ReactNode {
  const { applicationId } = useApplication()
  const [params] = useSearchParams()
  const deviceId = params.get("id") ?? ""
  const device = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/devices/{deviceId}",
    {
      params: { path: { applicationId, deviceId } },
    },
    { enabled: deviceId !== "" },
  )
  const mayRemove = useMay("operate")
  if (deviceId === "") return <NoDevice />
  const isGone = isNotFound(device.error)
  return (
    <Page
      title={deviceId}
      lead="A device, as it registered itself."
      actions={device.data !== undefined && mayRemove && <RemoveDevice device={device.data} />}
    >
      {isGone ? (
        <GoneDevice deviceId={deviceId} />
      ) : (
        <Loaded query={device} failure="The device could not be read">
          {(details) => (
            <div className="stack">
              <Attention device={details} />
              <DeviceFacts device={details} />
              <DeviceHistory history={details.history} />
            </div>
          )}
        </Loaded>
      )}
      <DeviceMessages deviceId={deviceId} />
    </Page>
  )
}

/** The address names none. */
function NoDevice(): ReactNode {
  const { applicationId } = useApplication()
  return (
    <Page title="No such device">
      <Note
        tone="warn"
        actions={<ButtonLink to={applicationPath(applicationId, "/devices")}>All devices</ButtonLink>}
      >
        The address names no device.
      </Note>
    </Page>
  )
}

/** A device that is not registered: who asks why a phone did not get a message often asks about such a one. */
function GoneDevice({ deviceId }: { readonly deviceId: string }): ReactNode {
  const messages = useDeviceMessages(deviceId)
  return (
    <Loaded query={messages} failure="The history of the device could not be read">
      {({ history }) => (
        <div className="stack">
          <Note tone="warn" title={history.length > 0 ? "Not registered any more" : "Not registered"}>
            {history.length > 0
              ? "Nothing is sent to it until its app registers again. What it got before, and why it left, is below."
              : "No device has this id, and none had it within the last 30 days. Device ids are compared letter by letter."}
          </Note>
          <DeviceHistory history={history} />
        </div>
      )}
    </Loaded>
  )
}

function Attention({ device }: { readonly device: Details }): ReactNode {
  const { applicationId } = useApplication()
  const { receivedBy, delivery, os } = device
  return (
    <>
      {receivedBy !== null && (
        <Note tone="warn" title="Another device receives in its place">
          <Link href={devicePath(applicationId, receivedBy)} className="breakable">
            {receivedBy}
          </Link>{" "}
          registered the same token later, and a token is pushed to once. When that one goes, this one
          receives again.
        </Note>
      )}
      {delivery === null && (
        <Note tone="warn" title={`${os} has no push provider`}>
          The device is registered and counted, but nothing is ever sent to it.
        </Note>
      )}
      {delivery?.to === "none" && (
        <Note tone="warn" title={`There is no ${delivery.provider.toUpperCase()} credential`}>
          The sandbox is off on this server, so nothing can be sent to it until a credential is set.
        </Note>
      )}
    </>
  )
}

function DeviceFacts({ device }: { readonly device: Details }): ReactNode {
  return (
    <Card title="Registration">
      <Facts
        facts={[
          ["Device id", <Copyable key="id" text={device.deviceId} what="the device id" />],
          ["Platform", `${platformName(device.os)} ${device.osVersion}`],
          ["Channels", <Channels key="channels" channels={device.channels} />],
          [
            "User",
            device.userId === null ? (
              "none: it registered without a user"
            ) : (
              <UserLink key="user" userId={device.userId} />
            ),
          ],
          ["Messages go to", destinationOf(device)],
          ["Token", <Token key="token" device={device} />],
          ["First registered", <Time key="created" at={device.createdAt} />],
          ["Registered last", <Time key="registered" at={device.registeredAt} />],
          ["Expires", device.expiresAt === null ? "never" : <Time key="expires" at={device.expiresAt} />],
        ]}
      />
    </Card>
  )
}

function Channels({ channels }: { readonly channels: readonly string[] }): ReactNode {
  const { applicationId } = useApplication()
  return (
    <ul className="row">
      {channels.map((channel) => (
        <li key={channel}>
          <Link href={channelPath(applicationId, channel)} className="breakable">
            {channel}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Token({ device: { tokenHash, tokenLength } }: { readonly device: Details }): ReactNode {
  return (
    <>
      <code>{tokenHash}</code>{" "}
      <span className="soft">({countOf(tokenLength, "character")}; the hash is what logs show)</span>
    </>
  )
}

function destinationOf({ delivery }: Details): string {
  if (delivery === null) return "nowhere"
  const provider = delivery.provider.toUpperCase()
  return {
    provider,
    sandbox: `the sandbox, which plays ${provider}`,
    none: "nowhere",
    held: "nobody before the server was started with the right master key",
  }[delivery.to]
}

function RemoveDevice({ device: { deviceId, channels } }: { readonly device: Details }): ReactNode {
  const { applicationId } = useApplication()
  const [isAsking, setAsking] = useState(false)
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const remove = api.useMutation("delete", "/admin/v1/applications/{applicationId}/devices/{deviceId}", {
    onSuccess: async () => {
      say("Removed the device.")
      navigate(applicationPath(applicationId, "/devices"))
      await queries.invalidateQueries()
    },
  })
  const close = () => {
    remove.reset()
    setAsking(false)
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>Remove</Button>
      <Confirm
        isOpen={isAsking}
        onClose={close}
        title={`Remove ${deviceId}?`}
        action="Remove the device"
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { path: { applicationId, deviceId } } })}
      >
        <p>
          It leaves {countOf(channels.length, "channel")} at once, as if its app had cancelled the
          registration. When the app starts again and registers, the device is back.
        </p>
      </Confirm>
    </>
  )
}
